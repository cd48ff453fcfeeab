package qdrant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// resolve returns the collection that an alias points to, "" for none.
func (s *Store) resolve(ctx context.Context, how retry, alias string) (string, error) {
	all, err := s.aliases(ctx, how)
	return all[alias], err
}

// pointedAt are the collections that other aliases point to.
func (s *Store) pointedAt(ctx context.Context, how retry) (map[string]bool, error) {
	all, err := s.aliases(ctx, how)
	others := map[string]bool{}
	for alias, name := range all {
		others[name] = others[name] || alias != s.options.Alias
	}
	return others, err
}

// aliases are the collections that aliases point to.
func (s *Store) aliases(ctx context.Context, how retry) (map[string]string, error) {
	held := map[string]string{}
	return held, s.call(ctx, how, "list aliases", func(ctx context.Context) error {
		all, err := s.client.ListAliases(ctx)
		for _, a := range all {
			held[a.GetAliasName()] = a.GetCollectionName()
		}
		return err
	})
}

// find looks for the collection that this store is to be: the one that it was
// opened for by name, or the alias's. "" where it is not there yet. Where the alias
// points nowhere and collections of its name hold documents, the alias was lost:
// that is corpus.ErrMissing.
func (s *Store) find(ctx context.Context, how retry) (name string, err error) {
	if s.target == "" {
		name, err := s.resolve(ctx, how, s.options.Alias)
		if err != nil || name != "" {
			return name, err
		}
		return "", s.lostAlias(ctx, how)
	}
	names, err := s.collections(ctx, how)
	if err != nil || !names[s.target] {
		return "", err
	}
	return s.target, nil
}

// collections are the names of all collections of the server.
func (s *Store) collections(ctx context.Context, how retry) (map[string]bool, error) {
	held := map[string]bool{}
	return held, s.call(ctx, how, "list collections", func(ctx context.Context) error {
		names, err := s.client.ListCollections(ctx)
		for _, name := range names {
			held[name] = true
		}
		return err
	})
}

// lostAlias returns nil where nothing was indexed under the alias yet.
func (s *Store) lostAlias(ctx context.Context, how retry) error {
	names, err := s.collections(ctx, how)
	if err != nil {
		return err
	}
	if names[s.options.Alias] {
		return corpus.Refused("the name %s (store.collection) can't be an alias: a collection is called so; choose another name", s.options.Alias)
	}
	var left []string
	for name := range names {
		if !isNameOf(s.options.Alias, name) {
			continue
		}
		described, err := s.leftOver(ctx, how, name)
		if err != nil {
			return err
		}
		if described != "" {
			left = append(left, described)
		}
	}
	if len(left) == 0 {
		return nil
	}
	return missingf("the alias %s points to no collection, and there are collections of its name: %s; \"dalil reindex activate NAME\" lets the alias point to one of them",
		s.options.Alias, strings.Join(slices.Sorted(slices.Values(left)), ", "))
}

// leftOver describes a collection of the alias's name that holds documents or was
// active before; "" for any other. A collection that another process is making
// right now is neither.
func (s *Store) leftOver(ctx context.Context, how retry, name string) (string, error) {
	info, err := s.info(ctx, how, name)
	if corpus.KindOf(err) == corpus.ErrMissing {
		return "", nil // dropped meanwhile
	}
	if err != nil {
		return "", err
	}
	if _, err := decodeSettings(name, info); err != nil {
		return "", nil // somebody else's
	}
	documents, err := s.count(ctx, how, name, kind(kindDocument))
	if err != nil || documents == 0 && activatedAt(info).IsZero() {
		return "", err
	}
	return fmt.Sprintf("%s (%d documents)", name, documents), nil
}

// pointFirst lets the alias point to a new collection unless it points to one
// already.
func (s *Store) pointFirst(ctx context.Context, name string) error {
	held, err := s.resolve(ctx, s.reading(), s.options.Alias)
	if err != nil || held != "" {
		return err
	}
	if err := s.write(ctx, "create alias "+s.options.Alias, func(ctx context.Context) error {
		return s.client.CreateAlias(ctx, s.options.Alias, name)
	}); err != nil {
		return err
	}
	return s.noteActivation(ctx, name)
}

// flip points the alias to another collection, in one step for all readers.
func (s *Store) flip(ctx context.Context, to string) error {
	held, err := s.resolve(ctx, s.reading(), s.options.Alias)
	if err != nil {
		return err
	}
	var steps []*sdk.AliasOperations
	if held == to {
		return nil
	}
	if held != "" {
		steps = append(steps, sdk.NewAliasDelete(s.options.Alias))
	}
	steps = append(steps, sdk.NewAliasCreate(s.options.Alias, to))
	return s.write(ctx, fmt.Sprintf("point alias %s to %s", s.options.Alias, to), func(ctx context.Context) error {
		return s.client.UpdateAliases(ctx, steps)
	})
}

// missingf is a corpus.ErrMissing whose text any caller may read.
func missingf(format string, args ...any) error {
	return &corpus.Error{Kind: corpus.ErrMissing, Cause: corpus.Refused(format, args...)}
}

// missing says that a collection does not exist, or not any more.
func missing(name string) error {
	return missingf("collection %s does not exist", name)
}

// foreignAlias says that the alias points to somebody else's collection.
func (s *Store) foreignAlias(name string) error {
	return missingf("the alias %s points to collection %s, which was not made by Dalil (its metadata has no %q) and is left as it is; \"dalil reindex status\" lists the collections of this alias, \"dalil reindex activate NAME\" points it to one of them; or set store.collection to another name", s.options.Alias, name, metadataKey)
}
