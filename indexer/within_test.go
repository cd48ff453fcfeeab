package indexer_test

import (
	"errors"
	"testing"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/quota"
)

// A document that a quota refuses is not embedded.
func TestWhatAQuotaRefusesIsNotEmbedded(t *testing.T) {
	h := newFixture(t)
	h.deps.Store = quota.New(h.deps.Store, quota.Options{Of: func(string) corpus.Quota { return corpus.Quota{Documents: 1} }})
	if got := h.run(t, indexer.Options{}, text("a", "Rivers cross the city.")); got[0].Outcome != corpus.Indexed {
		t.Fatalf("got %+v", got[0])
	}
	before := h.e.texts
	got := h.run(t, indexer.Options{}, text("b", "Trains cross the river."), text("a", "Roads cross the city."))
	if got[0].Outcome != corpus.Failed || !errors.Is(got[0].Err, corpus.ErrExhausted) || got[1].Outcome != corpus.Indexed {
		t.Errorf("got %+v, want b refused and a written", got)
	}
	if n := h.e.texts - before; n != 1 {
		t.Errorf("%d texts were embedded, want that of a", n)
	}
}
