package local

import (
	"maps"
	"slices"
)

// columnReader reads records of the column one after another, and remembers what was not
// there.
type columnReader struct {
	record, scratch []byte
	missing         bool
	damaged         map[int64]bool // documents, by key
}

// append appends one record. The caller holds the column's mu.
func (r *columnReader) append(c *column, b []byte, e *columnEntry, kind recordKind, at *located) ([]byte, bool) {
	filled, ok := c.copy(b, e, kind, at, &r.scratch)
	if !ok {
		if r.damaged == nil {
			r.damaged = map[int64]bool{}
		}
		r.damaged[at.key] = true
	}
	return filled, ok
}

// heal erases and drops the blocks that are damaged, and has what is missing worked out.
func (c *column) heal(r *columnReader) {
	if len(r.damaged) > 0 {
		c.erase(slices.Collect(maps.Keys(r.damaged))...)
		c.drop(slices.Sorted(maps.Keys(r.damaged)))
	}
	if r.missing || len(r.damaged) > 0 {
		c.call()
	}
}
