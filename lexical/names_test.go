package lexical

import (
	"os"
	"strings"
	"testing"
)

// TestNamesFindTheirTwinsByTheirSound counts the spellings in the other script
// that share a skeleton with a name, without any lexicon, and how often two
// names that are no twins do.
func TestNamesFindTheirTwinsByTheirSound(t *testing.T) {
	data, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	a := NewAnalyzer()
	type keys map[string]bool
	of := func(word string) keys {
		k := keys{}
		for _, term := range a.Words(word) {
			for _, key := range skeletons(nil, term.Word, term.Script) {
				k[key] = true
			}
		}
		return k
	}
	type name struct {
		latin  string
		keys   keys
		arabic []string
		twins  []keys
	}
	meet := func(a, b keys) bool {
		for k := range a {
			if b[k] {
				return true
			}
		}
		return false
	}
	var halves [2][]name
	n := 0
	for line := range strings.Lines(string(data)) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		one := name{latin: words[0], keys: of(words[0]), arabic: words[1:]}
		for _, w := range words[1:] {
			one.twins = append(one.twins, of(w))
		}
		halves[n%2] = append(halves[n%2], one)
		n++
	}
	for half, title := range []string{"tuned on", "kept apart"} {
		found, twins, wrong, others := 0, 0, 0, 0
		var missed []string
		for i, x := range halves[half] {
			for j, y := range halves[half] {
				for k, twin := range y.twins {
					switch hit := meet(x.keys, twin); {
					case i == j && hit:
						found++
						twins++
					case i == j:
						twins++
						missed = append(missed, x.latin+" "+y.arabic[k])
					default:
						others++
						if hit {
							wrong++
						}
					}
				}
			}
		}
		share, chance := float64(found)/float64(twins), float64(wrong)/float64(others)
		t.Logf("%s: %d of %d twins (%.3f), %d of %d others meet (%.4f)", title, found, twins, share, wrong, others, chance)
		if testing.Verbose() {
			t.Log(missed)
		}
		if share < 0.95 || chance > 0.006 {
			t.Errorf("%s: %.3f of the twins and %.4f of the others meet; want .95 and at most .006; missed %v", title, share, chance, missed)
		}
	}
}
