package static_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/embedder/static"
)

// byStop cuts after every full stop.
func byStop(text string) (spans []corpus.Span) {
	start := 0
	for i := range len(text) {
		if text[i] == '.' || i == len(text)-1 {
			spans = append(spans, corpus.Span{Start: start, End: i + 1})
			start = i + 1
		}
	}
	return spans
}

// onlyScores leaves out what the words of one text say; TestWordsOfAQuery has them.
var onlyScores = cmpopts.IgnoreFields(static.Scores{}, "Together", "Words", "Query")

// naive is the definition of the scores, word by word with Embed alone.
func naive(t testing.TB, e *static.Embedder, query string, texts []string, exponent float64) []static.Scores {
	known := func(text string) []corpus.Vector {
		var vectors []corpus.Vector
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" .,،؟", r) }) {
			if e.Tokens(word) > 0 {
				vectors = append(vectors, embed(t, e, word))
			}
		}
		return vectors
	}
	words := known(query)
	best := make([][]float64, len(texts))
	out := make([]static.Scores, len(texts))
	for i, text := range texts {
		best[i] = make([]float64, len(words))
		for _, v := range known(text) {
			for q, word := range words {
				best[i][q] = max(best[i][q], cosine(word, v))
			}
		}
		first := true
		for _, span := range byStop(text) {
			if s := text[span.Start:span.End]; e.Tokens(s) > 0 && e.Tokens(query) > 0 {
				similarity := float32(cosine(embed(t, e, query), embed(t, e, s)))
				if first || similarity > out[i].Sentence {
					out[i].Sentence, first = similarity, false
				}
			}
		}
	}
	weights, sum := make([]float64, len(words)), 0.0
	for q := range words {
		matches := 0.0
		for i := range texts {
			matches += math.Pow(best[i][q], exponent)
		}
		weights[q] = math.Log(1 + (float64(len(texts))-matches+.5)/(matches+.5))
		sum += weights[q]
	}
	for i := range texts {
		for q := range words {
			out[i].Late += float32(weights[q] / sum * math.Pow(best[i][q], exponent))
		}
	}
	return out
}

func TestScoresAreTheirDefinition(t *testing.T) {
	e := model(t)
	scorers := map[float64]*static.Scorer{
		3: e.NewScorer(static.ScorerOptions{Sentences: byStop}),
		2: e.NewScorer(static.ScorerOptions{Sentences: byStop, Exponent: 2}),
	}
	words := rapid.SampledFrom([]string{
		"trade", "water", "schools", "engineers", "التعاون", "بالتعاون", "المدينة", "النَّهر", "2023", "٢٠٢٣", "xq", "😀", ".", "،", "...",
	})
	texts := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(words, 0, 12).Draw(t, "words"), " ") })
	rapid.Check(t, func(r *rapid.T) {
		query, candidates := texts.Draw(r, "query"), rapid.SliceOfN(texts, 0, 8).Draw(r, "candidates")
		for exponent, scorer := range scorers {
			want := naive(t, e, query, candidates, exponent)
			for range 2 { // the second time passages are remembered
				got, err := scorer.Score(t.Context(), query, candidates)
				if err != nil {
					r.Fatal(err)
				}
				if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-4), cmpopts.EquateEmpty(), onlyScores); diff != "" {
					r.Fatalf("%q of %q, power %v (-want +got):\n%s", query, candidates, exponent, diff)
				}
			}
		}
	})
}

func TestScoreOrdersWhatAnswers(t *testing.T) {
	m := newTiny()
	e, err := static.Load(m.files(t), static.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name    string
		options static.ScorerOptions
		query   string
		texts   []string
		late    []float32
	}{
		{"equal weights", static.ScorerOptions{Weighting: static.Equal}, "a b", []string{"a", "a b", "zzz", ""}, []float32{0.5, 1, 0, 0}},
		{"weights from outside", static.ScorerOptions{IDF: func(context.Context) (func(string) float64, error) {
			return func(w string) float64 { return map[string]float64{"a": 3, "b": 1}[w] }, nil
		}}, "a b", []string{"a", "b"}, []float32{0.75, 0.25}},
		{"weights of 0", static.ScorerOptions{IDF: func(context.Context) (func(string) float64, error) { return func(string) float64 { return 0 }, nil }}, "a b", []string{"a"}, []float32{0}},
		{"lengths of vectors: 1 and 5", static.ScorerOptions{Weighting: static.Length}, "a c", []string{"a"}, []float32{float32(1+5*math.Pow(0.6, 3)) / 6}},
		{"a rare word counts more", static.ScorerOptions{}, "a b", []string{"a", "a", "a", "b"}, nil},
		{"no known word", static.ScorerOptions{}, "zzz ?", []string{"a"}, []float32{0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := e.NewScorer(test.options).Score(t.Context(), test.query, test.texts)
			if err != nil {
				t.Fatal(err)
			}
			if test.late == nil {
				if got[3].Late <= got[0].Late {
					t.Errorf("the rare word scores %v, the common %v", got[3].Late, got[0].Late)
				}
				return
			}
			for i, want := range test.late {
				if math.Abs(float64(got[i].Late-want)) > 1e-5 {
					t.Errorf("%q of %q: %v, want %v", test.query, test.texts[i], got[i].Late, want)
				}
			}
		})
	}
}

func TestScoreUnderConcurrentUse(t *testing.T) {
	e := model(t)
	scorer := e.NewScorer(static.ScorerOptions{Sentences: byStop})
	texts := []string{"the river flooded. twice", "فاض النهر مرتين", strings.Repeat("long text. ", 600), ""}
	want, err := scorer.Score(t.Context(), "flood of the النهر", texts)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				got, err := scorer.Score(t.Context(), "flood of the النهر", texts)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%v, %v, want %v", got, err, want)
				}
				if _, err := scorer.Score(t.Context(), "other", texts[1:]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scorer.Score(ctx, "a", texts); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled call gave %v, want %v", err, context.Canceled)
	}
}

func TestWordsOfAQuery(t *testing.T) {
	e := model(t)
	s := e.NewScorer(static.ScorerOptions{Sentences: byStop, Weighting: static.Equal})
	texts := []string{"trade 2023. water 2023.", "water and trade.", "schools."}
	scores, err := s.Score(t.Context(), "trade, water", texts)
	if err != nil {
		t.Fatal(err)
	}
	words := scores[0].Query
	if diff := cmp.Diff([]corpus.Span{{Start: 0, End: 5}, {Start: 7, End: 12}}, words.Spans); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
	if len(words.Lengths) != 2 || words.Lengths[0] <= 0 {
		t.Errorf("lengths %v, want one above 0 a word", words.Lengths)
	}
	for i, want := range [][]float32{{1, 1}, {1, 1}} {
		if diff := cmp.Diff(want, scores[i].Words, cmpopts.EquateApprox(0, 1e-4)); diff != "" {
			t.Errorf("%q: words (-want +got):\n%s", texts[i], diff)
		}
	}
	if scores[0].Together >= scores[0].Late-.1 {
		t.Errorf("words in two sentences: together %.3f, late %.3f", scores[0].Together, scores[0].Late)
	}
	if diff := scores[1].Together - scores[1].Late; diff < -1e-4 || diff > 1e-4 {
		t.Errorf("words in one sentence: together %.3f, late %.3f", scores[1].Together, scores[1].Late)
	}
}

func TestRareWordsSurprise(t *testing.T) {
	e, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	scores, err := e.NewScorer(static.ScorerOptions{}).Score(t.Context(), "university of Houston, مدينة الموناليزا", []string{"a text"})
	if err != nil {
		t.Fatal(err)
	}
	s := scores[0].Query.Surprisals
	if len(s) != 5 || s[1] < 3 || s[1] > 5 || s[0] < 8 || s[0] > 12 || s[2] < 15 || s[3] < 8 || s[3] > 12 || s[4] < 15 {
		t.Errorf("surprisals %v of a noun, a preposition, a name, a noun and a name", s)
	}
}

// A word without a known letter is like no word: not like others of which nothing is known, either.
func TestWordsWithoutAKnownLetterAreLikeNothing(t *testing.T) {
	e, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	scores, err := e.NewScorer(static.ScorerOptions{}).Score(t.Context(), "שעות פתיחה hours", []string{"הרכבת יוצאת מהנמל", "hours of the harbour", "הרכבת hours"})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]float32{{0, 0, 0}, {0, 0, 1}, {0, 0, 1}} {
		got := scores[i].Words
		if i == 0 {
			got = got[:2]
			want = want[:2]
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-4)); diff != "" {
			t.Errorf("text %d: words (-want +got):\n%s", i, diff)
		}
	}
	if n := len(scores[0].Query.Spans); n != 3 {
		t.Errorf("the query has %d words, want 3", n)
	}
}
