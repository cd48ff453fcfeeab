package local

import (
	"cmp"
	"slices"
)

// heldKeys is how many keys are compared while the column is locked: so few that nobody
// waits for it.
const heldKeys = 1024

// keyWalk looks keys up in views, from the lowest to the highest.
type keyWalk struct {
	views []view
	at    int // in the keys of the first view
}

// has reports whether a document is there under a key. Keys must not fall.
func (w *keyWalk) has(key int64) bool {
	for len(w.views) > 0 && w.views[0].last() < key {
		w.views, w.at = w.views[1:], 0
	}
	if len(w.views) == 0 {
		return false
	}
	v := &w.views[0]
	if w.at < len(v.keys) && v.keys[w.at] < key {
		w.at++ // most often the next one
	}
	if w.at < len(v.keys) && v.keys[w.at] < key {
		n, _ := slices.BinarySearch(v.keys[w.at:], key)
		w.at += n
	}
	return w.at < len(v.keys) && v.keys[w.at] == key && !v.dead.has(uint32(w.at))
}

// from returns the entries from a key on, at most heldKeys. The caller holds mu.
func (c *column) from(key int64) []columnEntry {
	at, _ := slices.BinarySearchFunc(c.entries, key, func(e columnEntry, key int64) int { return cmp.Compare(e.key, key) })
	return c.entries[at:min(at+heldKeys, len(c.entries))]
}

// gone returns the keys of the blocks whose documents are gone, rising.
func (c *column) gone(state *snapshot) (gone []int64) {
	walk, newest := keyWalk{views: state.views}, state.newest()
	for next, more := int64(0), true; more; {
		c.mu.RLock()
		some := c.from(next)
		more = len(some) == heldKeys
		for _, e := range some {
			if e.key > newest { // written since
				more = false
				break
			}
			if !walk.has(e.key) {
				gone = append(gone, e.key)
			}
			next = e.key + 1
		}
		c.mu.RUnlock()
	}
	return gone
}

// missing lists the documents whose blocks are not there.
func (c *column) missing(state *snapshot) func(func(int64) bool) {
	return func(yield func(int64) bool) {
		for i := range state.views {
			v := &state.views[i]
			for first := 0; first < len(v.keys); first += heldKeys {
				for _, key := range c.missingOf(v, first, min(first+heldKeys, len(v.keys))) {
					if !yield(key) {
						return
					}
				}
			}
		}
	}
}

// missingOf lists those of the documents in [first, end) of a view.
func (c *column) missingOf(v *view, first, end int) (missing []int64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	entries := c.from(v.keys[first])
	for d := first; d < end; d++ {
		if v.dead.has(uint32(d)) || v.firsts[d] == v.firsts[d+1] {
			continue
		}
		for len(entries) > 0 && entries[0].key < v.keys[d] {
			if entries = entries[1:]; len(entries) == 0 {
				entries = c.from(v.keys[d])
			}
		}
		if len(entries) == 0 || entries[0].key != v.keys[d] {
			missing = append(missing, v.keys[d])
		}
	}
	return missing
}
