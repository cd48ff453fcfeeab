package storetest

import (
	"fmt"
	"slices"
	"sync"
)

// Writes is a model of concurrent writers: which writes of each document were under
// way at the same time, and which were acknowledged. From that follows which states
// a document may have in the end. The zero value is ready to use, by any number of
// goroutines.
type Writes struct {
	mu    sync.Mutex
	clock int64 // counts beginnings and ends
	of    map[string][]write
}

// write is one write of one document.
type write struct {
	state        string // "": the document was deleted
	begun, ended int64
	acknowledged bool
}

// Begin returns the moment at which a write begins. Call it before the write is sent.
func (w *Writes) Begin() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock++
	return w.clock
}

// End notes a write of a document that ends now: the state that it leaves ("" if it
// deletes), when it began, and whether it was acknowledged. One that was not may
// have taken effect.
func (w *Writes) End(id, state string, begun int64, acknowledged bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock++
	if w.of == nil {
		w.of = map[string][]write{}
	}
	w.of[id] = append(w.of[id], write{state, begun, w.clock, acknowledged})
}

// IDs returns the documents that were written.
func (w *Writes) IDs() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var ids []string
	for id := range w.of {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Check returns an error if no order of the writes leaves a document in this state
// ("": it is not there): some write must have left it, and no acknowledged write may
// have begun after that one had ended.
func (w *Writes) Check(id, state string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.of[id]
	overwritten := func(end int64) bool {
		return slices.ContainsFunc(all, func(other write) bool { return other.acknowledged && other.begun > end })
	}
	if state == "" && !overwritten(0) || // nothing was acknowledged
		slices.ContainsFunc(all, func(one write) bool { return one.state == state && !overwritten(one.ended) }) {
		return nil
	}
	return fmt.Errorf("document %s: %q is held, which no order of the acknowledged writes leaves: %+v", id, state, all)
}
