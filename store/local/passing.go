package local

import (
	"reflect"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// passing describes which rows of a view a search may find. Arms with the same filter
// share it.
type passing struct {
	view *view
	find func()

	// Valid after ready.
	kept      bitmap // the documents that may be found; valid if some is set
	some      bool   // some documents are left out: by a filter, because they are deleted, or because they are hidden
	documents int    // that may be found, at most
}

func newPassing(v *view, filter *corpus.Filter, now time.Time, c clauses) *passing {
	p := &passing{view: v}
	p.find = sync.OnceFunc(func() { p.fill(filter, now, c) })
	return p
}

// ready works out the set once, in the first goroutine that needs it.
func (p *passing) ready() *passing {
	p.find()
	return p
}

func (p *passing) fill(filter *corpus.Filter, now time.Time, c clauses) {
	v := p.view
	p.documents = len(v.keys)
	hidden := v.hidden(now)
	if v.keepsAll(filter) {
		if v.dead == nil && hidden == nil {
			return
		}
		p.some, p.kept = true, newBitmap(len(v.keys))
		fill(p.kept)
	} else {
		p.some, p.kept = true, v.keeps(filter, c)
		if p.kept == nil {
			p.kept = newBitmap(len(v.keys))
		} else if v.dead != nil || hidden != nil {
			p.kept = p.kept.clone()
		}
	}
	for i, word := range v.dead {
		p.kept[i] &^= word
	}
	for i, word := range hidden {
		p.kept[i] &^= word
	}
	p.documents = p.kept.count(len(v.keys))
}

func (p *passing) row(row uint32) bool { return !p.some || p.kept.has(p.view.owners[row]) }

// share is the share of the documents that may be found.
func (p *passing) share() float64 { return float64(p.documents) / float64(len(p.view.keys)) }

// rows estimates how many rows may be found.
func (p *passing) rows() int { return int(p.share() * float64(len(p.view.ids))) }

// sparseShare is the share of matching documents below which only their rows are
// scanned.
const sparseShare = 0.25

// runGap is how many rows that do not match are scanned rather than skipped between two
// that do.
const runGap = 4

// broad reports whether so many rows may be found that all are scanned.
func (p *passing) broad() bool { return !p.some || p.share() >= sparseShare }

// runs calls do with ranges of rows that cover all between least and most that may be
// found.
func (p *passing) runs(least, most uint32, do func(from, to uint32)) {
	v := p.view
	if p.broad() {
		do(least, most)
		return
	}
	inner := do
	do = func(from, to uint32) {
		if from, to = max(from, least), min(to, most); from < to {
			inner(from, to)
		}
	}
	from, to := uint32(0), uint32(0)
	p.kept.runs(uint32(len(v.keys)), func(first, last uint32) {
		if v.firsts[first] > to+runGap {
			do(from, to)
			from = v.firsts[first]
		}
		to = v.firsts[last]
	})
	do(from, to)
}

// passings returns the passings of an arm by view: those of an earlier arm with an
// equal filter, or new ones.
func passings(state *snapshot, arms []store.ArmQuery, earlier [][]*passing, i int, now time.Time, c clauses) []*passing {
	for j := range i {
		if len(earlier[j]) > 0 && reflect.DeepEqual(arms[j].Filter, arms[i].Filter) {
			return earlier[j]
		}
	}
	all := make([]*passing, len(state.views))
	for at := range state.views {
		all[at] = newPassing(&state.views[at], &arms[i].Filter, now, c)
	}
	return all
}
