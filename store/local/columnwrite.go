package local

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// columnPieces keeps the memory of blocks that have been written.
var columnPieces = sync.Pool{New: func() any { return new([]byte) }}

// add writes the blocks of documents. Where the disk refuses, they are worked out again
// later.
func (c *column) add(documents []columnBlock) bool {
	size := 0
	for i := range documents {
		size += documents[i].most()
	}
	held := columnPieces.Get().(*[]byte)
	defer columnPieces.Put(held)
	blocks := slices.Grow((*held)[:0], min(size, columnMaxSize/4))
	defer func() { *held = blocks }()
	var entries []columnEntry
	for i := range documents {
		at := len(blocks)
		blocks = documents[i].appendTo(blocks)
		entries = append(entries, columnEntry{key: documents[i].key, offset: uint32(at), size: uint32(len(blocks) - at)})
		if len(blocks) >= columnMaxSize/4 || i == len(documents)-1 {
			if !c.append(blocks, entries) {
				return false
			}
			blocks, entries = blocks[:0], nil
		}
	}
	return true
}

// append writes blocks; the entries' offsets count from the first one. False: the
// disk refuses, or the column is closed.
func (c *column) append(blocks []byte, entries []columnEntry) bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.readOnly || time.Since(c.refused) < columnAgain {
		return false
	}
	if err := c.write(blocks, entries); err != nil {
		c.refuse()
		return false
	}
	return true
}

// refuse ends the active file, which the disk did not extend. A part of what should have
// been written may be behind its blocks. It is cut off, because no entry says where it is,
// so that a deletion could not overwrite it. The caller holds writing.
func (c *column) refuse() {
	f := c.active
	c.refused, c.active = time.Now(), nil
	switch {
	case f == nil:
	case f.size > columnHeader:
		_ = f.file.Truncate(f.size) // else the next opening does it
	default: // a file without blocks: one more with each attempt
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.files, f.number)
		_ = f.remove()
	}
}

// write appends blocks to the active file. The caller holds writing.
func (c *column) write(blocks []byte, entries []columnEntry) error {
	f := c.active
	if f == nil || f.size > columnHeader && f.size+int64(len(blocks)) > columnMaxSize {
		if f != nil {
			if err := c.seal(f); err != nil {
				return err
			}
			c.active = nil
		}
		var err error
		if f, err = createColumnFile(c.dir, c.owner); err != nil {
			return err
		}
		c.mu.Lock()
		c.adopt(f, nil)
		c.mu.Unlock()
		c.active = f
	}
	if err := c.reserve(f, f.size+int64(len(blocks))); err != nil {
		return err
	}
	if _, err := f.file.WriteAt(blocks, f.size); err != nil {
		return err
	}
	for i := range entries {
		entries[i].file = f.number
		entries[i].offset += uint32(f.size)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f.size += int64(len(blocks))
	c.merge(entries)
	return nil
}

// reserve extends a file by what it may grow, and maps all of it: to map each block anew
// would cost more than to write it.
func (c *column) reserve(f *columnFile, size int64) error {
	if f.mapped != nil && size <= int64(len(f.mapped)) {
		return nil
	}
	capacity := int64(columnSmall)
	for capacity < size {
		capacity *= 2
	}
	if err := f.file.Truncate(capacity); err != nil {
		return err
	}
	mapped, err := mapFile(f.file, capacity)
	if err != nil {
		return err
	}
	c.mu.Lock()
	before := f.mapped
	f.mapped = mapped
	c.mu.Unlock()
	return unmapFile(before) // readers, who hold mu, have let it go
}

// merge puts entries among the others. The caller holds mu.
func (c *column) merge(entries []columnEntry) {
	slices.SortFunc(entries, func(a, b columnEntry) int { return cmp.Compare(a.key, b.key) })
	if n := len(c.entries); n == 0 || len(entries) > 0 && c.entries[n-1].key < entries[0].key {
		c.entries = append(c.entries, entries...)
		return
	}
	both := make([]columnEntry, 0, len(c.entries)+len(entries))
	old := c.entries
	for _, e := range entries {
		for len(old) > 0 && old[0].key < e.key {
			both = append(both, old[0])
			old = old[1:]
		}
		if len(old) > 0 && old[0].key == e.key {
			old = old[1:]
		}
		both = append(both, e)
	}
	c.entries = append(both, old...)
}

// seal ends a file. The caller holds writing.
func (c *column) seal(f *columnFile) error {
	c.mu.RLock()
	var blocks []columnEntry
	for _, e := range c.entries {
		if e.file == f.number {
			blocks = append(blocks, e)
		}
	}
	c.mu.RUnlock()
	if len(blocks) == 0 {
		return nil
	}
	slices.SortFunc(blocks, func(a, b columnEntry) int { return cmp.Compare(a.offset, b.offset) })
	return f.seal(blocks)
}
