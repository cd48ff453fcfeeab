// Package pages makes large tables in large pages of memory, in which a processor finds a
// place faster: it knows where a few thousand pages are, and a table of some megabytes that
// is read at random has as many of the usual ones. Start with [Make].
package pages

import "unsafe"

// large is the size of a large page.
const large = 2 << 20

// Make returns n zeros, as make does, of a type without pointers. If they are at least one
// large page, they begin with one, and the system is asked for large pages. It is meant for
// tables that are kept for long, because each takes up to 2 MiB more of addresses. Their
// memory is used as they are filled.
func Make[T int8 | uint32 | float32](n int) []T {
	var element T
	size := int(unsafe.Sizeof(element))
	if n < large/size {
		return make([]T, n)
	}
	all := make([]T, n+large/size)
	first := int(-uintptr(unsafe.Pointer(unsafe.SliceData(all)))%large) / size
	table := all[first : first+n : first+n]
	Advise(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(table))), n*size))
	return table
}
