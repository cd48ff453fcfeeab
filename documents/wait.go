package documents

import (
	"context"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Wait waits until searches use the state that a mark names, or a newer one. It returns the
// error of ctx if that ends before, and a corpus.InvalidError if the mark is of another index.
// A mark of a collection that was replaced by the active one is reached: activation carries
// its writes over.
func (d *Documents) Wait(ctx context.Context, m corpus.Mark) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		reached, err := d.reached(ctx, m)
		if reached || err != nil {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// The shortest and the longest pause between two looks.
const (
	firstPause = 2 * time.Millisecond
	lastPause  = 100 * time.Millisecond
)

// reached reports whether searches use the state of a mark or a newer one.
func (d *Documents) reached(ctx context.Context, m corpus.Mark) (bool, error) {
	if m.IsZero() {
		return true, ctx.Err()
	}
	now, err := lent(d, func(x Index) (corpus.Mark, error) { return store.MarkOf(x.Store), nil })
	if err != nil {
		return false, err
	}
	if now.Collection == m.Collection {
		return now.Sequence >= m.Sequence, nil
	}
	ours, active, err := d.lender.Known(ctx, m)
	if err == nil && !ours {
		err = corpus.Invalid("min_index_token", "is of another index, or of one that was rebuilt or restored since")
	}
	return err == nil && !active, err
}

// InTurn answers queries with search: first those whose states are reached, together, and
// then the others one by one, so that none waits for the write of another. report gets the
// number of each query, and the error of one whose state cannot be reached.
func (d *Documents) InTurn(ctx context.Context, queries []corpus.Query, report func(int, corpus.Answer, error),
	search func([]corpus.Query, func(int, corpus.Answer, error)) error,
) error {
	var ready, later []int
	for i, q := range queries {
		switch reached, err := d.reached(ctx, q.Since); {
		case err != nil:
			report(i, corpus.Answer{}, err)
		case reached:
			ready = append(ready, i)
		default:
			later = append(later, i)
		}
	}
	these := func(numbers []int) error {
		some := make([]corpus.Query, len(numbers))
		for i, n := range numbers {
			some[i] = queries[n]
		}
		return search(some, func(i int, a corpus.Answer, err error) { report(numbers[i], a, err) })
	}
	if len(ready) > 0 {
		if err := these(ready); err != nil {
			return err
		}
	}
	for _, n := range later {
		if err := d.Wait(ctx, queries[n].Since); err != nil {
			report(n, corpus.Answer{}, err)
		} else if err := these([]int{n}); err != nil {
			return err
		}
	}
	return nil
}
