package local

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"dalil/store"
)

// Search runs every arm on one state of the index.
func (s *Store) Search(ctx context.Context, arms []store.ArmQuery) ([][]store.Hit, error) {
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
	state := s.state.Load()
	// The memory of a snapshot may be outside the heap of the garbage collector.
	defer runtime.KeepAlive(state)
	searches, now := make([]armSearch, len(arms)), s.options.Now()
	var tasks []func()
	filters := make([][]*passing, len(arms))
	for i := range arms {
		searches[i].arm, searches[i].state = &arms[i], state
		if arms[i].Limit > 0 && state.passages > 0 {
			filters[i] = passings(state, arms, filters, i, now)
			tasks = append(tasks, searches[i].plan(filters[i], s)...)
		}
	}
	if err := s.scans.run(ctx, tasks, state.passages > parallelLeast); err != nil {
		return nil, err
	}
	found := make([][]store.Hit, len(arms))
	for i := range searches {
		found[i] = searches[i].hits()
		searches[i].end(&s.tops)
	}
	return found, ctx.Err()
}

// parallelLeast is the number of passages from which on a second goroutine is worth its cost.
const parallelLeast = 8192

// armSearch is the search of one arm: the hits of each view, and then the best of all.
type armSearch struct {
	arm   *store.ArmQuery
	state *snapshot
	found [][]scored // by view
	tops  []*top     // whose memory found uses, by view; nil: none
}

// plan makes one task per view.
func (a *armSearch) plan(filter []*passing, s *Store) (tasks []func()) {
	arm, state := a.arm, a.state
	a.found, a.tops = make([][]scored, len(state.views)), make([]*top, len(state.views))
	only := a.named()
	var q *question
	var terms []asked
	if arm.Dense != nil {
		q = newQuestion(arm.Dense, s.rotation)
	} else {
		terms = weigh(state, arm.Sparse, arm.Filter)
		if len(terms) == 0 {
			return nil
		}
	}
	for i := range state.views {
		v, p := &state.views[i], filter[i]
		switch {
		case arm.IDs != nil && len(only[i]) == 0:
		case arm.IDs != nil && q != nil:
			tasks = append(tasks, func() { a.found[i] = denseOnly(v, p, q, only[i]) })
		case arm.IDs != nil:
			tasks = append(tasks, func() { a.found[i] = sparseOnly(v, p, terms, only[i]) })
		case q != nil:
			tasks = append(tasks, func() { a.keep(i, dense(v, p, arm, q, &s.tops)) })
		default:
			tasks = append(tasks, func() { a.keep(i, sparse(v, p, arm, terms, &s.sums, &s.tops)) })
		}
	}
	return tasks
}

// keep sets what was found in a view.
func (a *armSearch) keep(view int, t *top) { a.tops[view], a.found[view] = t, t.items }

// end gives the memory of what was found back.
func (a *armSearch) end(tops *topPool) {
	for _, t := range a.tops {
		if t != nil {
			tops.put(t)
		}
	}
}

// named returns the rows that the arm names and that are not deleted, by view and in ascending order.
func (a *armSearch) named() [][]uint32 {
	if a.arm.IDs == nil {
		return nil
	}
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
	view  *view
	row   uint32
	score float32
}

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
		every := make([]scored, 0, total)
		for _, f := range a.found {
			every = append(every, f...)
		}
		least = max(least, nth(every, limit-1))
	}
	all := make([]candidate, 0, min(total, limit+limit/8))
	for i, f := range a.found {
		for _, item := range f {
			if item.score >= least {
				all = append(all, candidate{&a.state.views[i], item.row, item.score})
			}
		}
	}
	slices.SortFunc(all, func(x, y candidate) int {
		if c := cmp.Compare(y.score, x.score); c != 0 {
			return c
		}
		return x.view.ids[x.row].Compare(y.view.ids[y.row])
	})
	return all[:min(len(all), limit)]
}

// hits combines the hits of the views, in descending order of score; equal scores are ordered by id.
func (a *armSearch) hits() []store.Hit {
	all := a.best()
	// The names of all documents share one string: one for each would be most of
	// what a search allocates.
	size := 0
	for _, c := range all {
		d := c.view.owners[c.row]
		size += len(c.view.id(d)) + len(c.view.revision(d))
	}
	names := make([]byte, 0, size)
	for _, c := range all {
		d := c.view.owners[c.row]
		names = append(append(names, c.view.id(d)...), c.view.revision(d)...)
	}
	rest := string(names)
	take := func(n int) (name string) {
		name, rest = rest[:n], rest[n:]
		return name
	}
	hits := make([]store.Hit, len(all))
	for i, c := range all {
		d := c.view.owners[c.row]
		hits[i] = store.Hit{
			ID: c.view.ids[c.row], DocumentID: take(len(c.view.id(d))), Revision: take(len(c.view.revision(d))), Score: c.score,
		}
	}
	return hits
}
