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
	// ClocksApart is how far the clocks of those who write may differ.
	ClocksApart = 10 * time.Second
	// lateWithin bounds what is done after the alias has moved.
	lateWithin = 15 * time.Minute
)

// Activate makes readers and writers use the named collection. It refuses while
// that is behind the active one, unless force is given. With force, existing gaps
// are accepted; only later writes are carried. Until every server has noticed,
// within two polls, some still write to the previous collection. What arrives there
// in that time is carried over if this process has the pipeline of the new
// collection, and counted otherwise.
func (r *Reindex) Activate(ctx context.Context, name string, force bool) (a corpus.Activation, err error) {
	r.report(corpus.Progress{Step: "count the missing documents"})
	before, err := r.catalogue.Active(ctx)
	if err != nil || before == name {
		return a, err
	}
	a.Before = before
	since := time.Now().Add(-ClocksApart)
	if force {
		since = time.Now() // what is missing now is to be missing
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
	a.Late, err = r.goOver(ctx, before, name, since)
	return a, err
}

// leaveBehind logs what an activation by force leaves in the collection before. It
// returns that, whether it is not known, and the collection, "" where Dalil can't
// read it.
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

// ActivateBuilt is Activate for what was just carried from the active
// collection: what has been written there since is no reason to refuse, it is
// carried over.
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
	return r.goOver(ctx, before, name, old)
}

// goOver moves the alias, and then carries what was written to the collection
// left since then. A caller that leaves does not end that; the end of the process
// does.
func (r *Reindex) goOver(ctx context.Context, before, name string, since time.Time) (corpus.Lag, error) {
	r.report(corpus.Progress{Step: "move the alias"})
	flipped := time.Now()
	if err := r.catalogue.Activate(ctx, name); err != nil || before == "" {
		return corpus.Lag{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lateWithin)
	defer cancel()
	r.report(corpus.Progress{Step: "wait until all servers have gone over"})
	select {
	case <-time.After(2 * r.deps.Poll):
	case <-r.deps.Stopping.Done():
		return corpus.Lag{}, fmt.Errorf("%s is active; what was written to %s while servers changed over was not carried: %w", name, before, context.Canceled)
	}
	defer context.AfterFunc(r.deps.Stopping, cancel)()
	r.report(corpus.Progress{Step: "carry over what was written late"})
	return r.carryLate(ctx, before, name, carrier{since: since, flipped: flipped})
}

// carryLate brings over what was written to the collection left after the flip.
func (r *Reindex) carryLate(ctx context.Context, before, name string, c carrier) (corpus.Lag, error) {
	to, closeTarget, err := r.deps.OpenTarget(ctx)
	if err != nil { // of another pipeline: only count
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
