package searcher

import (
	"context"
	"math"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
)

// Limits of trust. The highest of 50 random scores is at 2.3 standard deviations on
// average, and seldom above 3. Their bimodality is 0.39. See
// docs/decisions/006-ranker.md.
const (
	peakFrom, peakTo       = 3.5, 4.5
	bimodalFrom, bimodalTo = 0.55, 0.75
	mostTrust              = 2.0
)

// longQuestion is from how many words on [Options.LongDense] counts. A shorter question
// is a topic, which words find best, unless it is a sentence.
const longQuestion = 4

// long reports whether a question has at least longQuestion words, or is a sentence: it ends with
// a punctuation mark that ends sentences, which may be inside of quotation marks.
func (r *run) long() bool {
	if len(r.question.Groups) >= longQuestion {
		return true
	}
	text := strings.TrimRight(r.query.Text, " \t\n\"'”’»)")
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".?!؟。？！", last)
}

// trust adds weight to the dense arm if the weights were not measured with this
// model, depending on how clearly its scores separate the candidates of this
// question. A long question adds at least what was measured for the model.
func (r *run) trust(_ context.Context, candidates []candidate) ([]candidate, error) {
	f := r.query.Fusion
	if !r.options.AdaptDense || !r.lexical || r.vector == nil || f.Method != corpus.Mix || f.DenseWeight != nil || f.LexicalWeight != nil {
		return candidates, nil
	}
	best := r.best(candidates)
	r.denseTrust = trustIn(best)
	if r.long() {
		r.denseTrust = max(r.denseTrust, r.options.LongDense)
	}
	if r.denseTrust == 0 {
		return candidates, nil
	}
	for i := range best {
		best[i].final += r.denseTrust * float64(best[i].features[featureDense])
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// trustIn returns 0 for dense scores that look random, and mostTrust if one
// candidate is far above the others or there are two groups of candidates (Sarle's
// bimodality coefficient).
func trustIn(best []candidate) float64 {
	var peak, squares, cubes, fourths float64
	for i := range best {
		x := float64(best[i].features[featureDense])
		peak = max(peak, x)
		squares, cubes, fourths = squares+x*x, cubes+x*x*x, fourths+x*x*x*x
	}
	if squares == 0 || len(best) < leastForTrust {
		return 0
	}
	n := float64(len(best))
	skew := cubes / n / math.Pow(squares/n, 1.5)
	bimodality := (skew*skew + 1) / (fourths / n / (squares / n * squares / n))
	return mostTrust * min(1, max(0, (peak-peakFrom)/(peakTo-peakFrom), (bimodality-bimodalFrom)/(bimodalTo-bimodalFrom)))
}

// leastForTrust is the smallest number of candidates for these statistics.
const leastForTrust = 20
