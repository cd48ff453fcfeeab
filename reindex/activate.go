package reindex

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/store"
)

const (
	// ClocksApart is how much the clocks of writing machines may differ.
	ClocksApart = 10 * time.Second
	// lateWithin is the timeout of the work after the alias has moved.
	lateWithin = 15 * time.Minute
)

// Activate makes the named collection the active one for all servers. It refuses
// while documents are missing in that collection, unless force is set. With force,
// existing gaps are accepted, and only later writes are carried over. Servers
// switch within two polls, or within a poll and a second if that is longer. Until
// then some still write to the previous collection. These documents are carried over
// if this process has the pipeline of the new collection; otherwise they are only
// counted.
func (r *Reindex) Activate(ctx context.Context, name string, force bool) (a corpus.Activation, err error) {
	r.report(corpus.Progress{Step: "count the missing documents"})
	before, err := r.catalogue.Active(ctx)
	if err != nil || before == name {
		return a, err
	}
	a.Before = before
	since := time.Now().Add(-ClocksApart)
	if force {
		since = time.Now() // accepted as missing
		a.Left, a.Unknown, before = r.leaveBehind(ctx, before, name)
	} else {
		behind, err := r.lag(ctx, before, name, nil)
		if err != nil {
			return a, err
		}
		if behind.Any() {
			return a, corpus.Refused("%s is behind %s: %v; carry the missing documents with \"dalil index --rebuild\", or, under constant writes, carry and activate with \"dalil index --rebuild --activate\"", name, before, behind)
		}
	}
	a.Late, err = r.switchOver(ctx, before, name, since)
	return a, err
}

// leaveBehind logs which documents only the previous collection has when an
// activation is forced. It returns their counts, whether these are unknown, and the
// name of the previous collection, or "" if Dalil cannot read it.
func (r *Reindex) leaveBehind(ctx context.Context, before, name string) (left corpus.Lag, unknown bool, readable string) {
	behind, err := r.lag(ctx, before, name, nil)
	switch {
	case err != nil:
		r.log.LogAttrs(ctx, slog.LevelWarn, "activating by force; the number of missing documents is unknown", slog.String("left", before), slog.String("error", err.Error()))
		if _, err := r.catalogue.Pipeline(ctx, before); err != nil {
			return left, true, ""
		}
		return left, true, before
	case behind.Any():
		r.log.LogAttrs(ctx, slog.LevelWarn, "activating by force; documents are missing in the new collection", slog.String("left", before), slog.String("behind", behind.String()))
	}
	return behind, false, before
}

// ActivateBuilt activates a collection that was just carried from the active one.
// It does not refuse because of later writes to the active collection, but carries
// them over.
func (r *Reindex) ActivateBuilt(ctx context.Context, name string, since time.Time) (late corpus.Lag, err error) {
	before, err := r.catalogue.Active(ctx)
	if err != nil || before == name {
		return late, err
	}
	old := since.Add(-ClocksApart)
	behind, err := r.lag(ctx, before, name, func(source, _ time.Time) bool { return source.Before(old) })
	if err != nil {
		return late, err
	}
	if behind.Any() {
		return late, corpus.Refused("%s is behind %s: %v; \"dalil reindex activate --force\" accepts that they are missing", name, before, behind)
	}
	return r.switchOver(ctx, before, name, old)
}

// switchOver moves the alias, and then carries over what is still written to the
// previous collection. The work goes on if the caller cancels. Only the end of the
// process ends it.
func (r *Reindex) switchOver(ctx context.Context, before, name string, since time.Time) (corpus.Lag, error) {
	r.report(corpus.Progress{Step: "move the alias"})
	flipped := time.Now()
	if err := r.catalogue.Activate(ctx, name); err != nil || before == "" {
		return corpus.Lag{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lateWithin)
	defer cancel()
	r.report(corpus.Progress{Step: "wait until all servers have switched"})
	select {
	case <-time.After(store.Pause(r.deps.Poll)):
	case <-r.deps.Stopping.Done():
		return corpus.Lag{}, fmt.Errorf("%s is active, but documents that were written to %s while servers switched were not carried over: %w", name, before, context.Canceled)
	}
	defer context.AfterFunc(r.deps.Stopping, cancel)()
	r.report(corpus.Progress{Step: "carry over late writes"})
	return r.carryLate(ctx, before, name, carrier{since: since, flipped: flipped})
}

// carryLate carries over what was written to the previous collection after the alias moved.
func (r *Reindex) carryLate(ctx context.Context, before, name string, c carrier) (corpus.Lag, error) {
	to, closeTarget, err := r.deps.OpenTarget(ctx)
	if err != nil { // another pipeline: only count
		return r.lag(ctx, before, name, c.newer)
	}
	defer closeTarget()
	from, err := store.OpenNamed(ctx, r.catalogue, before)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer from.Close()
	c.from, c.to = from, to
	failed := false
	err = c.run(ctx, func(receipt corpus.Receipt) {
		if receipt.Outcome == corpus.Failed {
			failed = true
			r.log.LogAttrs(ctx, slog.LevelError, "carry over", slog.String("document", receipt.DocumentID), slog.String("error", receipt.Err.Error()))
		}
	})
	if err != nil || !failed {
		return corpus.Lag{}, err
	}
	return r.lag(ctx, before, name, c.newer)
}
