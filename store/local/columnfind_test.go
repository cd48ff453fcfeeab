package local_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dalil/store/local"
)

// Keys have gaps where documents were replaced or deleted.
func TestADocumentIsFoundAmongAnyKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfDistinct(rapid.OneOf(rapid.Int64Range(1, 60), rapid.Int64Range(1, 1<<62)), func(k int64) int64 { return k }).Draw(t, "keys")
		slices.Sort(keys)
		wanted := append(slices.Clone(keys), rapid.SliceOf(rapid.Int64Range(-1, 70)).Draw(t, "others")...)
		for _, key := range wanted {
			at, held := slices.BinarySearch(keys, key)
			offset, found := local.FindProfile(keys, key)
			if found != held || found && int(offset) != at {
				t.Fatalf("key %d of %v: found %v at %d, want %v at %d", key, keys, found, offset, held, at)
			}
		}
	})
}
