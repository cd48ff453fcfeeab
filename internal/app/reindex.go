package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/store"
	"dalil/store/qdrant"
)

// Reindex are the steps from one collection to the next without a gap: see what
// there is, compare, activate, go back, drop.
type Reindex struct {
	config    config.Config
	log       *slog.Logger
	catalogue *qdrant.Catalogue
}

// OpenReindex connects to the store's catalogue of collections. The embedded
// store has none: it swaps at the end of a rebuild.
func OpenReindex(ctx context.Context, c config.Config, log *slog.Logger) (*Reindex, error) {
	if c.Store.Name != "qdrant" {
		return nil, fmt.Errorf("%w: store %s keeps one collection and swaps it at the end of \"dalil index --rebuild\"; only qdrant keeps several", corpus.ErrUnsupported, c.Store.Name)
	}
	catalogue, err := qdrant.OpenCatalogue(ctx, qdrantOptions(c, corpus.Pipeline{}, log))
	if err != nil {
		return nil, err
	}
	return &Reindex{c, log, catalogue}, nil
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
	return "", fmt.Errorf("%w: no collection waits beside the active one; build one with \"dalil index --rebuild\"", corpus.ErrNotFound)
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
	if err != nil || active == "" || active == name {
		return corpus.Lag{}, err
	}
	from, err := openNamed(ctx, r.catalogue, r.config, active, r.log)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer from.Close()
	to, err := openNamed(ctx, r.catalogue, r.config, name, r.log)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer to.Close()
	return lag(ctx, from, to)
}

// Activate lets readers and writers go over to the named collection. It refuses
// while that is behind the active one, unless force is given. Until every server
// has noticed, within two polls, some still write to the collection left: what
// arrives there in that time is carried over, where this process has the
// pipeline of the new one, and counted otherwise.
func (r *Reindex) Activate(ctx context.Context, name string, force bool) (late corpus.Lag, err error) {
	before, err := r.catalogue.Active(ctx)
	if err != nil || before == name {
		return late, err
	}
	behind, err := r.Lag(ctx, name)
	if err != nil {
		return late, err
	}
	if behind.Any() && !force {
		return late, corpus.Refused("%s is behind %s: %v; bring it level with \"dalil index --rebuild\"", name, before, behind)
	}
	flipped := time.Now()
	if err := r.catalogue.Activate(ctx, name); err != nil || before == "" || force {
		return late, err
	}
	select {
	case <-ctx.Done():
		return late, ctx.Err()
	case <-time.After(2 * r.config.Store.Poll):
	}
	return r.carryLate(ctx, before, name, flipped)
}

// carryLate brings over what was written to the collection left after the flip.
func (r *Reindex) carryLate(ctx context.Context, before, name string, flipped time.Time) (corpus.Lag, error) {
	from, err := openNamed(ctx, r.catalogue, r.config, before, r.log)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer from.Close()
	a := newApp(r.config, r.log)
	g, err := a.open(ctx, r.config, stores)
	if err != nil { // of another pipeline: only count
		to, openErr := openNamed(ctx, r.catalogue, r.config, name, r.log)
		if openErr != nil {
			return corpus.Lag{}, openErr
		}
		defer to.Close()
		late, err := lag(ctx, from, to)
		late.Extra = 0 // written to the new one
		return late, err
	}
	defer g.store.Close()
	c := carrier{from: from, to: g, since: flipped}
	return corpus.Lag{}, c.run(ctx, func(receipt corpus.Receipt) {
		if receipt.Outcome == corpus.Failed {
			r.log.LogAttrs(ctx, slog.LevelError, "carry over", slog.String("document", receipt.DocumentID), slog.String("error", receipt.Err.Error()))
		}
	})
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
	if to, err = r.catalogue.Previous(ctx); err != nil {
		return "", 0, err
	}
	if to == "" {
		return "", 0, fmt.Errorf("%w: no collection was active before %s", corpus.ErrNotFound, left.Name)
	}
	if err := r.catalogue.Activate(ctx, to); err != nil {
		return "", 0, err
	}
	s, err := openNamed(ctx, r.catalogue, r.config, left.Name, r.log)
	if err != nil {
		return to, 0, err
	}
	defer s.Close()
	err = each(ctx, s, func(info store.DocumentInfo) error {
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

// The same steps for the server, each on a connection of its own: they are rare.

func (a *App) reindex(ctx context.Context) (*Reindex, error) {
	return OpenReindex(ctx, a.config, a.log)
}

// Collections lists what there is.
func (a *App) Collections(ctx context.Context) ([]corpus.Collection, error) {
	r, err := a.reindex(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Collections(ctx)
}

// Compare asks the active collection and another, by default the next one, the
// same questions.
func (a *App) Compare(ctx context.Context, name string, questions []string, sample int) (c corpus.Comparison, err error) {
	r, err := a.reindex(ctx)
	if err != nil {
		return c, err
	}
	defer r.Close()
	if name, err = r.orNext(ctx, name); err != nil {
		return c, err
	}
	return r.Compare(ctx, CompareRequest{Collection: name, Questions: questions, Sample: sample})
}

// ActivateCollection lets all servers go over to a collection, by default the
// next one.
func (a *App) ActivateCollection(ctx context.Context, name string, force bool) (string, corpus.Lag, error) {
	r, err := a.reindex(ctx)
	if err != nil {
		return "", corpus.Lag{}, err
	}
	defer r.Close()
	if name, err = r.orNext(ctx, name); err != nil {
		return "", corpus.Lag{}, err
	}
	late, err := r.Activate(ctx, name, force)
	return name, late, err
}

// Rollback goes back to the collection before.
func (a *App) Rollback(ctx context.Context) (string, int, error) {
	r, err := a.reindex(ctx)
	if err != nil {
		return "", 0, err
	}
	defer r.Close()
	return r.Rollback(ctx)
}

// Drop removes a collection.
func (a *App) Drop(ctx context.Context, name string, grace time.Duration) error {
	r, err := a.reindex(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	return r.Drop(ctx, name, grace)
}
