package qdrant_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// of returns a document of a tenant that contains one term, in so many passages.
func of(tenant, id string, term uint32, passages int, groups ...string) store.Entry {
	e := document(corpus.TenantKey(tenant, id), "1", passages)
	e.Document.Groups = groups
	for i := range e.Points {
		e.Points[i].Sparse = corpus.Sparse{Dimensions: []uint32{term}, Weights: []float32{1}}
	}
	return e
}

// in is a filter that is bound to a tenant, and to readers if there are any.
func in(tenant string, readers ...string) corpus.Filter {
	if tenant == "" {
		tenant = corpus.Everyone
	}
	f := corpus.Filter{In: &corpus.In{Field: corpus.FieldTenant, Values: []string{tenant}}}
	if readers == nil {
		return f
	}
	return corpus.Filter{All: []corpus.Filter{f, {In: &corpus.In{Field: corpus.FieldReader, Values: readers}}}}
}

func found(t *testing.T, s store.Store, arms ...store.ArmQuery) (ids []string) {
	t.Helper()
	lists, err := s.Search(t.Context(), arms)
	if err != nil {
		t.Fatal(err)
	}
	for _, hits := range lists {
		for _, h := range hits {
			ids = append(ids, h.DocumentID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func dense(f corpus.Filter) store.ArmQuery {
	return store.ArmQuery{Dense: corpus.Vector{1, 0, 0, 0}, Limit: 100, Filter: f}
}

func sparse(f corpus.Filter, terms ...uint32) store.ArmQuery {
	w := make([]float32, len(terms))
	for i := range w {
		w[i] = 1
	}
	return store.ArmQuery{Sparse: corpus.Sparse{Dimensions: terms, Weights: w}, Limit: 100, Filter: f}
}

func put(t *testing.T, s store.Store, entries ...store.Entry) {
	t.Helper()
	if err := s.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
}

// A search that is bound to a tenant finds its documents, also in a process that met
// no other tenant before.
func TestTenantsAreFoundApart(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at()) // has "a"
		early := opened(t, p.at())
		put(t, s, of("news", "a", 7, 2), of("news", "b", 7, 1), of("sport", "a", 7, 40), of("", "c", 7, 1))
		for _, one := range []*qdrant.Store{early, s} {
			for tenant, want := range map[string][]string{
				"": {"a", "c"}, "news": {"\x01news\x01a", "\x01news\x01b"}, "sport": {"\x01sport\x01a"}, "none": nil,
			} {
				q := dense(in(tenant))
				q.Limit = 8 // the others' passages would crowd it out
				if tenant == "sport" {
					q.Limit = 100
				}
				if diff := cmp.Diff(want, found(t, one, q)); diff != "" {
					t.Errorf("tenant %q, dense (-want +got):\n%s", tenant, diff)
				}
				if tenant == "" {
					want = []string{"c"} // a has another term
				}
				if diff := cmp.Diff(want, found(t, one, sparse(in(tenant), 7))); diff != "" {
					t.Errorf("tenant %q, lexical (-want +got):\n%s", tenant, diff)
				}
			}
		}
	})
}

// Passages that are asked for by id are scored only in their tenant.
func TestTenantsByID(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		put(t, s, of("news", "a", 7, 1))
		q := dense(in(""))
		q.IDs = []corpus.ChunkID{corpus.NewChunkID("a", "1", 0), corpus.NewChunkID("\x01news\x01a", "1", 0)}
		if diff := cmp.Diff([]string{"a"}, found(t, s, q)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		q.Filter = in("news")
		if diff := cmp.Diff([]string{"\x01news\x01a"}, found(t, s, q)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Groups restrict a search, and so does an edit that changes them.
func TestGroupsRestrict(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		put(t, s, of("", "staff", 7, 1, "staff", "board"), of("", "board", 7, 1, "board"), of("news", "open", 7, 1))
		check := func(want []string, readers ...string) {
			t.Helper()
			if diff := cmp.Diff(want, found(t, s, dense(in("", append(readers, corpus.Everyone)...)))); diff != "" {
				t.Errorf("readers %v (-want +got):\n%s", readers, diff)
			}
		}
		check([]string{"a"})
		check([]string{"a", "staff"}, "staff")
		check([]string{"a", "board", "staff"}, "board", "x")
		d, err := s.Document(t.Context(), "staff")
		if err != nil || !slices.Equal(d.Document.Groups, []string{"staff", "board"}) {
			t.Fatalf("the document has groups %v, %v", d.Document.Groups, err)
		}
		d.Document.Groups = []string{"board"}
		if err := s.Edit(t.Context(), store.Edit{Document: d.Document, Content: "2"}); err != nil {
			t.Fatal(err)
		}
		check([]string{"a"}, "staff")
		d.Document.Groups = nil
		if err := s.Edit(t.Context(), store.Edit{Document: d.Document, Content: "3"}); err != nil {
			t.Fatal(err)
		}
		check([]string{"a", "staff"})
	})
}

// Listings, counts and term counts are those of the tenant.
func TestTenantsAreCountedApart(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		other := opened(t, p.at())
		long := strings.Repeat("n", corpus.MaxTenantBytes-1)
		var want []string
		for i, tenant := range []string{"a", "ab", "news", long + "1", long + "2", ""} {
			for n := range 3 {
				e := of(tenant, fmt.Sprint("doc/", n), uint32(100+i), n+1)
				put(t, s, e)
				want = append(want, e.Document.ID)
			}
		}
		want = append(want, "a")
		slices.Sort(want)
		for _, page := range []int{1, 2, 4, 100} {
			if diff := cmp.Diff(want, listed(t, s, page)); diff != "" {
				t.Errorf("all, in pages of %d (-want +got):\n%s", page, diff)
			}
		}
		for _, tenant := range []string{long + "1", "ab"} {
			var got []string
			for after := ""; ; {
				infos, err := s.TenantDocuments(t.Context(), tenant, after, 2)
				if err != nil {
					t.Fatal(err)
				}
				for _, info := range infos {
					_, after = corpus.SplitKey(info.Document.ID)
					got = append(got, after)
				}
				if len(infos) < 2 {
					break
				}
			}
			if diff := cmp.Diff([]string{"doc/0", "doc/1", "doc/2"}, got); diff != "" {
				t.Errorf("documents of %s (-want +got):\n%s", tenant, diff)
			}
		}
		names, err := other.Tenants(t.Context())
		if diff := cmp.Diff([]string{"a", "ab", "news", long + "1", long + "2"}, names); diff != "" || err != nil {
			t.Errorf("tenants: %v (-want +got):\n%s", err, diff)
		}
		stats, err := other.TenantStats(t.Context(), "ab")
		if err != nil || stats.Documents != 3 || stats.Passages != 6 || stats.UpdatedAt.IsZero() {
			t.Errorf("stats of ab: %+v, %v", stats, err)
		}
		for i, tenant := range []string{"a", "ab"} {
			v, err := s.TenantVocabulary(t.Context(), tenant)
			if err != nil {
				t.Fatal(err)
			}
			if v.Passages() != 6 || v.Frequency(uint32(100+i)) != 6 || v.Frequency(uint32(101-i)) != 0 || v.Frequency(1) != 0 {
				t.Errorf("%s: %d passages, term %d of them, other terms %d and %d", tenant, v.Passages(), v.Frequency(uint32(100+i)), v.Frequency(uint32(101-i)), v.Frequency(1))
			}
		}
		v, err := s.Vocabulary(t.Context())
		if err != nil || v.Passages() != 9 || v.Frequency(100) != 0 {
			t.Errorf("the tenant without a name: %d passages, %d with the term of another, %v", v.Passages(), v.Frequency(100), err)
		}
	})
}

// Another process reads a tenant's term counts where they are stored.
func TestTermCountsOfTenantsAreStored(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		put(t, s, of("news", "a", 7, 3), of("news", "b", 8, 1))
		if err := s.Delete(t.Context(), []string{"\x01news\x01b"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		v, err := opened(t, p.at()).TenantVocabulary(t.Context(), "news")
		if err != nil || v.Passages() != 3 || v.Frequency(7) != 3 || v.Frequency(8) != 0 {
			t.Errorf("%d passages, %d and %d, %v", v.Passages(), v.Frequency(7), v.Frequency(8), err)
		}
	})
}

// From 1.19 on, the weight of a word depends on the tenant's own passages only.
func TestWeightsAreTheTenantsOwn(t *testing.T) {
	score := func(version string, others int) float32 {
		s := opened(t, at(standin.Start(t, standin.Options{Version: version}).Address()))
		put(t, s, of("news", "a", 7, 1), of("news", "b", 8, 1))
		for i := range others {
			put(t, s, of("sport", fmt.Sprint(i), 7, 1))
		}
		lists, err := s.Search(t.Context(), []store.ArmQuery{sparse(in("news"), 7)})
		if err != nil || len(lists[0]) != 1 {
			t.Fatal(lists, err)
		}
		return lists[0][0].Score
	}
	want := float32(math.Log(1 + (2-1+0.5)/(1+0.5)))
	for _, others := range []int{0, 20} {
		if got := score(perTenant, others); math.Abs(float64(got-want)) > 1e-6 {
			t.Errorf("with %d documents of another tenant the score is %g, want %g", others, got, want)
		}
	}
	if score("1.18.3", 0) == score("1.18.3", 20) {
		t.Error("a server before 1.19 weighs words by the whole collection, as docs/security.md says; the scores are equal")
	}
}

// The weights of the tenant without a name are its own soon after another process wrote
// the first document of a named tenant.
func TestFirstTenantOfAnotherProcessIsNoticed(t *testing.T) {
	options := at(standin.Start(t, standin.Options{Version: perTenant}).Address())
	writer := opened(t, options)
	put(t, writer, of("", "c", 7, 1)) // beside "a", which has three passages without the term
	options.RefreshVocabulary = 20 * time.Millisecond
	reader, err := qdrant.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	for i := range 20 {
		put(t, writer, of("sport", fmt.Sprint(i), 9, 1))
	}
	want := math.Log(1 + (4-1+0.5)/(1+0.5))
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		lists, err := reader.Search(t.Context(), []store.ArmQuery{sparse(in(""), 7)})
		if err != nil || len(lists[0]) != 1 {
			t.Fatal(lists, err)
		}
		if got := float64(lists[0][0].Score); math.Abs(got-want) < 1e-6 {
			return
		} else if time.Now().After(until) {
			t.Fatalf("the score is %g, want %g", got, want)
		}
	}
}

// A tenant without documents leaves nothing behind but the ids of deleted documents.
func TestTenantIsErased(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		put(t, s, of("news", "a", 7, 3), of("sport", "a", 7, 3))
		wrong(t, "with documents", s.EraseTenant(t.Context(), "news"), corpus.ErrRefusedState, "1 documents")
		if err := s.Delete(t.Context(), []string{"\x01news\x01a"}); err != nil {
			t.Fatal(err)
		}
		if err := s.EraseTenant(t.Context(), "news"); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		left := map[string]int{}
		points, err := p.client.Scroll(context.Background(), &sdk.ScrollPoints{
			CollectionName: s.Collection(), Limit: sdk.PtrOf(uint32(1000)), WithPayload: sdk.NewWithPayload(true),
			Filter: &sdk.Filter{Must: []*sdk.Condition{sdk.NewMatchKeyword("tenant", "news")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, point := range points {
			left[point.GetPayload()["kind"].GetStringValue()]++
		}
		if diff := cmp.Diff(map[string]int{"deleted": 1}, left); diff != "" {
			t.Errorf("left of the tenant (-want +got):\n%s", diff)
		}
	})
}

// A collection of an earlier version gets the indexes of access when it is opened, and
// its documents are of the tenant without a name and for everyone.
func TestOldCollectionGetsIndexes(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		for _, field := range []string{"groups", "tenant"} {
			if _, err := p.client.DeleteFieldIndex(t.Context(), &sdk.DeleteFieldIndexCollection{CollectionName: s.Collection(), FieldName: field, Wait: sdk.PtrOf(true)}); err != nil {
				t.Fatal(err)
			}
		}
		reader, err := qdrant.OpenReading(t.Context(), p.at())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { reader.Close() })
		info, err := p.client.GetCollectionInfo(t.Context(), s.Collection())
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"groups", "tenant"} {
			if _, held := info.GetPayloadSchema()[field]; !held {
				t.Errorf("%s has no index", field)
			}
		}
		if diff := cmp.Diff([]string{"a"}, found(t, reader, dense(in("", corpus.Everyone)))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// Kept means what it means for every store, which reads the documents.
func TestKept(t *testing.T) {
	everywhere(t, func(t *testing.T, p place) {
		s := opened(t, p.at())
		put(t, s, of("news", "a", 7, 2, "staff"), of("news", "b", 7, 1), of("", "c", 7, 1, "staff"))
		ids := []corpus.ChunkID{
			corpus.NewChunkID("\x01news\x01b", "1", 0), corpus.NewChunkID("a", "1", 2), corpus.NewChunkID("a", "1", 3), corpus.NewChunkID("a", "9", 0),
			corpus.NewChunkID("\x01news\x01a", "1", 1), corpus.NewChunkID("none", "1", 0), corpus.NewChunkID("c", "1", 0), corpus.NewChunkID("\x01news\x01a", "1", 0),
		}
		kept := 0
		for i, f := range []corpus.Filter{
			{},
			in(""), in("news"), in("none"), in("news", corpus.Everyone), in("news", "staff"), in("", "staff", corpus.Everyone),
			{In: &corpus.In{Field: corpus.FieldReader, Values: []string{"staff"}}},
			{Not: &corpus.Filter{In: &corpus.In{Field: corpus.FieldTenant, Values: []string{"news"}}}},
		} {
			want, err := store.Kept(t.Context(), struct{ store.Reader }{s}, ids, f)
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Kept(t.Context(), ids, f)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("filter %d: %v (-want +got):\n%s", i, err, diff)
			}
			if slices.Contains(got, true) {
				kept++
			}
		}
		if kept != 8 {
			t.Errorf("%d filters keep something, want 8", kept)
		}
	})
}
