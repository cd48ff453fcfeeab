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

// The times between which documents are visible are terms, so that segments without
// such documents have no cost. A term is a byte for which of the two times it is,
// followed by Unix microseconds in a byte order that is the order of times.
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

// expired returns the documents that have expired at a time, deleted ones included.
func (s *segment) expired(now time.Time) []uint32 {
	return s.documentsBetween([]byte{expiryTerm}, timeTerm(expiryTerm, now.Add(time.Microsecond)))
}

// unseen returns the documents that are not visible yet at a time.
func (s *segment) unseen(now time.Time) []uint32 {
	return s.documentsBetween(timeTerm(appearanceTerm, now.Add(time.Microsecond)), []byte{appearanceTerm + 1})
}

// documentsBetween returns the documents of the terms in a half-open range.
func (s *segment) documentsBetween(from, to []byte) []uint32 {
	first := sort.Search(s.terms(), func(i int) bool { return string(s.term(i)) >= string(from) })
	last := first + sort.Search(s.terms()-first, func(i int) bool { return string(s.term(first+i)) >= string(to) })
	return s.termDocs[s.termLists[first]:s.termLists[last]]
}

// hidden returns the set of documents that are not visible at a time, or nil if all are visible.
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

// Expired lists documents that have expired. It only uses the index in memory.
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
