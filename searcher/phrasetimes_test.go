package searcher_test

import (
	"fmt"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
)

// The texts of hundreds of passages are compared with the phrases. Each is divided into words
// once, however many phrases there are. Dividing is most of what is allocated.
func TestManyPhrasesDivideATextOnce(t *testing.T) {
	articles := map[string][]string{}
	for i := range 150 {
		articles[fmt.Sprint("d", i)] = []string{strings.Repeat("River water reaches the sea near old towns and green fields. ", 6) + fmt.Sprint("Town ", i, ".")}
	}
	f := newFixture(t, articles)
	s := searcher.New(f.deps, searcher.Options{})
	allocations := func(phrases ...string) float64 {
		q := corpus.Query{Text: `"` + strings.Join(phrases, `" "`) + `"`, Limit: 3, Syntax: true}
		return testing.AllocsPerRun(3, func() {
			if found := search(t, s, q).Passages; len(found) > 0 {
				t.Fatalf("%d passages have %s", len(found), q.Text)
			}
		})
	}
	missing := "water river" // the words are in every passage, but not together
	one := allocations(missing)
	many := allocations("river water", "water reaches", "the sea", "near old", "old towns", "green fields", "river", "water", "sea", "towns", missing)
	if many > 2*one {
		t.Errorf("%.0f allocations for eleven phrases, %.0f for one", many, one)
	}
}
