package local

import (
	"context"
	"encoding/binary"
	"runtime"
	"slices"
	"sort"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// The times between which documents are visible are terms, so that a segment without
// such documents has no cost: a byte for which of the two times it is, and then Unix
// microseconds in an order of bytes that is the order of times.
const (
	expiryTerm     = 0xf0
	appearanceTerm = 0xf1
)

func timeTerm(which byte, t time.Time) []byte {
	return binary.BigEndian.AppendUint64([]byte{which}, uint64(t.UnixMicro())^1<<63)
}

// lifeTerms yields the terms of a document's life.
func lifeTerms(d *corpus.Document, do func(term []byte)) {
	if !d.ExpiresAt.IsZero() {
		do(timeTerm(expiryTerm, d.ExpiresAt))
	}
	if !d.VisibleFrom.IsZero() {
		do(timeTerm(appearanceTerm, d.VisibleFrom))
	}
}

// expired lists the documents that have expired at a time, also the dead ones.
func (s *segment) expired(now time.Time) []uint32 {
	return s.documentsBetween([]byte{expiryTerm}, timeTerm(expiryTerm, now.Add(time.Microsecond)))
}

// unseen lists the documents that are not visible yet at a time.
func (s *segment) unseen(now time.Time) []uint32 {
	return s.documentsBetween(timeTerm(appearanceTerm, now.Add(time.Microsecond)), []byte{appearanceTerm + 1})
}

// documentsBetween lists the documents of the terms from one up to another, which is
// left out.
func (s *segment) documentsBetween(from, to []byte) []uint32 {
	first := sort.Search(s.terms(), func(i int) bool { return string(s.term(i)) >= string(from) })
	last := first + sort.Search(s.terms()-first, func(i int) bool { return string(s.term(first+i)) >= string(to) })
	return s.termDocs[s.termLists[first]:s.termLists[last]]
}

// hidden is the set of documents that are not visible at a time; nil: all are.
func (s *segment) hidden(now time.Time) bitmap {
	expired, unseen := s.expired(now), s.unseen(now)
	if len(expired) == 0 && len(unseen) == 0 {
		return nil
	}
	out := newBitmap(len(s.keys))
	out.setAll(expired)
	out.setAll(unseen)
	return out
}

// Expired lists documents that have expired, by the index alone.
func (s *Store) Expired(ctx context.Context, limit int) ([]string, error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	state, now := s.state.Load(), s.options.Now()
	defer runtime.KeepAlive(state)
	var ids []string
	for i := range state.views {
		v := &state.views[i]
		for _, d := range v.expired(now) {
			if v.dead.has(d) {
				continue
			}
			if ids = append(ids, string(v.id(d))); len(ids) == limit {
				return ids, nil
			}
		}
	}
	slices.Sort(ids)
	return ids, nil
}
