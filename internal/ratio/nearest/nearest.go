// Package nearest computes how near the nearest vectors are to questions, for benchmarks
// of the recall. Start at [New].
package nearest

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"dalil/corpus"
	"dalil/vector"
)

// block is how many vectors are multiplied with all questions at a time.
const block = 2048

// Nearest keeps the scores of the nearest vectors for each question. Products in float32
// choose the vectors whose products are computed in float64, so that the result is that
// of float64 and a million vectors take seconds.
type Nearest struct {
	questions []corpus.Vector
	k, width  int
	packed    []float32   // all questions
	margins   []float64   // how far a product in float32 is from the exact one at most, by question
	best      [][]float64 // the highest scores, descending, at most k, by question

	waiting    []corpus.Vector // vectors that are not compared yet, at most a block
	units      []float32       // the same, of unit length
	products   []float32
	multiplier *vector.Multiplier
}

// New returns one that looks for the k nearest vectors of each question. All vectors have
// the length of the questions.
func New(questions []corpus.Vector, k int) *Nearest {
	n := &Nearest{
		questions: questions, k: k, best: make([][]float64, len(questions)), margins: make([]float64, len(questions)),
		multiplier: vector.NewMultiplier(runtime.GOMAXPROCS(0)),
	}
	for q, v := range questions {
		n.width = len(v)
		n.packed = append(n.packed, v...)
		// A sum of w products is wrong by w roundings at most, relative to the sum of
		// their magnitudes, which is at most the length of the question. This is twice as
		// much, for the roundings of the unit vector.
		n.margins[q] = float64(len(v)+8) * 0x1p-23 * math.Sqrt(inner(v, v))
	}
	return n
}

// Score is the inner product of a question with the direction of a vector, in float64. A
// vector without direction has the score 0.
func Score(question, v corpus.Vector) float64 {
	length := math.Sqrt(inner(v, v))
	if length == 0 {
		return 0
	}
	return inner(question, v) / length
}

// Add compares a vector with all questions. The vector must not change before the next
// call of [Nearest.Scores].
func (n *Nearest) Add(v corpus.Vector) {
	n.waiting = append(n.waiting, v)
	scale := 0.
	if length := math.Sqrt(inner(v, v)); length > 0 {
		scale = 1 / length
	}
	for _, x := range v {
		n.units = append(n.units, float32(float64(x)*scale))
	}
	if len(n.waiting) == block {
		n.compare()
	}
}

// Scores returns the scores of the nearest vectors of a question, the highest first. There
// are k of them, or as many as there are vectors.
func (n *Nearest) Scores(question int) []float64 {
	n.compare()
	return n.best[question]
}

func (n *Nearest) compare() {
	if len(n.waiting) == 0 {
		return
	}
	asked := len(n.questions)
	n.products = slices.Grow(n.products[:0], len(n.waiting)*asked)[:len(n.waiting)*asked]
	n.multiplier.Multiply(n.products, vector.Operand{Data: n.units, Rows: len(n.waiting), Cols: n.width},
		vector.Operand{Data: n.packed, Rows: asked, Cols: n.width, Transposed: true})
	least := make([]float64, asked) // a product below this one is not among the best
	for q := range least {
		least[q] = n.least(q)
	}
	for i, v := range n.waiting {
		for q, product := range n.products[i*asked : (i+1)*asked] {
			if float64(product) < least[q] {
				continue
			}
			n.insert(q, Score(n.questions[q], v))
			least[q] = n.least(q)
		}
	}
	n.waiting, n.units = n.waiting[:0], n.units[:0]
}

func (n *Nearest) least(q int) float64 {
	if len(n.best[q]) < n.k {
		return math.Inf(-1)
	}
	return n.best[q][n.k-1] - n.margins[q]
}

func (n *Nearest) insert(q int, score float64) {
	at, _ := slices.BinarySearchFunc(n.best[q], score, func(a, b float64) int { return cmp.Compare(b, a) })
	n.best[q] = slices.Insert(n.best[q], at, score)
	n.best[q] = n.best[q][:min(len(n.best[q]), n.k)]
}

func inner(a, b corpus.Vector) (sum float64) {
	for i, x := range a {
		sum += float64(x) * float64(b[i])
	}
	return sum
}
