package searcher_test

import (
	"testing"

	"dalil/corpus"
	"dalil/searcher"
)

// One absent word decides, however many others are there: "when did the river of Houston flood?" is not answered by a
// passage that has all but Houston.
func TestTheLackOfOneWordShowsInTheSigns(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Reranker = exact{}
	s := searcher.New(f.deps, searcher.Options{Relevance: byConcepts(t)})
	signs := func(question string) map[string]float32 {
		answer := search(t, s, corpus.Query{Text: question, Debug: true})
		all := map[string]float32{}
		for _, x := range answer.Passages[0].Signs {
			all[x.Name] = x.Value
		}
		return all
	}
	there, lacks := signs("river floods in spring"), signs("when a river in Houston floods in spring 1987")
	for _, c := range []struct {
		sign         string
		there, lacks float32
	}{
		{"lost", 0, 1},
		{"lost_rare", 0, 1},
		{"second_lost_rare", 0, 1},
		{"absent", 0, 1},
		{"absent_rare", 0, 1},
		{"no_form", 0, .4},
		{"name_lost", 0, 1},
		{"name_lost_meant", 0, 1},
		{"number_lost", 0, 1},
		{"topic", 1, 0},
		{"most_meant", 1, 1},
		{"held_meant", 1, 1},
		{"most_rare", there["most_rare"], 1},
		{"sum_meant", 3, 3},
	} {
		if got := there[c.sign]; got < c.there-.01 || got > c.there+.01 {
			t.Errorf("%s of a question whose words are all there: %.2f, want %.2f", c.sign, got, c.there)
		}
		if got := lacks[c.sign]; got < c.lacks-.01 || got > c.lacks+.01 {
			t.Errorf("%s of a question that names what is not there: %.2f, want %.2f", c.sign, got, c.lacks)
		}
	}
	if there["most_rare"] <= 0 || there["most_rare"] >= 1 || there["sum_rare"] <= 0 {
		t.Errorf("rarity of words that the index contains: %.2f, in sum %.2f", there["most_rare"], there["sum_rare"])
	}
}
