package indexer_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/fair"
	"dalil/indexer"
)

// held embeds when the test lets it, and says that it was asked.
type held struct {
	embedder.Embedder
	asked, release chan struct{}
}

func (h held) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	h.asked <- struct{}{}
	<-h.release
	return h.Embedder.Embed(ctx, role, texts)
}

// asking asks questions until the test ends, so that work needs turns.
func asking(t *testing.T, turns *fair.Turns) {
	turns.Ask()
	ticker := time.NewTicker(50 * time.Millisecond)
	ended := make(chan struct{})
	var asker sync.WaitGroup
	asker.Go(func() {
		for {
			select {
			case <-ticker.C:
				turns.Ask()
			case <-ended:
				return
			}
		}
	})
	t.Cleanup(func() {
		ticker.Stop()
		close(ended)
		asker.Wait()
	})
}

// Runs that share turns do one piece of CPU-bound work at a time while questions are asked:
// while one embeds in this process, another does not even parse.
func TestRunsShareTurns(t *testing.T) {
	turns := fair.NewTurns(1)
	asking(t, turns)
	first := newFixture(t)
	slow := held{first.deps.Embedder, make(chan struct{}), make(chan struct{})}
	first.deps.Embedder, first.deps.Turns = slow, turns
	done := make(chan []corpus.Receipt)
	go func() { done <- first.run(t, indexer.Options{}, text("a", "One text.")) }()
	<-slow.asked // for the probe texts of a new collection
	slow.release <- struct{}{}
	<-slow.asked // for the document: it has the turn

	second := newFixture(t)
	second.deps.Turns = turns
	ctx, cancel := context.WithCancel(t.Context())
	raws := make(chan corpus.Raw, 1)
	raws <- text("b", "Another text.")
	close(raws)
	ended := make(chan error, 1)
	var receipts []corpus.Receipt
	go func() {
		ended <- indexer.New(second.deps, indexer.Options{}).Run(ctx, raws, func(_ int, r corpus.Receipt) { receipts = append(receipts, r) })
	}()
	for i := range 5 { // others, without turns, are done long before
		newFixture(t).run(t, indexer.Options{}, text(fmt.Sprint(i), "A text of many."))
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("a run that had no turn: %v", err)
	}
	for _, r := range receipts {
		if r.Outcome != corpus.Failed {
			t.Errorf("without a turn: %+v", r)
		}
	}
	close(slow.release)
	if r := <-done; r[0].Outcome != corpus.Indexed {
		t.Errorf("the first run: %+v", r[0])
	}
}
