package local

import "unsafe"

// block is one piece of memory with all arrays of a segment. Large ones are outside
// the heap of the garbage collector, which would let a heap of a hundred megabytes
// grow to two hundred before it collects.
type block struct {
	bytes   []byte
	derived []byte // behind them: what is made from the arrays, and not in the file
}

const (
	alignment  = 64      // alignment of the arrays in a block: a cache line
	offHeapMin = 1 << 20 // bytes
)

func newBlock(size, derived int) *block {
	all := size + derived
	if all >= offHeapMin {
		if b := offHeap(all); b != nil {
			b.bytes, b.derived = b.bytes[:size:size], b.bytes[size:]
			return b
		}
	}
	words := make([]uint64, (all+7)/8) // aligned for every element type
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), all)
	return &block{bytes[:size:size], bytes[size:]}
}

// castTo casts bytes to elements. Blocks and the arrays in them are aligned.
func castTo[T any](b []byte) []T {
	var element T
	if len(b) == 0 {
		return []T{}
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(element)))
}
