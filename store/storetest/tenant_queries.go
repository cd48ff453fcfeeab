package storetest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

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
