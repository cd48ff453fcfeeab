// Package embedtest has the conformance tests of embedder.Embedder. Every adapter
// and every wrapper runs them. Start with [Run].
package embedtest

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
)

// texts are what people send: both languages, mixed, marks, nothing, noise.
var texts = []string{
	"التعاون للحد من الفقر",
	"poverty reduction cooperation",
	"كَتَبَ الطالبُ رسالةً إلى Beijing في ٢٠٢٢",
	"",
	"   \n\t ",
	"!؟…",
	"😀👩‍👩‍👧‍👦",
	"التعاون للحد من الفقر", // again: equal texts have equal vectors
	"\u202bنص\u202c \u200f",
	strings.Repeat("مبادرة التنمية العالمية ", 12), // below the 256 tokens of small models
}

// tolerance bounds the distance of a cosine from 1 for vectors that should be
// the same: batches may be summed in another order by a provider.
const tolerance = 1e-4

// Run proves the laws on what open returns. open is called once per law.
func Run(t *testing.T, open func(t *testing.T) embedder.Embedder) {
	laws := []struct {
		name string
		law  func(*testing.T, embedder.Embedder)
	}{
		{"shape", shape},
		{"order does not matter", order},
		{"equal texts, equal vectors", equal},
		{"no texts", none},
		{"cancelled context", cancelled},
		{"concurrent use", concurrent},
		{"vectors belong to the caller", owned},
		{"invalid UTF-8", invalid},
		{"tokens", tokens},
		{"large batch", large},
	}
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) { l.law(t, open(t)) })
	}
}

func embed(t *testing.T, e embedder.Embedder, role embedder.Role, texts []string) []corpus.Vector {
	t.Helper()
	answer, err := e.Embed(t.Context(), role, texts)
	if err != nil {
		Kind(t, err)
		t.Fatalf("Embed(%v, %d texts): %v", role, len(texts), err)
	}
	if len(answer.Vectors) != len(texts) {
		t.Fatalf("Embed(%v, %d texts) gave %d vectors", role, len(texts), len(answer.Vectors))
	}
	return answer.Vectors
}

func cosine(a, b corpus.Vector) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func shape(t *testing.T, e embedder.Embedder) {
	model := e.Model()
	if model.Name == "" || model.Revision == "" || model.Dimensions <= 0 {
		t.Fatalf("Model() = %+v: wants a name, a revision and a width", model)
	}
	if again := e.Model(); again != model {
		t.Errorf("Model() = %+v, then %+v", model, again)
	}
	for _, role := range []embedder.Role{embedder.Passage, embedder.Query} {
		for i, v := range embed(t, e, role, texts) {
			if len(v) != model.Dimensions {
				t.Fatalf("%v of %q has %d dimensions, want %d", role, texts[i], len(v), model.Dimensions)
			}
			if length := math.Sqrt(cosine(v, v)); math.Abs(length-1) > 1e-3 || math.IsNaN(length) {
				t.Errorf("%v of %q has length %v, want 1", role, texts[i], length)
			}
		}
	}
}

func order(t *testing.T, e embedder.Embedder) {
	forward := embed(t, e, embedder.Passage, texts)
	reversed := slices.Clone(texts)
	slices.Reverse(reversed)
	backward := embed(t, e, embedder.Passage, reversed)
	slices.Reverse(backward)
	for i := range texts {
		if c := cosine(forward[i], backward[i]); c < 1-tolerance {
			t.Errorf("%q: cosine %v between the batch and the reversed batch", texts[i], c)
		}
	}
	if c := cosine(forward[0], forward[1]); c > 0.9999 {
		t.Errorf("%q and %q have the same vector", texts[0], texts[1])
	}
}

func equal(t *testing.T, e embedder.Embedder) {
	batch := embed(t, e, embedder.Query, texts)
	if c := cosine(batch[0], batch[7]); c < 1-tolerance {
		t.Errorf("one text twice in a batch: cosine %v", c)
	}
	for i, text := range texts {
		alone := embed(t, e, embedder.Query, []string{text})
		if c := cosine(batch[i], alone[0]); c < 1-tolerance {
			t.Errorf("%q: cosine %v between the batch and alone", text, c)
		}
	}
}

func none(t *testing.T, e embedder.Embedder) {
	embed(t, e, embedder.Passage, nil)
	embed(t, e, embedder.Query, []string{})
}

func cancelled(t *testing.T, e embedder.Embedder) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, role := range []embedder.Role{embedder.Passage, embedder.Query} {
		answer, err := e.Embed(ctx, role, texts)
		Kind(t, err)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v: Embed with a cancelled context: error %v, want %v", role, err, context.Canceled)
		}
		if len(answer.Vectors) != 0 {
			t.Errorf("%v: a failed call gave %d vectors", role, len(answer.Vectors))
		}
	}
}

func concurrent(t *testing.T, e embedder.Embedder) {
	want := embed(t, e, embedder.Query, texts)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, text := range texts {
				answer, err := e.Embed(t.Context(), embedder.Query, []string{text})
				if err != nil || len(answer.Vectors) != 1 {
					t.Errorf("%q: %d vectors, error %v", text, len(answer.Vectors), err)
					return
				}
				if c := cosine(want[i], answer.Vectors[0]); c < 1-tolerance {
					t.Errorf("%q: cosine %v between one caller and eight", text, c)
				}
			}
		})
	}
	wg.Wait()
}

func owned(t *testing.T, e embedder.Embedder) {
	for _, role := range []embedder.Role{embedder.Passage, embedder.Query} {
		first := embed(t, e, role, texts[:2])
		want := slices.Clone(first[0])
		for i := range first[0] {
			first[0][i] = 7
		}
		if c := cosine(want, embed(t, e, role, texts[:2])[0]); c < 1-tolerance {
			t.Errorf("%v: writing into an answer changed the next one (cosine %v)", role, c)
		}
	}
}

// invalid bytes must not bring an embedder down; refusing them is allowed.
func invalid(t *testing.T, e embedder.Embedder) {
	answer, err := e.Embed(t.Context(), embedder.Passage, []string{"ab\xff\xfe\x80cd \xd8"})
	if err != nil {
		Kind(t, err)
		if !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("invalid UTF-8: error %v, want vectors or %v", err, corpus.ErrInvalid)
		}
		return
	}
	if length := cosine(answer.Vectors[0], answer.Vectors[0]); math.Abs(length-1) > 2e-3 {
		t.Errorf("invalid UTF-8: squared length %v", length)
	}
}

func tokens(t *testing.T, e embedder.Embedder) {
	counter := embedder.TokenCounter(e)
	if counter == nil {
		t.Skip("the adapter does not know its model's tokenizer")
	}
	if got := counter.Tokens(""); got < 0 {
		t.Errorf("Tokens(\"\") = %d", got)
	}
	short, long := counter.Tokens(texts[0]), counter.Tokens(strings.Repeat(texts[0]+" ", 10))
	if short <= 0 || long < 5*short {
		t.Errorf("Tokens = %d for a text and %d for ten of it", short, long)
	}
}

func large(t *testing.T, e embedder.Embedder) {
	var many []string
	for i := range 70 {
		many = append(many, strings.Repeat(texts[i%(len(texts)-1)]+" ", 1+i%3)) // all but the long one
	}
	vectors := embed(t, e, embedder.Passage, many)
	for _, i := range []int{0, 31, 32, 33, 69} {
		if c := cosine(vectors[i], embed(t, e, embedder.Passage, many[i:i+1])[0]); c < 1-tolerance {
			t.Errorf("text %d of %d: cosine %v between the batch and alone", i, len(many), c)
		}
	}
}
