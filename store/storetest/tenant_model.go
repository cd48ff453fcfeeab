package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// tenantModel takes random steps as callers of three tenants and compares every answer
// with maps. The seed is fixed; a failure names the step.
func tenantModel(s *shared) {
	random := rand.New(rand.NewPCG(2026, 12))
	tenants := []string{"", "a", "b"}
	held := map[string]oracle{"": {}, "a": {}, "b": {}}
	for step := range cmp.Or(s.harness.Steps, 2_000) / 2 {
		tenant := tenants[random.IntN(3)]
		o := held[tenant]
		p := corpus.Operator(tenant)
		if random.IntN(2) == 0 {
			p.All, p.Groups = false, []string{[]string{"x", "y"}[random.IntN(2)]}
		}
		c := s.by(p)
		seen := func(e *store.Entry) bool {
			return p.All || len(e.Document.Groups) == 0 || slices.Contains(e.Document.Groups, p.Groups[0])
		}
		visible := oracle{}
		for id, e := range o {
			if seen(&e) {
				visible[id] = e
			}
		}
		ids := slices.Sorted(maps.Keys(visible))
		id := fmt.Sprint("d", random.IntN(12))
		before, exists := o[id]
		switch random.IntN(8) {
		case 0, 1:
			e := entry(id, fmt.Sprint("r", random.IntN(3)), random.IntN(4))
			e.Document.Groups = [][]string{nil, {"x"}, {"y"}, {"x", "y"}}[random.IntN(4)]
			err := c.Put(c.ctx, []store.Entry{e})
			if exists && !seen(&before) {
				if !errors.Is(err, corpus.ErrForbidden) {
					s.Errorf("step %d: put over a hidden document: %v", step, err)
				}
			} else if err != nil {
				s.Errorf("step %d: put: %v", step, err)
			} else {
				o[id] = e
			}
		case 2:
			c.delete(id)
			if exists && seen(&before) {
				delete(o, id)
			}
		case 3:
			if got := c.listed(1 + random.IntN(5)); got != strings.Join(ids, " ") {
				s.Errorf("step %d: %s are listed, want %v", step, got, ids)
			}
		case 4:
			_, err := c.Document(c.ctx, id)
			if sees := exists && seen(&before); sees != (err == nil) || !sees && !errors.Is(err, corpus.ErrNotFound) {
				s.Errorf("step %d: document %s: %v", step, id, err)
			}
		case 5:
			for _, one := range tenants { // ids of all tenants
				guess := corpus.NewChunkID(corpus.TenantKey(one, id), "r0", 0)
				points := c.chunks(store.WithText, guess)
				want := one == tenant && exists && seen(&before) && len(before.Points) > 0 && before.Points[0].Chunk.Revision == "r0"
				if (len(points) > 0) != want {
					s.Errorf("step %d: %d passages of %q, want any: %v", step, len(points), one, want)
				}
			}
		case 6:
			stats, err := c.Stats(c.ctx)
			if err != nil || stats.Documents != len(visible) {
				s.Errorf("step %d: %+v, error %v, want %d documents", step, stats, err, len(visible))
			}
		default:
			arm := store.ArmQuery{Dense: direction(random), Limit: 1 + random.IntN(20)}
			if random.IntN(3) == 0 {
				arm.Filter = nested(random, leafFilters(), 2)
			}
			hits := c.search(arm)
			c.check(visible, arm, visible.plain(hits))
		}
		if s.Failed() {
			s.Fatalf("after step %d as %q with groups %v", step, tenant, p.Groups)
		}
	}
}

// plain returns hits of a tenant with the ids of passages that o has, which follow from
// the ids of documents, in the order that these give.
func (o oracle) plain(hits []store.Hit) []store.Hit {
	hits = slices.Clone(hits)
	for i := range hits {
		if e, held := o[hits[i].DocumentID]; held {
			hits[i].ID = e.Points[hits[i].ID.Ordinal()].Chunk.ID
		}
	}
	slices.SortStableFunc(hits, func(a, b store.Hit) int { return cmp.Or(cmp.Compare(b.Score, a.Score), a.ID.Compare(b.ID)) })
	return hits
}
