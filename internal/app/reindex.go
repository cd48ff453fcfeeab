package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/store"
)

// Reindex are the steps from one collection to the next without a gap: see what
// there is, compare, activate, go back, drop.
type Reindex struct {
	// Progress is told how far a step is; nil: nobody asks.
	Progress func(corpus.Progress)

	config    config.Config
	log       *slog.Logger
	driver    store.Driver
	catalogue store.Catalogue
	// stopping ends what goes on after the caller has left; nil: nothing does.
	stopping <-chan struct{}
}

func (r *Reindex) tell(p corpus.Progress) {
	if r.Progress != nil {
		r.Progress(p)
	}
}

// OpenReindex connects to the store's catalogue of collections. The embedded
// store has none: it swaps at the end of a rebuild.
func OpenReindex(ctx context.Context, c config.Config, log *slog.Logger) (*Reindex, error) {
	d, err := Driver(c, log)
	if err != nil {
		return nil, err
	}
	return openReindex(ctx, d, c, log)
}

func openReindex(ctx context.Context, d store.Driver, c config.Config, log *slog.Logger) (*Reindex, error) {
	catalogue, err := openCatalogue(ctx, d, c.Store.Name)
	if err != nil {
		return nil, err
	}
	return &Reindex{config: c, log: log, driver: d, catalogue: catalogue}, nil
}

// openCatalogue connects to the catalogue of a store that keeps several
// collections; another store is corpus.ErrUnsupported.
func openCatalogue(ctx context.Context, d store.Driver, name string) (store.Catalogue, error) {
	if err := reindexable(d, name); err != nil {
		return nil, err
	}
	return d.(store.Cataloguer).OpenCatalogue(ctx)
}

func reindexable(d store.Driver, name string) error {
	if _, able := d.(store.Cataloguer); !able {
		return fmt.Errorf("%w: store %s keeps one collection and swaps it at the end of \"dalil index --rebuild\"; only qdrant keeps several", corpus.ErrUnsupported, name)
	}
	return nil
}

// Close ends the connection.
func (r *Reindex) Close() error { return r.catalogue.Close() }

// Collections lists what there is, the newest first.
func (r *Reindex) Collections(ctx context.Context) ([]corpus.Collection, error) {
	return r.catalogue.List(ctx)
}

// Next is the newest collection that was never active: what a rebuild made.
func (r *Reindex) Next(ctx context.Context) (string, error) {
	all, err := r.catalogue.List(ctx)
	if err != nil {
		return "", err
	}
	for _, one := range all {
		if !one.Active && one.ActivatedAt.IsZero() {
			return one.Name, nil
		}
	}
	return "", corpus.Refused("no collection waits beside the active one; build one with \"dalil index --rebuild\"")
}

func (r *Reindex) orNext(ctx context.Context, name string) (string, error) {
	if name != "" {
		return name, nil
	}
	return r.Next(ctx)
}

// Lag compares a collection with the active one; nothing where none is active.
func (r *Reindex) Lag(ctx context.Context, name string) (corpus.Lag, error) {
	active, err := r.catalogue.Active(ctx)
	if err != nil {
		return corpus.Lag{}, err
	}
	return r.lag(ctx, active, name, nil)
}

func (r *Reindex) lag(ctx context.Context, active, name string, counts func(source, target time.Time) bool) (corpus.Lag, error) {
	if active == "" || active == name {
		return corpus.Lag{}, nil
	}
	from, err := store.OpenNamed(ctx, r.catalogue, active)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer from.Close()
	to, err := store.OpenNamed(ctx, r.catalogue, name)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer to.Close()
	return lag(ctx, from, to, counts)
}

const (
	// clocksApart is how far the clocks of those who write may differ.
	clocksApart = 10 * time.Second
	// lateWithin bounds what is done after the alias has moved.
	lateWithin = 15 * time.Minute
)

// Activate lets readers and writers go over to the named collection. It refuses
// while that is behind the active one, unless force is given. Until every server
// has noticed, within two polls, some still write to the collection left: what
// arrives there in that time is carried over, where this process has the
// pipeline of the new one, and counted otherwise.
func (r *Reindex) Activate(ctx context.Context, name string, force bool) (late corpus.Lag, err error) {
	r.tell(corpus.Progress{Step: "look what the collection lacks"})
	before, err := r.catalogue.Active(ctx)
	if err != nil || before == name {
		return late, err
	}
	since := time.Now().Add(-clocksApart)
	if force {
		since = time.Now() // what it lacks now, it is to lack
		before = r.leaveBehind(ctx, before, name)
	} else {
		behind, err := r.lag(ctx, before, name, nil)
		if err != nil {
			return late, err
		}
		if behind.Any() {
			return late, corpus.Refused("%s is behind %s: %v; bring it level with \"dalil index --rebuild\", or do both in one with \"dalil index --rebuild --activate\" where much is written", name, before, behind)
		}
	}
	return r.goOver(ctx, before, name, since)
}

// leaveBehind logs what an activation by force leaves in the collection before, and
// returns that, or "" where Dalil can't read it.
func (r *Reindex) leaveBehind(ctx context.Context, before, name string) string {
	behind, err := r.lag(ctx, before, name, nil)
	switch {
	case err != nil:
		r.log.LogAttrs(ctx, slog.LevelWarn, "activate by force; what is left behind is not known", slog.String("left", before), slog.String("error", err.Error()))
		if _, err := r.catalogue.Pipeline(ctx, before); err != nil {
			return ""
		}
	case behind.Any():
		r.log.LogAttrs(ctx, slog.LevelWarn, "activate by force; documents are left behind", slog.String("left", before), slog.String("behind", behind.String()))
	}
	return before
}

// activateBuilt is Activate for what was just carried from the active
// collection: what has been written there since is no reason to refuse, it is
// carried over.
func (r *Reindex) activateBuilt(ctx context.Context, name string, since time.Time) (late corpus.Lag, err error) {
	before, err := r.catalogue.Active(ctx)
	if err != nil || before == name {
		return late, err
	}
	old := since.Add(-clocksApart)
	behind, err := r.lag(ctx, before, name, func(source, _ time.Time) bool { return source.Before(old) })
	if err != nil {
		return late, err
	}
	if behind.Any() {
		return late, corpus.Refused("%s is behind %s: %v; \"dalil reindex activate --force\" leaves those behind", name, before, behind)
	}
	return r.goOver(ctx, before, name, old)
}

// goOver moves the alias, and then carries what was written to the collection
// left since then. A caller that leaves does not end that; the end of the process
// does.
func (r *Reindex) goOver(ctx context.Context, before, name string, since time.Time) (corpus.Lag, error) {
	r.tell(corpus.Progress{Step: "move the alias"})
	flipped := time.Now()
	if err := r.catalogue.Activate(ctx, name); err != nil || before == "" {
		return corpus.Lag{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lateWithin)
	defer cancel()
	r.tell(corpus.Progress{Step: "wait until all servers have gone over"})
	select {
	case <-time.After(2 * r.config.Store.Poll):
	case <-r.stopping:
		return corpus.Lag{}, fmt.Errorf("%s is active; what was written to %s while servers went over was not carried: %w", name, before, context.Canceled)
	}
	go func() {
		select {
		case <-r.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	r.tell(corpus.Progress{Step: "carry over what was written late"})
	return r.carryLate(ctx, before, name, carrier{since: since, flipped: flipped})
}

// carryLate brings over what was written to the collection left after the flip.
func (r *Reindex) carryLate(ctx context.Context, before, name string, c carrier) (corpus.Lag, error) {
	a, err := newApp(r.config, r.log)
	if err != nil {
		return corpus.Lag{}, err
	}
	g, err := a.open(ctx, r.config, store.Driver.Open)
	if err != nil { // of another pipeline: only count
		return r.lag(ctx, before, name, c.newer)
	}
	defer g.store.Close()
	if g.suspended != nil {
		return r.lag(ctx, before, name, c.newer)
	}
	from, err := store.OpenNamed(ctx, r.catalogue, before)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer from.Close()
	c.from, c.to = from, g
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

// Rollback goes back to the collection that was active before, at once. What
// was written since is in the one left only; newer is how many documents that
// are.
func (r *Reindex) Rollback(ctx context.Context) (to string, newer int, err error) {
	all, err := r.catalogue.List(ctx)
	if err != nil {
		return "", 0, err
	}
	var left corpus.Collection
	for _, one := range all {
		if one.Active {
			left = one
		}
	}
	if left.Name == "" {
		return "", 0, corpus.Errorf(corpus.ErrMissing, "no collection is active, so there is nothing to go back from; \"dalil reindex activate NAME\" lets the alias %s point to one", r.config.Store.Collection)
	}
	if to, err = r.catalogue.Previous(ctx); err != nil {
		return "", 0, err
	}
	if to == "" {
		return "", 0, corpus.Refused("no collection was active before %s", left.Name)
	}
	if err := r.catalogue.Activate(ctx, to); err != nil {
		return "", 0, err
	}
	s, err := store.OpenNamed(ctx, r.catalogue, left.Name)
	if err != nil {
		return to, 0, err
	}
	defer s.Close()
	err = store.Each(ctx, s, func(info store.DocumentInfo) error {
		if info.UpdatedAt.After(left.ActivatedAt) {
			newer++
		}
		return nil
	})
	return to, newer, err
}

// Drop removes a collection that is neither active nor younger than grace.
func (r *Reindex) Drop(ctx context.Context, name string, grace time.Duration) error {
	return r.catalogue.Drop(ctx, name, grace)
}
