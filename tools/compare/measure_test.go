package main

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
)

func TestPercentile(t *testing.T) {
	var times []time.Duration
	for i := 100; i > 0; i-- {
		times = append(times, time.Duration(i))
	}
	for _, test := range []struct {
		share float64
		want  time.Duration
	}{{0, 1}, {.5, 51}, {.99, 100}, {1, 100}} {
		if got := percentile(times, test.share); got != test.want {
			t.Errorf("%v: got %d, want %d", test.share, got, test.want)
		}
	}
	if times[0] != 100 {
		t.Error("the times were sorted in place")
	}
	if got := percentile(nil, .5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// fake answers every question with what one function returns.
type fake struct {
	answer func(*question) []hit
	closed bool
}

func (f *fake) Load(context.Context, *material) error { return nil }
func (f *fake) Process() int                          { return os.Getpid() }
func (f *fake) Disk(context.Context) int64            { return 3 << 20 }
func (f *fake) About() string                         { return "fake: no settings." }
func (f *fake) Close() error                          { f.closed = true; return nil }
func (f *fake) Ways() []way {
	ask := func(_ context.Context, q *question) ([]hit, error) { return f.answer(q), nil }
	return []way{{"dense", true, ask}, {"words", false, ask}}
}

// some are 40 passages on a circle and questions at two of them.
func some() *material {
	var vectors []corpus.Vector
	for i := range 40 {
		vectors = append(vectors, onCircle(float64(2*i)))
	}
	m := &material{passages: passagesOf(vectors...)}
	for range 150 {
		m.questions = append(m.questions, question{text: "first", dense: onCircle(0)}, question{text: "last", dense: onCircle(78)})
	}
	m.warm = m.questions[:2]
	return m
}

func TestMeasure(t *testing.T) {
	m := some()
	first := &fake{answer: func(*question) (all []hit) { // right for every second question
		for i := range best {
			all = append(all, hit{id(i), "title", "text"})
		}
		return all
	}}
	l, err := load(t.Context(), "fake", first, m)
	if err != nil {
		t.Fatal(err)
	}
	if err := measure(t.Context(), []*loaded{l}, m, newExact(m.passages, m.questions[:100])); err != nil {
		t.Fatal(err)
	}
	dense, words := l.ways[0], l.ways[1]
	if dense.found != 500 || dense.of != 1000 {
		t.Errorf("%d of %d nearest passages were found, want 500 of 1000", dense.found, dense.of)
	}
	if words.of != 0 {
		t.Error("an answer by words has a recall")
	}
	if len(dense.times) != 300 || len(words.times) != 300 || dense.crowd <= 0 || words.crowd <= 0 {
		t.Errorf("%d and %d questions were timed, %v and %v with several callers", len(dense.times), len(words.times), dense.crowd, words.crowd)
	}
	if l.disk != 3<<20 {
		t.Errorf("%d bytes on disk", l.disk)
	}
}

func TestWrongAnswersEndTheRun(t *testing.T) {
	for says, answer := range map[string][]hit{
		"another title or text": {{id(1), "title", ""}},
		"is not in the index":   {{id(1000), "title", "text"}},
		"has 11 passages":       make([]hit, 11),
	} {
		m := some()
		l, err := load(t.Context(), "fake", &fake{answer: func(*question) []hit { return answer }}, m)
		if err != nil {
			t.Fatal(err)
		}
		err = measure(t.Context(), []*loaded{l}, m, newExact(m.passages, nil))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "fake, dense") {
			t.Errorf("want an error with %q, got %v", says, err)
		}
	}
}
