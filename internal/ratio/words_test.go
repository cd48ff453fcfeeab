package ratio

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dalil/lexical"
	"dalil/store"
	"dalil/store/local"
)

// BenchmarkWords measures what words cost a question, in this process: the expansion of the
// question, and the search of the lexical arm. The index is that of BenchmarkQuestions in
// DALIL_TEST_KEEP. Between the questions of "cold", 64 MiB of other memory are written, as
// other work of a server displaces the index from the caches of the processor.
func BenchmarkWords(b *testing.B) {
	w := openWords(b, keptIndex(b))
	var other []byte
	for _, state := range []string{"warm", "cold"} {
		for _, step := range []struct {
			name string
			do   func(question int)
		}{{"expand", w.expand}, {"search", w.search}} {
			b.Run(state+"/"+step.name, func(b *testing.B) {
				b.ReportAllocs()
				var times []time.Duration
				for b.Loop() {
					for i := 0; i < len(other); i += 64 {
						other[i]++
					}
					began := time.Now()
					step.do(len(times) % len(w.questions))
					times = append(times, time.Since(began))
				}
				slices.Sort(times)
				for _, percent := range []int{50, 90, 99} {
					b.ReportMetric(float64(times[len(times)*percent/100].Nanoseconds())/1000, fmt.Sprintf("p%d-µs", percent))
				}
			})
		}
		other = make([]byte, 64<<20)
	}
}

// words asks an index by words.
type words struct {
	b         *testing.B
	store     *local.Store
	expander  *lexical.Expander
	questions []string
	arms      []store.ArmQuery
}

func openWords(b *testing.B, data string) *words {
	settings, err := local.Peek(b.Context(), data)
	if err != nil {
		b.Fatal(err)
	}
	s, err := local.Open(b.Context(), local.Options{Dir: data, Pipeline: settings.Pipeline, ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	lexicon, err := lexical.DefaultLexicon()
	if err != nil {
		b.Fatal(err)
	}
	text := naturalText(b)
	w := &words{b: b, store: s, expander: lexical.NewExpander(lexical.NewAnalyzer(), lexicon, lexical.ExpandOptions{})}
	w.questions = text.Questions(number(b, "DALIL_TEST_QUESTIONS", 2000))
	w.arms = make([]store.ArmQuery, len(w.questions))
	for i := range w.questions {
		w.expand(i)
	}
	return w
}

func (w *words) expand(i int) {
	v, err := w.store.Vocabulary(w.b.Context())
	if err != nil {
		w.b.Fatal(err)
	}
	w.arms[i] = store.ArmQuery{Sparse: w.expander.Question(w.questions[i], v, false).Sparse, Limit: 200}
}

func (w *words) search(i int) {
	if _, err := w.store.Search(w.b.Context(), w.arms[i:i+1]); err != nil {
		w.b.Fatal(err)
	}
}
