package conversation

import (
	"cmp"
	"math"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
)

// Weights of the words that are added to a question. Each earlier question has half the weight of
// the one after it.
const (
	questionShare = 0.7
	titleShare    = 0.4
	passageShare  = 0.15
	decay         = 0.5
	// mostPassageWords is how many words of a cited passage are added.
	mostPassageWords = 2
	// mostWords is how many words are added altogether.
	mostWords = 16
)

// join collects the words of the past that the question does not have, in descending order of
// weight.
func (r *Reader) join(question *lexical.Question, earlier []lexical.Question, past Past, v lexical.Frequencies) []lexical.Part {
	have := map[uint32]bool{} // dimensions that are asked for
	for _, g := range question.Groups {
		for _, d := range g.Dimensions {
			have[d] = true
		}
	}
	var parts []lexical.Part
	add := func(q *lexical.Question, share float64) {
		part := lexical.Part{Question: q, Share: share}
		for i, g := range q.Groups {
			if len(g.Dimensions) > 0 && have[g.Dimensions[0]] {
				continue
			}
			for _, d := range g.Dimensions {
				have[d] = true
			}
			part.Groups = append(part.Groups, i)
		}
		if len(part.Groups) > 0 {
			parts = append(parts, part)
		}
	}
	for i := range earlier {
		add(&earlier[i], questionShare*math.Pow(decay, float64(i)))
	}
	for i, c := range past.Cited {
		age := math.Pow(decay, float64(i))
		for _, from := range []struct {
			text  string
			share float64
		}{{c.Title, titleShare}, {r.salient(c, v), passageShare}} {
			if from.text != "" {
				q := r.expander.Question(from.text, v, true)
				add(&q, from.share*age)
			}
		}
	}
	slices.SortStableFunc(parts, func(a, b lexical.Part) int { return cmp.Compare(b.Share, a.Share) })
	left := mostWords
	for i := range parts {
		parts[i].Groups = parts[i].Groups[:min(len(parts[i].Groups), left)]
		left -= len(parts[i].Groups)
	}
	return parts
}

// salient returns the characteristic words of a passage, separated by spaces: those that occur in it more than once and
// are rare in the index (tf-idf).
func (r *Reader) salient(c Cited, v lexical.Frequencies) string {
	type word struct {
		text  string
		score float64
	}
	times := map[string]int{}
	var best []word
	for _, t := range r.analyzer.Terms(c.Text) {
		if times[t.Stem]++; times[t.Stem] != 2 {
			continue
		}
		d := lexical.Hash(t.Stem)
		var score float64
		if i, found := slices.BinarySearch(c.Sparse.Dimensions, d); found {
			score = float64(c.Sparse.Weights[i]) * corpus.IDF(v.Passages(), v.Frequency(d))
		}
		best = append(best, word{c.Text[t.Span.Start:t.Span.End], score})
	}
	slices.SortStableFunc(best, func(a, b word) int { return cmp.Compare(b.score, a.score) })
	text := ""
	for _, w := range best[:min(len(best), mostPassageWords)] {
		text += w.text + " "
	}
	return text
}

// Mix adds the vectors of earlier questions, newest first, to the question's vector, weighted by how
// much it depends on them. It returns a vector of unit length.
func Mix(question corpus.Vector, earlier []corpus.Vector, lean float64) corpus.Vector {
	mixed := slices.Clone(question)
	for i, e := range earlier {
		share := float32(lean * questionShare * math.Pow(decay, float64(i)))
		for j := range mixed {
			mixed[j] += share * e[j]
		}
	}
	var square float64
	for _, x := range mixed {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return question
	}
	for j := range mixed {
		mixed[j] = float32(float64(mixed[j]) / math.Sqrt(square))
	}
	return mixed
}
