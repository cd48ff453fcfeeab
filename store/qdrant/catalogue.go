package qdrant

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// Catalogue manages the collections of one alias: it builds a collection beside the
// active one, activates it, rolls back, and drops collections.
type Catalogue struct{ store *Store }

// OpenCatalogue connects to the server. It opens no collection. options.Pipeline is
// the pipeline of the collections that Build creates.
func OpenCatalogue(ctx context.Context, options Options) (*Catalogue, error) {
	s, err := connect(ctx, options)
	if err != nil {
		return nil, err
	}
	return &Catalogue{s}, nil
}

// Close closes the connection.
func (c *Catalogue) Close() error {
	if c.store.closed.Swap(true) {
		return nil
	}
	return c.store.client.Close()
}

// Active returns the name of the collection that the alias points to, or "".
func (c *Catalogue) Active(ctx context.Context) (string, error) {
	return c.store.resolve(ctx, c.store.asking(), c.store.options.Alias)
}

// Pipeline returns the pipeline that built a collection.
func (c *Catalogue) Pipeline(ctx context.Context, name string) (corpus.Pipeline, error) {
	settings, err := c.named(ctx, name)
	return settings.Pipeline, err
}

// named reads the settings of the named collection.
func (c *Catalogue) named(ctx context.Context, name string) (store.Settings, error) {
	settings, err := c.store.readSettings(ctx, name)
	if corpus.KindOf(err) == corpus.ErrMissing {
		err = c.absent(name)
	}
	return settings, err
}

func (c *Catalogue) absent(name string) error {
	return missingf("the alias %s has no collection %s; \"dalil reindex status\" lists its collections", c.store.options.Alias, name)
}

// List returns all collections of the alias, the newest first.
func (c *Catalogue) List(ctx context.Context) ([]corpus.Collection, error) {
	s := c.store
	names, err := s.collections(ctx, s.asking())
	if err != nil {
		return nil, err
	}
	active, err := c.Active(ctx)
	if err != nil {
		return nil, err
	}
	others, err := s.pointedAt(ctx, c.store.asking())
	if err != nil {
		return nil, err
	}
	var all []corpus.Collection
	for name := range names {
		if name != active && (others[name] || !isNameOf(s.options.Alias, name)) {
			continue
		}
		one, err := c.describe(ctx, name)
		switch {
		case errors.Is(err, corpus.ErrModelMismatch), errors.Is(err, corpus.ErrMissing):
			continue // not a collection of Dalil, or dropped meanwhile
		case err != nil:
			return nil, err
		}
		one.Active = name == active
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b corpus.Collection) int {
		if order := b.CreatedAt.Compare(a.CreatedAt); order != 0 {
			return order
		}
		return strings.Compare(b.Name, a.Name)
	})
	return all, nil
}

func (c *Catalogue) describe(ctx context.Context, name string) (corpus.Collection, error) {
	s := c.store
	info, err := s.info(ctx, s.asking(), name)
	if err != nil {
		return corpus.Collection{}, err
	}
	settings, err := decodeSettings(name, info)
	if err != nil {
		return corpus.Collection{}, err
	}
	one := corpus.Collection{Name: name, Pipeline: settings.Pipeline, CreatedAt: settings.CreatedAt, ActivatedAt: activatedAt(info)}
	if one.Documents, err = s.count(ctx, s.asking(), name, kind(kindDocument)); err != nil {
		return one, err
	}
	if one.Passages, err = s.count(ctx, s.asking(), name, kind(kindPassage)); err != nil {
		return one, err
	}
	newest, err := s.newest(ctx, s.asking(), name)
	if corpus.KindOf(err) == corpus.ErrRefusedState {
		return one, nil // an index is missing, as in a collection whose rebuild was stopped at its beginning
	}
	if newest > 0 {
		one.UpdatedAt = when(newest)
	}
	return one, err
}

// Build opens a collection beside the active one, for any pipeline. If a collection
// of the same pipeline was begun after the active one, Build continues it.
// Otherwise the store is empty until its Create, which does not move the alias.
func Build(ctx context.Context, options Options) (*Store, error) { return build(ctx, options, true) }

// BuildNew builds like Build, but never continues an existing collection.
func BuildNew(ctx context.Context, options Options) (*Store, error) {
	return build(ctx, options, false)
}

func build(ctx context.Context, options Options, resume bool) (*Store, error) {
	catalogue, err := OpenCatalogue(ctx, options)
	if err != nil {
		return nil, err
	}
	defer catalogue.Close()
	target, err := catalogue.next(ctx, options.Pipeline, resume)
	if err != nil {
		return nil, err
	}
	return openTarget(ctx, options, target, false)
}

// next returns the name of the collection to build.
func (c *Catalogue) next(ctx context.Context, p corpus.Pipeline, resume bool) (string, error) {
	s := c.store
	active, err := c.Active(ctx)
	if err != nil {
		return "", err
	}
	taken, err := s.collections(ctx, s.asking())
	if err != nil {
		return "", err
	}
	switch {
	case taken[s.options.Alias]:
		return "", corpus.Refused("the name %s (store.collection) can't be an alias: a collection is called so; choose another name", s.options.Alias)
	case active != "":
		if _, err := s.readSettings(ctx, active); errors.Is(err, errForeign) {
			return "", corpus.Refused("the alias %s points to collection %s, which was not made by Dalil; choose another store.collection, or remove the alias", s.options.Alias, active)
		} else if err != nil {
			return "", err
		}
	}
	all, err := c.List(ctx)
	if err != nil {
		return "", err
	}
	for _, one := range all { // the newest first
		if one.Active || !resume {
			break
		}
		if one.Pipeline == p && one.ActivatedAt.IsZero() {
			return one.Name, nil
		}
	}
	for n := 0; ; n++ {
		if name := collectionName(s.options.Alias, p, n); !taken[name] {
			return name, nil
		}
	}
}

// Activate points the alias to the named collection in one step. It refuses a
// collection of another alias.
func (c *Catalogue) Activate(ctx context.Context, name string) error {
	if _, err := c.named(ctx, name); err != nil {
		return err
	}
	others, err := c.store.pointedAt(ctx, c.store.asking())
	if err != nil {
		return err
	}
	if others[name] || !isNameOf(c.store.options.Alias, name) {
		return corpus.Refused("%s is not a collection of the alias %s", name, c.store.options.Alias)
	}
	if err := c.store.flip(ctx, name); err != nil {
		return err
	}
	return c.store.noteActivation(ctx, name)
}

// noteActivation writes the time of activation into the collection's metadata.
func (s *Store) noteActivation(ctx context.Context, name string) error {
	return s.write(ctx, "note the activation", func(ctx context.Context) error {
		return s.client.UpdateCollection(ctx, &sdk.UpdateCollection{
			CollectionName: name, Metadata: map[string]*sdk.Value{activatedKey: sdk.NewValueString(time.Now().UTC().Format(time.RFC3339Nano))},
		})
	})
}

// activatedKey is the time of the last activation, in the collection's metadata.
const activatedKey = "dalil_activated_at"

func activatedAt(info *sdk.CollectionInfo) time.Time {
	t, err := time.Parse(time.RFC3339Nano, info.GetConfig().GetMetadata()[activatedKey].GetStringValue())
	if err != nil {
		return time.Time{} // it was never active, or the time could not be written
	}
	return t
}

// Previous returns the collection that was active before the current one, or "".
func (c *Catalogue) Previous(ctx context.Context) (string, error) {
	all, err := c.List(ctx)
	if err != nil {
		return "", err
	}
	var last corpus.Collection
	for _, one := range all {
		if !one.Active && one.ActivatedAt.After(last.ActivatedAt) {
			last = one
		}
	}
	return last.Name, nil
}

// Drop deletes a collection. It refuses the active one. It also refuses a
// collection that was active or created within grace, because readers and writers
// may still use it.
func (c *Catalogue) Drop(ctx context.Context, name string, grace time.Duration) error {
	all, err := c.List(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(one corpus.Collection) bool { return one.Name == name })
	if at < 0 {
		return c.absent(name)
	}
	youngest := all[at].CreatedAt
	for _, one := range all {
		if one.Active && one.ActivatedAt.After(youngest) {
			youngest = one.ActivatedAt
		}
	}
	switch age := time.Since(youngest); {
	case all[at].Active:
		return corpus.Refused("%s is the active collection", name)
	case age < grace:
		return corpus.Refused("%s may still be in use: it was created, or was last active, %v ago; the grace period is %v", name, age.Round(time.Second), grace)
	}
	return c.store.write(ctx, "drop collection "+name, func(ctx context.Context) error { return c.store.client.DeleteCollection(ctx, name) })
}

// RemoveAll deletes the alias and all its collections.
func (c *Catalogue) RemoveAll(ctx context.Context) error {
	all, err := c.List(ctx)
	if err != nil {
		return err
	}
	for _, one := range all { // deleting a collection deletes its alias
		if err := c.store.write(ctx, "drop collection "+one.Name, func(ctx context.Context) error { return c.store.client.DeleteCollection(ctx, one.Name) }); err != nil {
			return err
		}
	}
	return nil
}
