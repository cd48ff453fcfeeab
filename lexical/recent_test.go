package lexical_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

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
