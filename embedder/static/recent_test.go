package static_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"dalil/chunker"
	"dalil/embedder"
	"dalil/embedder/static"
)

// The profile of a text is the same whether its tokens are still there from its embedding
// or not, whatever was embedded in between, before it and after it.
func TestTheProfileDoesNotDependOnWhatWasEmbedded(t *testing.T) {
	used, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := static.Default()
	if err != nil {
		t.Fatal(err)
	}
	o := static.ScorerOptions{Sentences: chunker.Sentences}
	scorer, plain := used.NewScorer(o), fresh.NewScorer(o)
	texts := []string{
		"The committees met. They agreed on %d points! Did they?Yes.They did. ", "التعاون %d بين الدول. الحد من الفقر؟ نعم", "%d", "",
		"東京は首都です。%d人。", "one long line without an end of its sentence and with the number %d in it\nand another line", "bad \xff bytes %d. More.",
	}
	var callers sync.WaitGroup
	for caller := range 4 {
		callers.Go(func() {
			for i := range 210 {
				text := texts[i%len(texts)]
				if strings.Contains(text, "%d") {
					text = fmt.Sprintf(text, caller*1000+i)
				}
				embedded := text
				switch i % 3 {
				case 1:
					embedded = "A title. And more\n" + text
				case 2:
					embedded = "unseparated" + text
				}
				if i%5 > 0 {
					if _, err := used.Embed(context.Background(), embedder.Passage, []string{embedded}); err != nil {
						t.Error(err)
					}
				}
				if got, want := scorer.Profile(text), plain.Profile(text); !bytes.Equal(got, want) {
					t.Errorf("the profile of %q differs", text)
				}
			}
		})
	}
	callers.Wait()
}
