package local

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"dalil/store"
)

// Search runs every arm on one state of the index.
func (s *Store) Search(ctx context.Context, arms []store.ArmQuery) (found [][]store.Hit, err error) {
	for i := range arms {
		if err := arms[i].Check(s.options.Pipeline.Dimensions); err != nil {
			return nil, fmt.Errorf("arm %d: %w", i, err)
		}
	}
	release, err := s.scans.enter(ctx, s.closing)
	if err != nil {
		return nil, err
	}
	defer release()
	if !s.asked.Load() {
		s.asked.Store(true)
	}
	state := s.state.Load()
	// The memory of a snapshot may be outside the heap of the garbage collector.
	defer runtime.KeepAlive(state)
	defer s.blame(state, &err)
	searches, now := make([]armSearch, len(arms)), s.options.Now()
	tasks := make([][]func(), len(arms))
	filters := make([][]*passing, len(arms))
	for i := range arms {
		a := &searches[i]
		a.arm, a.state, a.pool = &arms[i], state, &s.sums
		if state.passages > 0 && (a.arm.Limit > 0 || a.arm.Union) {
			filters[i] = passings(state, arms, filters, i, now, s.clauses)
			a.filter = filters[i]
			tasks[i] = a.plan(s)
		}
	}
	if err := s.scans.run(ctx, inTurn(tasks), state.passages >= s.options.SideBySide); err != nil {
		return nil, err
	}
	best := make([][]candidate, len(arms))
	for i := range searches {
		best[i] = searches[i].best()
		defer searches[i].end(s)
	}
	found = make([][]store.Hit, len(arms))
	err = guard(func() {
		for i := range searches {
			found[i] = state.hits(best[i], searches[i].others(best, i))
		}
	})
	if err != nil {
		return nil, err
	}
	return found, ctx.Err()
}

// inTurn returns the first task of each list, then the second of each, and so on: so the
// second goroutine begins with another arm, instead of waiting for what all tasks of the
// first one need.
func inTurn(lists [][]func()) (tasks []func()) {
	for i, more := 0, true; more; i++ {
		more = false
		for _, list := range lists {
			if i < len(list) {
				tasks, more = append(tasks, list[i]), true
			}
		}
	}
	return tasks
}

// sideBySide is the number of passages from which on a second goroutine is worth its cost: to
// wake a processor takes tens of microseconds, and some tenths of a millisecond pass until it begins.
const sideBySide = 1 << 17

// sumsKept is the number of views up to which the sums of all rows are kept for the union.
// They take a quarter of a megabyte for each view.
const sumsKept = 8

// armSearch is the search of one arm: the hits of each view, and then the best of all.
type armSearch struct {
	arm    *store.ArmQuery
	state  *snapshot
	pool   *sumsPool
	filter []*passing       // by view
	q      *question        // of a dense arm
	terms  func() [][]asked // of a sparse one by view, weighed by the first goroutine that needs them
	found  [][]scored       // by view
	tops   []*top           // whose memory found uses
	sums   []*sums          // of a sparse arm by view, kept for the union; nil: there are none
}

// plan returns the tasks of the search.
func (a *armSearch) plan(s *Store) (tasks []func()) {
	arm, state := a.arm, a.state
	a.found = make([][]scored, len(state.views))
	if arm.Dense != nil {
		a.q = newQuestion(arm.Dense, s.rotation)
	} else {
		a.terms = sync.OnceValue(func() [][]asked { return weigh(state, arm.Sparse, arm.Filter) })
	}
	switch {
	case arm.Limit == 0: // only the union is scored
	case arm.IDs != nil:
		for i, rows := range a.named() {
			if len(rows) > 0 {
				tasks = append(tasks, func() { a.found[i] = a.score(i, rows) })
			}
		}
	case arm.Dense != nil:
		n := &nearest{armSearch: a, pool: &s.tops}
		tasks = n.tasks()
	default:
		a.tops, a.sums = make([]*top, len(state.views)), make([]*sums, len(state.views))
		for i := range state.views {
			tasks = append(tasks, func() {
				if terms := a.terms()[i]; len(terms) > 0 {
					keep := arm.Union && len(state.views) <= sumsKept
					a.tops[i], a.sums[i] = sparse(&state.views[i], a.filter[i], arm, terms, keep, &s.sums, &s.tops)
					a.found[i] = a.tops[i].items
				}
			})
		}
	}
	return tasks
}

// score scores rows of a view, which are in ascending order.
func (a *armSearch) score(view int, rows []uint32) []scored {
	v, p := &a.state.views[view], a.filter[view]
	if a.q != nil {
		return denseOnly(v, p, a.q, rows)
	}
	if a.sums != nil && a.sums[view] != nil {
		return a.sums[view].of(p, rows)
	}
	return sparseOnly(v, p, a.terms()[view], rows, a.pool)
}

// end gives the memory of what was found back.
func (a *armSearch) end(s *Store) {
	for _, t := range a.tops {
		if t != nil {
			s.tops.put(t)
		}
	}
	for i, held := range a.sums {
		if held != nil {
			s.sums.put(held, len(a.state.views[i].ids))
		}
	}
}

// named returns the rows that the arm names and that are not deleted, by view and in ascending order.
func (a *armSearch) named() [][]uint32 {
	only := make([][]uint32, len(a.state.views))
	for i := range a.state.views {
		v := &a.state.views[i]
		for _, id := range a.arm.IDs {
			if row, held := v.row(id); held && !v.dead.has(v.owners[row]) {
				only[i] = append(only[i], row)
			}
		}
		slices.Sort(only[i])
		only[i] = slices.Compact(only[i])
	}
	return only
}

// candidate is a row of a view.
type candidate struct {
	view  uint32
	row   uint32
	score float32
}

// key orders candidates by view and row.
func (c candidate) key() uint64 { return uint64(c.view)<<32 | uint64(c.row) }

// best returns the best rows of all views in order.
func (a *armSearch) best() []candidate {
	least, limit := float32(math.Inf(-1)), a.arm.Limit
	if a.arm.Min != nil {
		least = *a.arm.Min
	}
	total := 0
	for _, f := range a.found {
		total += len(f)
	}
	if total > limit && limit > 0 {
		var room [512]scored // nearly always enough, and not on the heap
		every := slices.Grow(room[:0], total)
		for _, f := range a.found {
			every = append(every, f...)
		}
		least = max(least, nth(every, limit-1))
	}
	all := make([]candidate, 0, min(total, limit+limit/8))
	equal := ties{snapshot: a.state, n: limit}
	for i, f := range a.found {
		for _, item := range f {
			switch c := (candidate{uint32(i), item.row, item.score}); {
			case item.score > least:
				all = append(all, c)
			case item.score == least:
				equal.add(c)
			}
		}
	}
	all = append(all, equal.items...)
	a.state.sort(all)
	return all[:min(len(all), limit)]
}

// hits returns the hits of an arm, and behind them what only other arms found.
func (s *snapshot) hits(own, others []candidate) []store.Hit {
	// The names of all documents share one string: one for each would be most of
	// what a search allocates. They lie far apart in memory, and each place is found from
	// the one before. These loops only read, one place of each hit, so that the processor can
	// wait for many of them at once.
	var room [sortedInRoom]uint32
	documents, touched := room[:0], uint32(0)
	for _, c := range own {
		v := &s.views[c.view]
		documents = append(documents, v.owners[c.row])
		touched ^= uint32(v.ids[c.row][0])
	}
	for i, d := range documents {
		v := &s.views[own[i].view]
		touched ^= v.idStarts[d] ^ v.revisionStarts[d]
	}
	size := 0
	for i, d := range documents {
		v := &s.views[own[i].view]
		id, revision := v.id(d), v.revision(d)
		if size += len(id) + len(revision); len(id) > 0 && len(revision) > 0 {
			touched ^= uint32(id[0]) ^ uint32(revision[0])
		}
	}
	runtime.KeepAlive(touched) // so that the compiler leaves no read out
	var names strings.Builder
	names.Grow(size)
	hits := make([]store.Hit, 0, len(own)+len(others))
	for i, c := range own {
		v, d, from := &s.views[c.view], documents[i], names.Len()
		names.Write(v.id(d))
		middle := names.Len()
		names.Write(v.revision(d))
		whole := names.String()
		hits = append(hits, store.Hit{ID: v.ids[c.row], DocumentID: whole[from:middle], Revision: whole[middle:], Score: c.score})
	}
	for _, c := range others {
		hits = append(hits, store.Hit{ID: s.views[c.view].ids[c.row], Score: c.score, Other: true})
	}
	return hits
}
