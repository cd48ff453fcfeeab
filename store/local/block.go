package local

import "unsafe"

// block is one piece of memory with all arrays of a segment. Large ones are outside
// the heap of the garbage collector, which would let a heap of a hundred megabytes
// grow to two hundred before it collects.
type block struct{ bytes []byte }

const (
	alignment  = 64      // alignment of the arrays in a block: a cache line
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

// castTo casts bytes to elements. Blocks and the arrays in them are aligned.
func castTo[T any](b []byte) []T {
	var element T
	if len(b) == 0 {
		return []T{}
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(element)))
}
