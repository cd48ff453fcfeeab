package training_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/internal/training"
)

// teacher counts what it is asked for, and may fail.
type teacher struct {
	embedder.Embedder
	texts atomic.Int64
	calls atomic.Int64
	fail  func(call int64, texts []string) error
	turn  float32 // mixed into every vector: another model
}

func (t *teacher) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	call := t.calls.Add(1)
	if t.fail != nil {
		if err := t.fail(call, texts); err != nil {
			return embedder.Embeddings{}, err
		}
	}
	t.texts.Add(int64(len(texts)))
	answer, err := t.Embedder.Embed(ctx, role, texts)
	for _, v := range answer.Vectors {
		v[0] += t.turn
		unit(v)
	}
	return answer, err
}

func unit(v corpus.Vector) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	for i := range v {
		v[i] = float32(float64(v[i]) / math.Sqrt(sum))
	}
}

func newTeacher() *teacher { return &teacher{Embedder: hash.New(hash.Options{Dimensions: 64})} }

func asked(e embedder.Embedder, file string) *training.AskedTeacher {
	return training.NewAskedTeacher(e, training.AskedOptions{Cache: file, Batch: 10})
}

func sentences(n int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("sentence %d of river %d", i, i%7)
	}
	return texts
}

// Nothing is asked for twice, within a run and over runs.
func TestAskedOnce(t *testing.T) {
	file, texts := filepath.Join(t.TempDir(), "teacher"), sentences(95)
	first := newTeacher()
	got, err := asked(first, file).Vectors(t.Context(), append(texts, texts[:40]...), 32)
	if err != nil || first.texts.Load() != 95 {
		t.Fatalf("asked for %d texts, want 95; error %v", first.texts.Load(), err)
	}
	second := newTeacher()
	again, err := asked(second, file).Vectors(t.Context(), append(texts, texts[:40]...), 32)
	if err != nil || second.calls.Load() != 0 {
		t.Fatalf("asked again %d times; error %v", second.calls.Load(), err)
	}
	for i := range got {
		if cosine(got[i], again[i]) < 1-1e-6 || len(got[i]) != 32 {
			t.Fatalf("text %d: %v, then %v", i, got[i], again[i])
		}
	}
}

// A run that fails or is killed, even in the middle of a record, goes on
// where it was.
func TestAskedGoesOn(t *testing.T) {
	file, texts := filepath.Join(t.TempDir(), "teacher"), sentences(100)
	stopping := newTeacher()
	stopping.fail = func(call int64, _ []string) error {
		if call > 4 {
			return corpus.ErrUnavailable
		}
		return nil
	}
	if _, err := asked(stopping, file).Vectors(t.Context(), texts, 16); !errors.Is(err, corpus.ErrUnavailable) {
		t.Fatalf("error %v, want the provider's", err)
	}
	data, err := os.ReadFile(file)
	known := (len(data) - bytes.IndexByte(data, '\n') - 1) / (8 + 4 + 64 + 4) // records
	if err != nil || known < 10 {
		t.Fatalf("%d texts known, error %v", known, err)
	}
	altered := slices.Clone(data)
	altered[len(altered)-10] ^= 1
	for name, damage := range map[string]struct {
		data []byte
		lost int
	}{
		"nothing lost":        {data, 0},
		"half a record":       {data[:len(data)-30], 1},
		"an altered record":   {altered, 1},
		"a record of rubbish": {append(slices.Clone(data), make([]byte, 64+16)...), 0},
	} {
		if err := os.WriteFile(file, damage.data, 0o600); err != nil {
			t.Fatal(err)
		}
		e := newTeacher()
		got, err := asked(e, file).Vectors(t.Context(), texts, 16)
		// One text more: the proof that it is still the same model.
		if want := int64(100 - known + damage.lost + 1); err != nil || e.texts.Load() != want {
			t.Errorf("%s: asked for %d texts, want %d; error %v", name, e.texts.Load(), want, err)
		}
		for i, v := range got {
			if v == nil {
				t.Errorf("%s: text %d has no vector", name, i)
			}
		}
	}
}

func TestAskedRecordsItsModel(t *testing.T) {
	file := filepath.Join(t.TempDir(), "teacher")
	if _, err := asked(newTeacher(), file).Vectors(t.Context(), sentences(10), 16); err != nil {
		t.Fatal(err)
	}
	other := newTeacher()
	other.turn = 0.3
	if _, err := asked(other, file).Vectors(t.Context(), sentences(20), 16); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("another model behind the same name: error %v, want one that names the file", err)
	}
	wide := &teacher{Embedder: hash.New(hash.Options{Dimensions: 128})}
	if _, err := asked(wide, file).Vectors(t.Context(), sentences(20), 16); err == nil || !strings.Contains(err.Error(), "128") {
		t.Errorf("another width: error %v", err)
	}
	if _, err := asked(newTeacher(), file).Vectors(t.Context(), sentences(20), 65); err == nil || !strings.Contains(err.Error(), "64 dimensions") {
		t.Errorf("wider than the teacher: error %v", err)
	}
	if err := os.WriteFile(file, []byte("key\tvector\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := asked(newTeacher(), file).Vectors(t.Context(), sentences(20), 16); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("another file: error %v", err)
	}
}

// A text that the model refuses costs its own vector and no other; a model
// that refuses all is an error.
func TestAskedRefused(t *testing.T) {
	texts := sentences(50)
	e := newTeacher()
	e.fail = func(_ int64, some []string) error {
		for _, text := range some {
			if strings.HasPrefix(text, "sentence 23 ") {
				return fmt.Errorf("%w: too long", corpus.ErrInvalid)
			}
		}
		return nil
	}
	file := filepath.Join(t.TempDir(), "teacher")
	for range 2 { // the second reads the file
		got, err := asked(e, file).Vectors(t.Context(), texts, 16)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range got {
			if (v == nil) != (i == 23) {
				t.Errorf("text %d has the vector %v", i, v)
			}
		}
	}
	e.fail = func(int64, []string) error { return corpus.ErrInvalid }
	if _, err := asked(e, filepath.Join(t.TempDir(), "other")).Vectors(t.Context(), texts, 16); !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("all refused: error %v", err)
	}
}

// subspace gives vectors that vary in few directions, hidden in many
// dimensions and far from the middle.
type subspace struct {
	embedder.Embedder
	directions [][]float64
}

func (s subspace) Embed(_ context.Context, _ embedder.Role, texts []string) (answer embedder.Embeddings, err error) {
	for _, text := range texts {
		rng := rand.New(rand.NewPCG(uint64(len(text)), uint64(text[0])<<8+uint64(text[len(text)-1])))
		v := make(corpus.Vector, 64)
		for i := range v {
			v[i] = 0.05 * float32(1+i%3)
		}
		for _, d := range s.directions {
			x := rng.NormFloat64()
			for i := range v {
				v[i] += float32(x * d[i])
			}
		}
		answer.Vectors = append(answer.Vectors, v)
	}
	return answer, nil
}

// Cut to as many dimensions as the vectors vary in, their angles about the
// mean stay as they were.
func TestAskedKeepsTheVariance(t *testing.T) {
	const n, hidden = 400, 8
	rng := rand.New(rand.NewPCG(7, 7))
	s := subspace{Embedder: hash.New(hash.Options{Dimensions: 64})}
	for range hidden {
		d := make([]float64, 64)
		for i := range d {
			d[i] = rng.NormFloat64() / 8
		}
		s.directions = append(s.directions, d)
	}
	var texts []string
	for i := range n {
		texts = append(texts, string(rune('a'+i%26))+strings.Repeat("x", i/26)+string(rune('a'+i%23)))
	}
	got, err := asked(s, filepath.Join(t.TempDir(), "teacher")).Vectors(t.Context(), texts, hidden)
	if err != nil {
		t.Fatal(err)
	}
	whole, _ := s.Embed(t.Context(), embedder.Passage, texts)
	mean := make([]float32, 64)
	for _, v := range whole.Vectors {
		for i, x := range v {
			mean[i] += x / n
		}
	}
	for _, v := range whole.Vectors {
		for i := range v {
			v[i] -= mean[i]
		}
		unit(v)
	}
	for i := range n {
		j := (i*31 + 7) % n
		if a, b := cosine(got[i], got[j]), cosine(whole.Vectors[i], whole.Vectors[j]); math.Abs(a-b) > 0.03 {
			t.Errorf("texts %d and %d: cosine %.3f, want %.3f", i, j, a, b)
		}
	}
}

func cosine(a, b corpus.Vector) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
