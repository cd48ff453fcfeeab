package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// RunTenants proves the laws of a store that [store.Bound] shares among callers, each in
// a collection of its own that open provides. Every store runs it beside [Run].
func RunTenants(t *testing.T, open func(t *testing.T) Harness) {
	t.Helper()
	laws := []struct {
		name string
		law  func(*shared)
	}{
		{"a call without a principal is refused", nobody},
		{"tenants hold the same ids", sameIDs},
		{"a tenant pages through its documents", tenantPages},
		{"statistics are those of the tenant", tenantStatistics},
		{"a guessed id of another tenant does not exist", guessedIDs},
		{"filters by id name the tenant's documents", tenantFilters},
		{"conditions and versions are those of the tenant", tenantConditions},
		{"kept versions count for the tenant", tenantVersions},
		{"errors name ids", tenantErrors},
		{"groups decide who reads", groupsRead},
		{"what a caller does not see it cannot write", groupsWrite},
		{"a principal's filter restricts reads and writes", principalFilters},
		{"an index without tenants becomes one with tenants", becomesShared},
		{"no ability leads to the shared store", noWayAround},
		{"a model in maps", tenantModel},
	}
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			s := &shared{T: t, harness: open(t), ctx: t.Context()}
			inner, err := s.harness.Open(s.ctx, Pipeline())
			if err != nil {
				t.Fatalf("open: %v", err)
			}
			s.inner, s.bound = inner, store.Bound(inner)
			defer func() {
				if err := s.bound.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}()
			if _, err := inner.Create(s.ctx, Settings()); err != nil {
				t.Fatalf("create: %v", err)
			}
			l.law(s)
		})
	}
}

// shared is a store under test with many callers.
type shared struct {
	*testing.T
	harness      Harness
	ctx          context.Context
	inner, bound store.Store
}

// as returns the store for the operator of a tenant.
func (s *shared) as(tenant string) *collection { return s.by(corpus.Operator(tenant)) }

// member returns the store for a caller of the nameless tenant with groups.
func (s *shared) member(groups ...string) *collection {
	p := corpus.Operator("")
	p.All, p.Groups = false, groups
	return s.by(p)
}

func (s *shared) by(p corpus.Principal) *collection {
	return &collection{T: s.T, Store: &kinded{As(s.bound, p), s.T}, harness: s.harness, ctx: s.ctx}
}

func (s *shared) settle() {
	s.Helper()
	if s.harness.Settle != nil {
		if err := s.harness.Settle(s.ctx, s.inner); err != nil {
			s.Fatalf("settle: %v", err)
		}
	}
}

// forGroups is an entry that lists groups.
func forGroups(id string, groups ...string) store.Entry {
	e := entry(id, "1", 2)
	e.Document.Groups = groups
	return e
}

// found lists the documents that a search finds, in order of ids.
func (c *collection) found(f corpus.Filter) string {
	c.Helper()
	var ids []string
	for _, h := range c.search(everything(f)) {
		ids = append(ids, h.DocumentID)
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}

// listed lists the documents page by page.
func (c *collection) listed(limit int) string {
	c.Helper()
	var ids []string
	for after := ""; ; after = ids[len(ids)-1] {
		page, err := c.Documents(c.ctx, after, limit)
		if err != nil {
			c.Fatalf("documents: %v", err)
		}
		for _, r := range page {
			ids = append(ids, r.Document.ID)
		}
		if len(page) < limit {
			return strings.Join(ids, " ")
		}
	}
}

func nobody(s *shared) {
	s.as("").put(entry("a", "1", 1))
	b, id := s.bound, []corpus.ChunkID{corpus.NewChunkID("a", "1", 0)}
	calls := map[string]func() error{
		"search":       func() error { _, err := b.Search(s.ctx, []store.ArmQuery{everything(corpus.Filter{})}); return err },
		"chunks":       func() error { _, err := b.Chunks(s.ctx, id, 0); return err },
		"vocabulary":   func() error { _, err := b.Vocabulary(s.ctx); return err },
		"settings":     func() error { _, err := b.Settings(s.ctx); return err },
		"documents":    func() error { _, err := b.Documents(s.ctx, "", 1); return err },
		"document":     func() error { _, err := b.Document(s.ctx, "a"); return err },
		"fingerprints": func() error { _, err := b.Fingerprints(s.ctx, []string{"a"}); return err },
		"versions":     func() error { _, err := b.Versions(s.ctx, []string{"a"}); return err },
		"expired":      func() error { _, err := b.Expired(s.ctx, 1); return err },
		"stats":        func() error { _, err := b.Stats(s.ctx); return err },
		"create":       func() error { _, err := b.Create(s.ctx, Settings()); return err },
		"put":          func() error { return b.Put(s.ctx, []store.Entry{entry("b", "1", 1)}) },
		"edit":         func() error { return store.EditDocument(s.ctx, b, store.Edit{Document: corpus.Document{ID: "a"}}) },
		"delete":       func() error { return b.Delete(s.ctx, []string{"a"}) },
		"delete if":    func() error { return b.DeleteIf(s.ctx, []corpus.Deletion{{ID: "a"}}) },
		"published":    func() error { _, err := store.Published(s.ctx, b, id); return err },
		"vectors":      func() error { _, err := store.Vectors(s.ctx, b, id); return err },
		"facets":       func() error { _, err := store.CountFacets(s.ctx, b, id, nil); return err },
	}
	if keeper := store.ProfileKeeperOf(b); keeper != nil {
		calls["profiles"] = func() error { return keeper.Profiles(s.ctx, id, &store.Profiles{}) }
	}
	for name, call := range calls {
		err := call()
		CheckKind(s.T, name, err)
		if err == nil {
			s.Errorf("%s: a call without a principal was answered", name)
		}
	}
	if got := s.as("").listed(10); got != "a" {
		s.Errorf("%s are held, want a", got)
	}
}

func sameIDs(s *shared) {
	tenants := []string{"", "acme", "acme.eu", "b"}
	held := map[string]oracle{}
	for i, tenant := range tenants {
		held[tenant] = oracle{}
		for _, id := range []string{"x", "y", "only-" + tenant} {
			e := entry(id, fmt.Sprint("r", i), 1+i)
			s.as(tenant).put(e)
			held[tenant].put(e)
		}
	}
	s.as("acme").delete("y", "only-b", "only-")
	delete(held["acme"], "y")
	ids := map[corpus.ChunkID]string{}
	for _, tenant := range tenants {
		c := s.as(tenant)
		want := strings.Join(slices.Sorted(maps.Keys(held[tenant])), " ")
		if got := c.listed(2); got != want {
			s.Errorf("%q lists %s, want %s", tenant, got, want)
		}
		if got := c.found(corpus.Filter{}); got != want {
			s.Errorf("%q finds %s, want %s", tenant, got, want)
		}
		for id, e := range held[tenant] {
			r, err := c.Document(c.ctx, id)
			if err != nil || r.Fingerprint != e.Fingerprint || r.Document.ID != id {
				s.Fatalf("%q reads %q: %+v, error %v", tenant, id, r, err)
			}
			whole, err := store.ReadEntry(c.ctx, c.Store, r)
			if err != nil || len(whole.Points) != len(e.Points) {
				s.Fatalf("%q reads %q whole: %d passages, error %v", tenant, id, len(whole.Points), err)
			}
			for i, p := range whole.Points {
				if p.Chunk.Text != e.Points[i].Chunk.Text || p.Chunk.DocumentID != id || p.Chunk.ID != r.ChunkID(i) {
					s.Errorf("%q, %q, passage %d: %+v", tenant, id, i, p.Chunk)
				}
				if other, twice := ids[p.Chunk.ID]; twice {
					s.Errorf("%q and %s have the passage %v", tenant, other, p.Chunk.ID)
				}
				ids[p.Chunk.ID] = tenant
			}
			for _, h := range c.search(store.ArmQuery{Dense: unit(3), Limit: 100, Filter: in(corpus.FieldDocumentID, id)}) {
				if h.DocumentID != id || ids[h.ID] != tenant {
					s.Errorf("%q finds %+v by the id %s", tenant, h, id)
				}
			}
		}
	}
}

func tenantStatistics(s *shared) {
	held := map[string]oracle{"": {}, "a": {}, "b": {}}
	for i := range 24 {
		tenant := []string{"", "a", "b"}[i%3]
		e := entry(fmt.Sprint("d", i), "1", 1+i%4)
		s.as(tenant).put(e)
		held[tenant].put(e)
	}
	s.as("a").delete("d1", "d4")
	delete(held["a"], "d1")
	delete(held["a"], "d4")
	s.settle()
	_, own := s.inner.(store.TenantReader)
	for tenant, o := range held {
		c := s.as(tenant)
		passages, languages, frequency := 0, map[string]int{}, map[uint32]int{}
		for _, e := range o {
			passages += len(e.Points)
			languages[e.Document.Language]++
			for _, p := range e.Points {
				for _, d := range p.Sparse.Dimensions {
					frequency[d]++
				}
			}
		}
		got, err := c.Stats(c.ctx)
		if err != nil || got.Documents != len(o) || got.Passages != passages || !maps.Equal(got.Languages, languages) || got.UpdatedAt.IsZero() {
			s.Errorf("%q counts %+v, error %v, want %d documents, %d passages, languages %v", tenant, got, err, len(o), passages, languages)
		}
		if !own {
			continue
		}
		if got.Terms != len(frequency) {
			s.Errorf("%q counts %d terms, want %d", tenant, got.Terms, len(frequency))
		}
		v, err := c.Vocabulary(c.ctx)
		if err != nil || v.Passages() != passages {
			s.Fatalf("%q: a vocabulary of %d passages, error %v, want %d", tenant, v.Passages(), err, passages)
		}
		for d, n := range frequency {
			if v.Frequency(d) != n {
				s.Errorf("%q: the frequency of %d is %d, want %d", tenant, d, v.Frequency(d), n)
			}
		}
		arm := store.ArmQuery{Sparse: terms(rand.New(rand.NewPCG(1, 2)), 20), Limit: 50}
		if !c.harness.CountsGone {
			c.check(o, arm, o.plain(c.search(arm)))
		}
	}
	if got, err := s.as("none").Stats(s.ctx); err != nil || got.Documents+got.Passages+got.Terms != 0 || len(got.Languages) > 0 {
		s.Errorf("a tenant without documents counts %+v, error %v", got, err)
	}
}

func tenantErrors(s *shared) {
	a := s.as("a")
	a.put(versioned("d", "1", 9), versioned("e", "1", 9))
	stale, unmet := versioned("d", "2", 3), versioned("e", "2", 10)
	unmet.If = corpus.Condition{Absent: true}
	err := a.Put(s.ctx, []store.Entry{stale, unmet})
	var some *store.PutError
	if !errors.As(err, &some) || len(some.Failed) != 2 || !errors.Is(some.Failed["d"], corpus.ErrStale) || !errors.Is(some.Failed["e"], corpus.ErrConflict) {
		s.Fatalf("error %v", err)
	}
	malformed := entry("m", "1", 2)
	malformed.Points[1].Dense = malformed.Points[1].Dense[:3]
	missing := func() error { _, err := a.Document(s.ctx, "none"); return err }
	for name, err := range map[string]error{
		"both": err, "stale": some.Failed["d"], "unmet": some.Failed["e"], "one": a.Put(s.ctx, []store.Entry{stale}),
		"malformed": a.Put(s.ctx, []store.Entry{malformed}), "missing": missing(),
	} {
		if err == nil || strings.Contains(err.Error(), "\x01") || strings.Contains(err.Error(), `\x01`) {
			s.Errorf("%s: error %v", name, err)
		}
	}
	var version *corpus.StaleError
	if err := a.Put(s.ctx, []store.Entry{stale}); !errors.As(err, &version) || version.DocumentID != "d" || version.Held != 9 {
		s.Errorf("error %v", err)
	}
}

// noWayAround: a bound store is no wrapper, and has no ability that is not bound.
func noWayAround(s *shared) {
	b := any(s.bound)
	for name, is := range map[string]func() bool{
		"wrapper":           func() bool { _, is := b.(store.Wrapper); return is },
		"carrier":           func() bool { _, is := b.(store.Carrier); return is },
		"reader of entries": func() bool { _, is := b.(store.EntryReader); return is },
		"deletion log":      func() bool { _, is := b.(store.DeletionLog); return is },
		"counted":           func() bool { _, is := b.(store.Counted); return is },
		"salvager":          func() bool { _, is := b.(store.Salvager); return is },
		"swapper":           func() bool { _, is := b.(store.Swapper); return is },
		"tenant reader":     func() bool { _, is := b.(store.TenantReader); return is },
		"passage filter":    func() bool { _, is := b.(store.PassageFilter); return is },
	} {
		if is() {
			s.Errorf("a bound store is a %s", name)
		}
	}
}
