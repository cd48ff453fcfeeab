package storetest

import (
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// profiler makes profiles that name what they are made of.
type profiler struct{ name string }

func (p profiler) ProfileName() string { return p.name }

func (p profiler) Profile(point *store.Point) []byte {
	return fmt.Appendf(nil, "%s|%s|%s|%x", p.name, point.Document.Title, point.Chunk.Text, point.Sparse.Dimensions)
}

// profiles: what a [store.ProfileKeeper] returns is the profile of that very
// passage, whatever was replaced; what is gone has none.
func profiles(c *collection) {
	keeper := store.ProfileKeeperOf(c.Store)
	if keeper == nil {
		c.Skip("the store keeps no profiles")
	}
	c.create()
	before := entry("before", "1", 3)
	c.put(before)
	by := profiler{"one"}
	keeper.KeepProfiles(by)
	first, second, replaced := entry("a", "1", 4), entry("b", "1", 2), entry("a", "2", 3)
	c.put(first, second)
	c.put(replaced)
	check := func(by profiler, complete bool, entries ...store.Entry) {
		c.Helper()
		ids := []corpus.ChunkID{corpus.NewChunkID("nobody", "1", 0)}
		want := []string{""}
		for i := range entries {
			document := entries[i].Document
			for _, p := range entries[i].Points {
				p.Document = &document
				ids, want = append(ids, p.Chunk.ID), append(want, string(by.Profile(&p)))
			}
		}
		var got store.Profiles
		if err := keeper.Profiles(c.ctx, ids, &got); err != nil {
			c.Fatal(err)
		}
		if got.Len() != len(ids) {
			c.Fatalf("%d profiles for %d ids", got.Len(), len(ids))
		}
		for i := range ids {
			if profile := string(got.At(i)); profile != want[i] && (complete || profile != "") {
				c.Errorf("passage %d has the profile %q, want %q", i, profile, want[i])
			}
		}
	}
	check(by, true, second, replaced)
	check(by, false, before) // worked out in the background
	for _, p := range first.Points {
		var got store.Profiles
		if err := keeper.Profiles(c.ctx, []corpus.ChunkID{p.Chunk.ID}, &got); err != nil || got.At(0) != nil {
			c.Errorf("a replaced passage has the profile %q, error %v", got.At(0), err)
		}
	}
	other := profiler{"two"}
	keeper.KeepProfiles(other)
	check(other, false, before, second, replaced)
	third := entry("c", "1", 2)
	c.put(third)
	check(other, true, third)
}
