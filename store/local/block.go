package local

import "unsafe"

// block is one stretch of memory that holds all arrays of a segment. Large
// ones lie outside the garbage collector's heap: a heap of a hundred megabytes
// would be let grow to two before it is collected.
type block struct{ bytes []byte }

const (
	alignment  = 64      // of the arrays in a block: a cache line
	offHeapMin = 1 << 20 // bytes
)

func newBlock(size int) *block {
	if size >= offHeapMin {
		if b := offHeap(size); b != nil {
			return b
		}
	}
	words := make([]uint64, (size+7)/8) // aligned for every element type
	return &block{unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), size)}
}

// castTo casts bytes to elements. Blocks start aligned and arrays in them too.
func castTo[T any](b []byte) []T {
	var element T
	if len(b) == 0 {
		return []T{}
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(element)))
}
