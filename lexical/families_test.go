package lexical

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"dalil/corpus"
)

// ranking is an index of short passages that a question is asked by words alone.
type ranking struct {
	expander *Expander
	vectors  []corpus.Sparse
	held     map[uint32]int
}

var builtIn = sync.OnceValues(DefaultLexicon)

func rank(t testing.TB, texts ...string) *ranking {
	t.Helper()
	a := NewAnalyzer()
	lexicon, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	r := &ranking{expander: NewExpander(a, lexicon, ExpandOptions{}), held: map[uint32]int{}}
	e := NewEncoder(a, DefaultAverageLength)
	for _, text := range texts {
		vector := e.Passage("", text)
		r.vectors = append(r.vectors, vector)
		for _, d := range vector.Dimensions {
			r.held[d]++
		}
	}
	return r
}

func (r *ranking) Frequency(d uint32) int { return r.held[d] }
func (r *ranking) Passages() int          { return len(r.vectors) }

// scores are those of the passages for a question, as a store computes them.
func (r *ranking) scores(question string) []float64 {
	q := r.expander.Question(question, r, false)
	scores := make([]float64, len(r.vectors))
	for i, v := range r.vectors {
		for k, d := range q.Sparse.Dimensions {
			if at, ok := slices.BinarySearchFunc(v.Dimensions, d, cmp.Compare[uint32]); ok {
				scores[i] += float64(q.Sparse.Weights[k]) * float64(v.Weights[at]) * corpus.IDF(r.Passages(), r.held[d])
			}
		}
	}
	return scores
}

// family is a line of testdata/arabic-families.txt.
type family struct {
	words []string
	apart bool
}

func families(t testing.TB, file string) (all []family) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if words[0] == "!" {
			all = append(all, family{words[1:], true})
		} else {
			all = append(all, family{words, false})
		}
	}
	return all
}

// judged is what a list of families comes to.
type judged struct {
	found, pairs   int // forms that find each other
	broken, laws   int // of pairs of words that must stay apart
	missed, unlike []string
}

// judge puts every form in a sentence and asks for each by words alone.
func judge(t testing.TB, all []family) (j judged) {
	var texts []string
	for _, f := range all {
		for _, w := range f.words {
			texts = append(texts, "تحدث المقال عن "+w+" في صفحته الأولى")
		}
	}
	r := rank(t, texts...)
	at := 0
	for _, f := range all {
		for i, asked := range f.words {
			scores := r.scores(asked)
			for k, other := range f.words {
				switch {
				case i == k:
				case f.apart:
					j.laws++
					if scores[at+k] >= scores[at+i] {
						j.broken++
						j.unlike = append(j.unlike, asked+"≤"+other)
					}
				default:
					j.pairs++
					if scores[at+k] > 0 {
						j.found++
					} else {
						j.missed = append(j.missed, asked+"→"+other)
					}
				}
			}
		}
		at += len(f.words)
	}
	return j
}

func TestFormsOfAnArabicWordFindEachOther(t *testing.T) {
	all := families(t, "testdata/arabic-families.txt")
	for half, name := range []string{"tuned on", "kept apart"} {
		t.Run(name, func(t *testing.T) {
			var part []family
			for i, f := range all {
				if i%2 == half {
					part = append(part, f)
				}
			}
			j := judge(t, part)
			t.Logf("%d of %d pairs of forms meet, %d of %d laws are broken", j.found, j.pairs, j.broken, j.laws)
			if testing.Verbose() {
				t.Log("missed", j.missed)
				t.Log("unlike", j.unlike)
			}
			if float64(j.found) < 0.97*float64(j.pairs) || j.broken > 0 {
				t.Errorf("want .97 of the pairs and no law broken; missed %v, broken %v", j.missed, j.unlike)
			}
		})
	}
}
