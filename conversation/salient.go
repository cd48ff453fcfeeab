package conversation

import (
	"strings"

	"dalil/corpus"
	"dalil/lexical"
)

// salient returns the characteristic words of a passage, separated by spaces: those that occur in it more than once and
// are rare in the index (tf-idf). The profile of the passage says which may be, so that only few words are analysed.
func (r *Reader) salient(c Cited, v lexical.Frequencies) string {
	if len(c.Profile) == 0 {
		c.Profile = r.analyzer.Profile("", c.Text, c.Sparse)
	}
	repeats := c.Profile.Repeats(c.Sparse)
	dimensions := make([]uint32, len(repeats))
	for i, d := range repeats {
		dimensions[i] = d.Dimension
	}
	held := make([]int, len(repeats))
	lexical.FrequenciesOf(v, dimensions, held)
	scores := make([]float64, len(repeats))
	for i, d := range repeats {
		scores[i] = float64(d.Weight) * corpus.IDF(v.Passages(), held[i])
	}
	var words []string
	for len(words) < mostPassageWords {
		best := -1
		for i, score := range scores {
			if score > 0 && (best < 0 || score > scores[best] || score == scores[best] && repeats[i].Second < repeats[best].Second) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		if word := r.stemmed(c, repeats[best]); word != "" {
			words = append(words, word)
		}
		scores[best] = 0
	}
	return strings.Join(words, " ")
}

// stemmed returns the second word of a passage whose stem has a dimension. A dimension may also be that of a form, or of
// another reading of a word; then it returns nothing.
func (r *Reader) stemmed(c Cited, d lexical.Repeat) string {
	times := 0
	for _, span := range c.Profile.Repeated(c.Text, d) {
		word := c.Text[span.Start:span.End]
		if lexical.Hash(r.analyzer.Stem(word)) != d.Dimension {
			continue
		}
		if times++; times == 2 {
			return word
		}
	}
	return ""
}
