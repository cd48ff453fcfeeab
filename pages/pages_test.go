package pages_test

import (
	"testing"
	"unsafe"

	"dalil/pages"
)

func TestMake(t *testing.T) {
	for _, n := range []int{0, 1, 1000, 1<<19 - 1, 1 << 19, 1<<19 + 1, 3_000_000} {
		table := pages.Make[uint32](n)
		if len(table) != n || cap(table) > n && n >= 1<<19 {
			t.Fatalf("%d elements: got %d with capacity %d", n, len(table), cap(table))
		}
		for i := range table {
			if table[i] != 0 {
				t.Fatalf("%d elements: element %d is %d, want 0", n, i, table[i])
			}
			table[i] = uint32(i)
		}
		if at := uintptr(unsafe.Pointer(unsafe.SliceData(table))); n >= 1<<19 && at%(2<<20) != 0 {
			t.Errorf("%d elements begin at %#x, not with a large page", n, at)
		}
	}
}
