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

func tenantPages(s *shared) {
	var names []string
	for i := range 30 {
		id := fmt.Sprintf("d%02d", i)
		names = append(names, id)
		for _, tenant := range []string{"", "a", "m", "z"} {
			if (i+len(tenant))%2 == 0 || tenant == "m" {
				s.as(tenant).put(entry(id, "1", 1))
			}
		}
	}
	every := func(from int) string {
		var some []string
		for i := from; i < len(names); i += 2 {
			some = append(some, names[i])
		}
		return strings.Join(some, " ")
	}
	for tenant, want := range map[string]string{"": every(0), "a": every(1), "m": strings.Join(names, " "), "z": every(1), "none": ""} {
		for _, limit := range []int{1, 4, 15, 1000} {
			if got := s.as(tenant).listed(limit); got != want {
				s.Errorf("%q lists %s in pages of %d, want %s", tenant, got, limit, want)
			}
		}
	}
	page, err := s.as("m").Documents(s.ctx, "d1", 2)
	if err != nil || len(page) != 2 || page[0].Document.ID != "d10" {
		s.Errorf("a page after an id that does not exist: %+v, error %v", page, err)
	}
	got, err := store.Tenants(s.ctx, s.inner)
	if err != nil || strings.Join(got, " ") != "a m z" {
		s.Errorf("the tenants are %v, error %v, want a, m and z", got, err)
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

func guessedIDs(s *shared) {
	theirs := entry("secret", "1", 3)
	s.as("b").put(theirs)
	a, b := s.as("a"), s.as("b")
	a.put(entry("mine", "1", 2))
	r, err := b.Document(s.ctx, "secret")
	if err != nil {
		s.Fatal(err)
	}
	for _, c := range []*collection{a, s.as("")} {
		ids := r.ChunkIDs()
		for with := range store.Fields(32) {
			if points := c.chunks(with, ids...); len(points) > 0 {
				s.Fatalf("fields %d: %+v", with, points)
			}
		}
		arms := []store.ArmQuery{{Dense: unit(1), Limit: 10, IDs: ids}, {Sparse: theirs.Points[0].Sparse, Limit: 10, IDs: ids}}
		found, err := c.Search(c.ctx, arms)
		if err != nil || len(found[0])+len(found[1]) > 0 {
			s.Errorf("a search by ids finds %v, error %v", found, err)
		}
		published, err := store.Published(c.ctx, c.Store, ids)
		vectors, vErr := store.Vectors(c.ctx, c.Store, ids)
		facets, fErr := store.CountFacets(c.ctx, c.Store, ids, []corpus.FacetField{{Kind: corpus.FacetSource}})
		if err != nil || vErr != nil || fErr != nil || len(facets[0]) > 0 {
			s.Errorf("facets %v, errors %v, %v, %v", facets, err, vErr, fErr)
		}
		for i := range ids {
			if !published[i].IsZero() || vectors[i] != nil {
				s.Errorf("passage %d: published %v, vector %v", i, published[i], vectors[i])
			}
		}
		// The key of another tenant's document as an id is the id of none.
		for _, id := range []string{"secret", corpus.TenantKey("b", "secret")} {
			if _, err := c.Document(c.ctx, id); !errors.Is(err, corpus.ErrNotFound) || strings.Contains(err.Error(), "\x01") {
				s.Errorf("document %q: error %v", id, err)
			}
			prints, err := c.Fingerprints(c.ctx, []string{id})
			versions, vErr := c.Versions(c.ctx, []string{id})
			if err != nil || vErr != nil || len(prints)+len(versions) > 0 {
				s.Errorf("%q: fingerprints %v, versions %v, errors %v, %v", id, prints, versions, err, vErr)
			}
			if err := c.Delete(c.ctx, []string{id}); err != nil {
				s.Errorf("delete %q: %v", id, err)
			}
		}
		if err := c.Put(c.ctx, []store.Entry{entry(corpus.TenantKey("b", "secret"), "2", 1)}); c != a && !errors.Is(err, corpus.ErrInvalid) {
			s.Errorf("put under the key of another tenant: %v", err)
		}
	}
	b.holds("after all", "secret", "1")
}

func tenantFilters(s *shared) {
	held := map[string]oracle{"": {}, "a": {}}
	for tenant, o := range held {
		for i := range 12 {
			e := entry(fmt.Sprint("d", i), "of"+tenant, 1+i%2)
			s.as(tenant).put(e)
			o.put(e)
		}
	}
	d := func(ids ...string) corpus.Filter { return in(corpus.FieldDocumentID, ids...) }
	for i, f := range []corpus.Filter{
		d("d1"), d("d1", "d7", "never"), not(d("d1", "d2")),
		{Any: []corpus.Filter{d("d3"), {All: []corpus.Filter{not(d("d4")), in(corpus.FieldLanguage, "en")}}}},
		in(corpus.FieldTenant, "a"), in(corpus.FieldTenant, "b"), not(in(corpus.FieldTenant, "a")),
		d(corpus.TenantKey("a", "d1")), not(d(corpus.TenantKey("a", "d1"))),
	} {
		for tenant := range held {
			c, other := s.as(tenant), "of"
			if tenant == "" {
				other = "ofa"
			}
			hits := c.search(everything(f))
			for _, h := range hits {
				if h.Revision == other {
					s.Errorf("filter %d: %q finds %+v", i, tenant, h)
				}
			}
			if i < 4 { // the others are not of a request
				want := map[string]bool{}
				for id, e := range held[tenant] {
					if f.Match(&e.Document) {
						want[id] = true
					}
				}
				if got := c.found(f); got != strings.Join(slices.Sorted(maps.Keys(want)), " ") {
					s.Errorf("filter %d: %q finds %s, want %v", i, tenant, got, slices.Sorted(maps.Keys(want)))
				}
			}
		}
	}
}

func tenantConditions(s *shared) {
	a, b := s.as("a"), s.as("b")
	a.put(versioned("d", "1", 9))
	e := versioned("d", "2", 3)
	e.If = corpus.Condition{Absent: true}
	b.put(e) // b has no d, and no version of it
	if err := b.Put(s.ctx, []store.Entry{e}); !errors.Is(err, corpus.ErrConflict) {
		s.Errorf("absent, of one: error %v", err)
	}
	e = versioned("d", "3", 4)
	e.If = corpus.Condition{ETag: "content1"}
	if err := b.Put(s.ctx, []store.Entry{e}); !errors.Is(err, corpus.ErrConflict) {
		s.Errorf("the etag of another tenant: error %v", err)
	}
	for c, want := range map[*collection]int64{a: 9, b: 3} {
		if got, err := c.Versions(s.ctx, []string{"d", "none"}); err != nil || len(got) != 1 || got["d"] != want {
			s.Errorf("versions %v, error %v, want %d", got, err, want)
		}
	}
	b.delete("d")
	a.holds("deleted by b", "d", "1")
	if got, err := b.Versions(s.ctx, []string{"d"}); err != nil || got["d"] != 3 {
		s.Errorf("the version of a deleted document: %v, error %v", got, err)
	}
	if got, err := s.as("").Versions(s.ctx, []string{"d"}); err != nil || len(got) > 0 {
		s.Errorf("versions of another tenant: %v, error %v", got, err)
	}
	edit := edited(versioned("d", "1", 9), "x")
	if err := store.EditDocument(s.ctx, b.Store, edit); !errors.Is(err, corpus.ErrNotFound) {
		s.Errorf("edit of another tenant's: error %v", err)
	}
	if err := store.EditDocument(s.ctx, a.Store, edit); err != nil {
		s.Fatal(err)
	}
	if got := a.found(tagged("x")); got != "d" {
		s.Errorf("after an edit %q is found, want d", got)
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

func groupsRead(s *shared) {
	all := []store.Entry{forGroups("a", "x"), forGroups("b", "x", "y"), forGroups("c", "z"), forGroups("d")}
	s.as("").put(all...)
	s.as("other").put(forGroups("o", "x"), forGroups("p"))
	for want, c := range map[string]*collection{
		"a b c d": s.as(""), "a b d": s.member("x"), "b d": s.member("y"), "d": s.member(), "b c d": s.member("y", "z"),
	} {
		if got := c.found(corpus.Filter{}); got != want {
			s.Errorf("%s are found, want %s", got, want)
		}
		if got := c.listed(1); got != want {
			s.Errorf("%s are listed, want %s", got, want)
		}
		seen := strings.Fields(want)
		var ids []corpus.ChunkID
		for _, e := range all {
			id := e.Document.ID
			ids = append(ids, e.Points[1].Chunk.ID)
			_, err := c.Document(c.ctx, id)
			if sees := slices.Contains(seen, id); sees != (err == nil) || !sees && !errors.Is(err, corpus.ErrNotFound) {
				s.Errorf("who sees %s reads %s: error %v", want, id, err)
			}
		}
		for _, with := range []store.Fields{0, store.WithText, store.WithDocument | store.WithHidden} {
			var read []string
			for _, p := range c.chunks(with, ids...) {
				read = append(read, p.Chunk.DocumentID)
				if (p.Document != nil) != (with&store.WithDocument != 0) {
					s.Errorf("fields %d: document %v", with, p.Document)
				}
			}
			if got := strings.Join(read, " "); got != want {
				s.Errorf("passages of %s are read, want %s", got, want)
			}
		}
		prints, err := c.Fingerprints(c.ctx, []string{"a", "b", "c", "d", "e"})
		if got := strings.Join(slices.Sorted(maps.Keys(prints)), " "); err != nil || got != want {
			s.Errorf("fingerprints of %s, error %v, want %s", got, err, want)
		}
		stats, err := c.Stats(c.ctx)
		if err != nil || stats.Documents != len(seen) || stats.Passages != 2*len(seen) {
			s.Errorf("%+v, error %v, want %d documents", stats, err, len(seen))
		}
		vectors, err := store.Vectors(c.ctx, c.Store, ids)
		if err != nil {
			s.Fatal(err)
		}
		for i, e := range all {
			if (vectors[i] != nil) != slices.Contains(seen, e.Document.ID) {
				s.Errorf("who sees %s gets the vector %v of %s", want, vectors[i], e.Document.ID)
			}
		}
	}
	r, err := s.as("").Document(s.ctx, "b")
	if err != nil || strings.Join(r.Document.Groups, " ") != "x y" {
		s.Errorf("the groups are %v, error %v", r.Document.Groups, err)
	}
	// Another group, without another passage.
	e := all[3]
	edit := edited(e, "x")
	edit.Document.Groups = []string{"y"}
	if err := store.EditDocument(s.ctx, s.as("").Store, edit); err != nil {
		s.Fatal(err)
	}
	if x, y := s.member("x").found(corpus.Filter{}), s.member("y").found(corpus.Filter{}); x != "a b" || y != "b d" {
		s.Errorf("after an edit: x finds %s, y finds %s", x, y)
	}
}

func groupsWrite(s *shared) {
	hidden := forGroups("hidden", "x")
	hidden.Fingerprint = store.Fingerprint("content", Pipeline())
	s.as("").put(hidden, forGroups("open"))
	c := s.member("y")
	again := entry("hidden", "2", 1)
	if err := c.Put(s.ctx, []store.Entry{again}); !errors.Is(err, corpus.ErrForbidden) {
		s.Errorf("put over a hidden document: error %v", err)
	}
	err := c.Put(s.ctx, []store.Entry{again, forGroups("new", "y"), entry("open", "2", 3)})
	var some *store.PutError
	if !errors.As(err, &some) || len(some.Failed) != 1 || !errors.Is(some.Failed["hidden"], corpus.ErrForbidden) {
		s.Errorf("put of three: error %v, want that of hidden", err)
	}
	for name, d := range map[string]corpus.Deletion{
		"an etag": {ID: "hidden", If: corpus.Condition{ETag: "content"}}, "any": {ID: "hidden", If: corpus.Condition{ETag: corpus.AnyETag}},
	} {
		missing := d
		missing.ID = "none!!"
		got, want := c.DeleteIf(s.ctx, []corpus.Deletion{d}), c.DeleteIf(s.ctx, []corpus.Deletion{missing})
		if !errors.Is(got, corpus.ErrConflict) || want == nil || got.Error() != strings.ReplaceAll(want.Error(), "none!!", "hidden") {
			s.Errorf("delete with %s: error %v, want %v", name, got, want)
		}
	}
	late := int64(1 << 62)
	if err := c.DeleteIf(s.ctx, []corpus.Deletion{{ID: "hidden", SourceVersion: &late}, {ID: "none", SourceVersion: &late}}); err != nil {
		s.Errorf("deletion of what the caller does not see: error %v", err)
	}
	if got, err := s.as("").Versions(s.ctx, []string{"hidden", "none"}); err != nil || len(got) > 0 {
		s.Errorf("after it, the versions are %v, error %v, want none", got, err)
	}
	c.delete("hidden", "none")
	edit := edited(hidden, "x")
	edit.If = corpus.Condition{}
	if err := store.EditDocument(s.ctx, c.Store, edit); !errors.Is(err, corpus.ErrNotFound) {
		s.Errorf("edit: error %v", err)
	}
	s.as("").holds("after all", "hidden", "1")
	s.as("").holds("written", "new", "1")
	s.as("").holds("replaced", "open", "2")
	c.delete("open")
	s.as("").holds("deleted", "open", "")
}

func principalFilters(s *shared) {
	p := corpus.Operator("a")
	p.Filter = corpus.Filter{Any: []corpus.Filter{in(corpus.FieldSource, "feed/ours"), in(corpus.FieldDocumentID, "special")}}
	c, all := s.by(p), s.as("a")
	of := func(id, source string) store.Entry {
		e := entry(id, "1", 2)
		e.Document.Source = source
		return e
	}
	all.put(of("1", "feed/ours"), of("2", "feed/theirs"), of("special", "feed/theirs"))
	s.as("").put(of("special", "x"), of("3", "feed/ours"))
	if found, listed := c.found(corpus.Filter{}), c.listed(2); found != "1 special" || listed != "1 special" {
		s.Errorf("%s are found and %s listed, want 1 and special", found, listed)
	}
	if got := c.found(not(in(corpus.FieldSource, "feed/theirs"))); got != "1" {
		s.Errorf("%s are found with a filter, want 1", got)
	}
	for id, want := range map[string]corpus.Kind{"4": "", "5": corpus.ErrForbidden, "2": corpus.ErrForbidden} {
		source := "feed/ours"
		if id == "5" {
			source = "feed/theirs"
		}
		if err := c.Put(s.ctx, []store.Entry{of(id, source)}); corpus.KindOf(err) != want {
			s.Errorf("put %s: error %v, want %q", id, err, want)
		}
	}
	edit := edited(of("1", ""), "x")
	edit.If, edit.Document.Source = corpus.Condition{}, "feed/theirs"
	if err := store.EditDocument(s.ctx, c.Store, edit); !errors.Is(err, corpus.ErrForbidden) {
		s.Errorf("edit out of the filter: error %v", err)
	}
	edit.Document.Source = "feed/ours"
	if err := store.EditDocument(s.ctx, c.Store, edit); err != nil {
		s.Errorf("edit: %v", err)
	}
	c.delete("2", "4")
	if got := all.listed(10); got != "1 2 special" {
		s.Errorf("%s are left, want 1 2 special", got)
	}
}

func becomesShared(s *shared) {
	held := oracle{}
	for i := range 5 {
		e := entry(fmt.Sprint("d", i), "1", 2)
		s.as("").put(e)
		held.put(e)
	}
	arm := store.ArmQuery{Sparse: terms(rand.New(rand.NewPCG(5, 5)), 20), Limit: 100}
	for _, change := range []func(){
		func() {},
		func() { s.as("t").put(entry("d1", "2", 40)) },
		func() { s.as("").put(forGroups("hidden", "x")) },
		func() { s.as("t").delete("d1") },
		func() { s.as("").delete("hidden") },
	} {
		change()
		s.settle()
		c := s.member()
		if c.harness.CountsGone {
			c.gone = &written{}
		}
		want := strings.Join(slices.Sorted(maps.Keys(held)), " ")
		if found, listed := c.found(corpus.Filter{}), c.listed(3); found != want || listed != want {
			s.Errorf("%s are found and %s listed, want %s", found, listed, want)
		}
		for _, h := range c.search(arm) {
			if _, ours := held[h.DocumentID]; !ours || h.Revision != "1" {
				s.Errorf("found %+v", h)
			}
		}
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
