package conversation

import (
	"cmp"
	"slices"
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
	order := make([]int, 0, len(repeats)) // of those with a score
	for i, d := range repeats {
		if scores[i] = float64(d.Weight) * corpus.IDF(v.Passages(), held[i]); scores[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(scores[j], scores[i]), cmp.Compare(repeats[i].Second, repeats[j].Second))
	})
	spans := c.Profile.Words(c.Text)
	var words []string
	for _, i := range order {
		if word := r.stemmed(c, spans, repeats[i]); word != "" {
			if words = append(words, word); len(words) == mostPassageWords {
				break
			}
		}
	}
	return strings.Join(words, " ")
}

// stemmed returns the second word of a passage whose stem has a dimension. A dimension may also be that of a form, or of
// another reading of a word; then it returns nothing. words are all words of the text.
func (r *Reader) stemmed(c Cited, words []corpus.Span, d lexical.Repeat) string {
	times := 0
	for _, span := range c.Profile.Repeated(words, d) {
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
