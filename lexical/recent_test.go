package lexical_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/lexical"
)

// The profile of a passage is the same whether its words are still there from its
// encoding or not, whatever was encoded in between and by whom.
func TestTheProfileDoesNotDependOnWhatWasEncoded(t *testing.T) {
	used, fresh := lexical.NewAnalyzer(), lexical.NewAnalyzer()
	encoder, plain := lexical.NewEncoder(used, 90), lexical.NewEncoder(lexical.NewAnalyzer(), 90)
	text := func(i int) string {
		return fmt.Sprintf("The %d cooperating Countries of the world. تعاون %d الدول العربية في مجال الحد من الفقر", i, i)
	}
	var callers sync.WaitGroup
	for caller := range 4 {
		callers.Go(func() {
			for i := range 300 {
				n := caller*1000 + i
				encoder.Passage("Title", text(n))
				if i%3 == 0 {
					n = caller * 1000 // encoded long ago, or never
				}
				sparse := plain.Passage("Title", text(n))
				got, want := used.Profile("Title", text(n), sparse), fresh.Profile("Title", text(n), sparse)
				if !bytes.Equal(got, want) {
					t.Errorf("the profile of %q differs", text(n))
				}
			}
		})
	}
	callers.Wait()
}

// The sparse vector of a passage does not depend on the words that were analysed before.
func TestAPassageDoesNotDependOnEarlierWords(t *testing.T) {
	used := lexical.NewEncoder(lexical.NewAnalyzer(), 90)
	texts := []string{
		"WHO says it is for us; who said it is for US?", "The committees met. THE COMMITTEES MET", "للجنة طريق بطريق والطريق وهو هو",
		"ملاحظة: قرآن ٱلْقُرْءَانِ ٱلْعَـٰلَمِينَ", "C++ and e-mail of L'Abbé, G20, 1,000.5 and 東京", "knives knife Knife KNIFE",
	}
	for round := range 3 {
		for i := 0; i < 200; i += 10 { // a fresh analyzer takes milliseconds
			text := fmt.Sprintf("%s w%dx%d %s", texts[i%len(texts)], i, round, texts[(i*7+round)%len(texts)])
			got, want := used.Passage("Title", text), lexical.NewEncoder(lexical.NewAnalyzer(), 90).Passage("Title", text)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q: -want +got\n%s", text, diff)
			}
		}
	}
}
