package storetest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

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
