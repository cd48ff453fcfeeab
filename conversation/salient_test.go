package conversation_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/lexical"
)

// mostSalient is how many words of a passage join a question.
const mostSalient = 2

// salient is the definition of the characteristic words of a passage: the words with the highest tf-idf among those whose
// stems the text has more than once, each in its second spelling, and of equal ones the earlier.
func salient(a *lexical.Analyzer, c conversation.Cited, v lexical.Frequencies) string {
	type word struct {
		text  string
		score float64
	}
	times := map[string]int{}
	var best []word
	for _, t := range a.Terms(c.Text) {
		d := lexical.Hash(t.Stem)
		at, held := slices.BinarySearch(c.Sparse.Dimensions, d)
		if times[t.Stem]++; times[t.Stem] == 2 && held {
			best = append(best, word{c.Text[t.Span.Start:t.Span.End], float64(c.Sparse.Weights[at]) * corpus.IDF(v.Passages(), v.Frequency(d))})
		}
	}
	slices.SortStableFunc(best, func(a, b word) int { return cmp.Compare(b.score, a.score) })
	var words []string
	for _, w := range best[:min(len(best), mostSalient)] {
		words = append(words, w.text)
	}
	return strings.Join(words, " ")
}

// The words that the profile of a passage gives are those of its text, with and without a title.
func TestTheProfileGivesTheWordsOfTheText(t *testing.T) {
	a := lexical.NewAnalyzer()
	encoder := lexical.NewEncoder(a, lexical.DefaultAverageLength)
	x := lexical.NewExpander(a, nil, lexical.ExpandOptions{})
	reader := conversation.NewReader(a, x)
	paths, err := filepath.Glob("../seeds/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal(err, paths)
	}
	v := index{map[uint32]int{}, 0}
	var all []conversation.Cited
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for i := range lines {
			for _, title := range []string{"", lines[0]} {
				c := conversation.Cited{Title: title, Text: strings.Join(lines[i:min(i+4, len(lines))], "\n")}
				c.Sparse = encoder.Passage(title, c.Text)
				if title != "" {
					c.Profile = a.Profile(title, c.Text, c.Sparse)
				}
				for _, d := range c.Sparse.Dimensions {
					v.frequencies[d]++
				}
				v.passages++
				all = append(all, c)
			}
		}
	}
	found := 0
	for _, c := range all {
		got, want := reader.Salient(c, v), salient(a, c, v)
		if got != want {
			t.Errorf("%q instead of %q of %q", got, want, c.Text)
		}
		found += len(strings.Fields(got))
	}
	if found < len(all) {
		t.Errorf("%d words of %d passages, so that this test shows little", found, len(all))
	}
}
