package app_test

import (
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
)

// Indexers that know nothing of each other share a corpus: together they index
// what one run does, and each document once.
func TestPartitionedRunsAddUpToOne(t *testing.T) {
	var input strings.Builder
	for i := range 200 {
		fmt.Fprintf(&input, "{\"id\":\"news/%d\",\"text\":\"Document %d tells of the harbour and its ships.\"}\n", i, i)
	}
	one := open(t, settings(t, nil))
	index := func(a *app.App, part, of int) indexer.Summary {
		summary, err := a.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: strings.NewReader(input.String()), Part: part, Of: of}, func(corpus.Receipt) {})
		if err != nil || summary.Failed > 0 {
			t.Errorf("part %d of %d: %+v, %v", part, of, summary, err)
		}
		return summary
	}
	index(one, 0, 0)
	c := onQdrant(t, nil)
	var writers sync.WaitGroup
	counts := make([]int, 3)
	for part := range counts {
		a := open(t, c)
		writers.Go(func() { counts[part] = index(a, part+1, len(counts)).Indexed })
	}
	writers.Wait()
	if counts[0]+counts[1]+counts[2] != 200 || min(counts[0], counts[1], counts[2]) < 40 {
		t.Errorf("shares of %v documents, want about a third of 200 each", counts)
	}
	together := open(t, c)
	if got, want := revisions(t, together), revisions(t, one); !maps.Equal(got, want) {
		t.Errorf("%d documents together, %d in one run, or of other revisions", len(got), len(want))
	}
	if summary := index(together, 2, 3); summary.Unchanged != counts[1] {
		t.Errorf("a share run again: %+v, want %d unchanged", summary, counts[1])
	}
	if _, err := one.Index(operator(t), indexer.Request{Paths: []string{"-"}, Part: 4, Of: 3}, nil); err == nil || !strings.Contains(err.Error(), "--partition") {
		t.Errorf("part 4 of 3: got %v", err)
	}
}

func revisions(t *testing.T, a *app.App) map[string]string {
	t.Helper()
	held := map[string]string{}
	for after := ""; ; {
		page, err := a.Documents(operator(t), after, 50)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return held
		}
		for _, d := range page {
			after = d.Document.ID
			held[after] = d.Revision
		}
	}
}
