package qdrant_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
)

// The graph finds nearly all of the ten best of a tenant, in a collection where most
// passages belong to others.
func TestRecallOfTenantsLive(t *testing.T) {
	const width, tenants, small, large = 64, 20, 100, 12_000
	options := at(live(t))
	options.Alias, options.Layout.IndexFrom = fmt.Sprintf("recall-%d", time.Now().UnixNano()), 100
	options.Pipeline.Dimensions = width
	t.Cleanup(func() { removeAll(t, options) })
	s, err := qdrant.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Create(t.Context(), store.Settings{Pipeline: options.Pipeline, AverageLength: 10}); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	vector := func() corpus.Vector {
		v := make(corpus.Vector, width)
		for i := range v {
			v[i] = float32(random.NormFloat64())
		}
		return v
	}
	for tenant := range tenants {
		n := small
		if tenant < 2 {
			n = large
		}
		var entries []store.Entry
		for i := range n / 10 {
			e := of(fmt.Sprint("t", tenant), fmt.Sprint(i), 7, 10)
			for j := range e.Points {
				e.Points[j].Dense = vector()
			}
			entries = append(entries, e)
		}
		put(t, s, entries...)
	}
	for tenant := range 4 { // two large ones and two small ones
		filter := in(fmt.Sprint("t", tenant))
		found, total := 0, 0
		for range 50 {
			q := vector()
			lists, err := s.Search(t.Context(), []store.ArmQuery{{Dense: q, Limit: 10, Filter: filter}, {Dense: q, Limit: 10, Filter: filter, Exact: true}})
			if err != nil {
				t.Fatal(err)
			}
			best := map[corpus.ChunkID]bool{}
			for _, h := range lists[1] {
				best[h.ID] = true
			}
			total += len(best)
			for _, h := range lists[0] {
				if best[h.ID] {
					found++
				}
			}
		}
		recall := float64(found) / float64(total)
		t.Logf("tenant %d: recall of the ten best %.3f", tenant, recall)
		if total != 500 || recall < 0.98 {
			t.Errorf("tenant %d: %d of %d of the ten best were found", tenant, found, total)
		}
	}
}
