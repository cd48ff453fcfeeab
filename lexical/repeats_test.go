package lexical_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/lexical"
)

// A word is repeated if the text has it twice, however often the title has it.
func TestRepeatsAreThoseOfTheText(t *testing.T) {
	for _, test := range []struct {
		name, title, text string
		want              []string
		second            int // position of the second word
	}{
		{"nowhere", "", "Water runs.", nil, 0},
		{"in the title", "Water, water", "Stones stay.", nil, 0},
		{"in the title and once in the text", "Water, water", "Water runs.", nil, 0},
		{"in the text", "", "Stones stay. Water runs; water falls.", []string{"Water", "water"}, 4},
		{"in both", "Water, WATER", "Stones stay. Water runs; water falls.", []string{"Water", "water"}, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := lexical.NewAnalyzer()
			sparse := lexical.NewEncoder(a, lexical.DefaultAverageLength).Passage(test.title, test.text)
			profile := a.Profile(test.title, test.text, sparse)
			repeats := profile.Repeats(sparse)
			if (len(repeats) > 0) != (len(test.want) > 0) {
				t.Fatalf("repeats %+v, want the words %q", repeats, test.want)
			}
			for _, r := range repeats {
				if r.Second != test.second {
					t.Errorf("the second word is at %d, want %d", r.Second, test.second)
				}
				var got []string
				for _, span := range profile.Repeated(profile.Words(test.text), r) {
					got = append(got, test.text[span.Start:span.End])
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("words (-want +got):\n%s", diff)
				}
			}
		})
	}
}
