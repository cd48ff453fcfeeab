package vector_test

import (
	"slices"
	"testing"

	"dalil/vector"
)

func TestPrefetchChangesNothing(t *testing.T) {
	b := []byte("some bytes that are longer than a line of the cache, which has 64 bytes")
	want := slices.Clone(b)
	vector.Prefetch(b)
	vector.Prefetch[byte](nil)
	if !slices.Equal(b, want) {
		t.Errorf("%q became %q", want, b)
	}
	vector.PrefetchAt([]int8{1, 2, 3, 4}, 2, []int32{1, 0})
	vector.PrefetchAt(nil, 2, nil)
	vector.PrefetchEach([]string{"a", "b"}, []int32{1, 0, 1000, -1}, 0)
	vector.PrefetchEach([]byte(nil), []int32{1}, 1)
	vector.PrefetchEach(want, nil, 1)
	defer func() {
		if recover() == nil {
			t.Error("a row behind the last did not panic")
		}
	}()
	vector.PrefetchAt([]int8{1, 2, 3, 4}, 2, []int32{2})
}
