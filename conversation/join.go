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
	mostWords = 8
	// mostCompared is how many of them passages are compared with, word by word, if the question has words of its own.
	mostCompared = 3
)

// source is a text of the past whose words are added to the question.
type source struct {
	share    float64
	question *lexical.Question // an earlier question; nil: text has to be expanded
	text     func() string
}

// sources lists the texts of the past in descending order of weight.
func (r *Reader) sources(earlier []lexical.Question, past Past, v lexical.Frequencies) []source {
	var all []source
	for i := range earlier {
		all = append(all, source{share: questionShare * math.Pow(decay, float64(i)), question: &earlier[i]})
	}
	for i, c := range past.Cited {
		age := math.Pow(decay, float64(i))
		all = append(all,
			source{share: titleShare * age, text: func() string { return c.Title }},
			source{share: passageShare * age, text: func() string { return r.salient(c, v) }})
	}
	slices.SortStableFunc(all, func(a, b source) int { return cmp.Compare(b.share, a.share) })
	return all
}

// join collects the words of the past that the question does not have, in descending order of
// weight. It reads no text after the last word that is added.
func (r *Reader) join(question *lexical.Question, earlier []lexical.Question, past Past, v lexical.Frequencies) []lexical.Part {
	have := map[uint32]bool{} // dimensions that are asked for
	for _, g := range question.Groups {
		for _, d := range g.Dimensions {
			have[d] = true
		}
	}
	var parts []lexical.Part
	left := mostWords
	for _, s := range r.sources(earlier, past, v) {
		if left == 0 {
			break
		}
		q := s.question
		if q == nil {
			text := s.text()
			if text == "" {
				continue
			}
			expanded := r.expander.Question(text, v, true)
			q = &expanded
		}
		part := lexical.Part{Question: q, Share: s.share}
		for i, g := range q.Groups {
			if left == 0 {
				break
			}
			if len(g.Dimensions) > 0 && have[g.Dimensions[0]] || !r.Says(q.Explanations[i].Word) {
				continue
			}
			for _, d := range g.Dimensions {
				have[d] = true
			}
			part.Groups = append(part.Groups, i)
			left--
		}
		if len(part.Groups) > 0 {
			parts = append(parts, part)
		}
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
