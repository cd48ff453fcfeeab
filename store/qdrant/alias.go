package qdrant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// resolve returns the collection that an alias points to, or "".
func (s *Store) resolve(ctx context.Context, how retry, alias string) (string, error) {
	all, err := s.aliases(ctx, how)
	return all[alias], err
}

// pointedAt returns the collections that other aliases point to.
func (s *Store) pointedAt(ctx context.Context, how retry) (map[string]bool, error) {
	all, err := s.aliases(ctx, how)
	others := map[string]bool{}
	for alias, name := range all {
		others[name] = others[name] || alias != s.options.Alias
	}
	return others, err
}

// aliases returns the collection of each alias.
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

// find returns the name of this store's collection: the one that it was opened for
// by name, or the one that the alias points to. It returns "" if there is none yet.
// If the alias does not exist, but collections of its name have documents, the
// alias was lost: that is corpus.ErrMissing.
func (s *Store) find(ctx context.Context, how retry) (name string, err error) {
	if s.target == "" {
		name, err := s.resolve(ctx, how, s.options.Alias)
		if err != nil || name != "" {
			return name, err
		}
		lost := s.lostAlias(ctx, how)
		if corpus.KindOf(lost) != corpus.ErrMissing {
			return "", lost
		}
		// Another process may have created the first collection and written documents to
		// it since the aliases were read.
		if name, err = s.resolve(ctx, how, s.options.Alias); err != nil || name != "" {
			return name, err
		}
		return "", lost
	}
	names, err := s.collections(ctx, how)
	if err != nil || !names[s.target] {
		return "", err
	}
	return s.target, nil
}

// collections returns the names of all collections of the server.
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

// lostAlias returns an error if the alias was lost, and nil if nothing has been indexed under it yet.
func (s *Store) lostAlias(ctx context.Context, how retry) error {
	names, err := s.collections(ctx, how)
	if err != nil {
		return err
	}
	if names[s.options.Alias] {
		return corpus.Refused("the name %s (store.collection) cannot be an alias, because a collection has that name; choose another name", s.options.Alias)
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
	return missingf("the alias %s points to no collection, and there are collections of its name: %s; \"dalil reindex activate NAME\" points the alias to one of them",
		s.options.Alias, strings.Join(slices.Sorted(slices.Values(left)), ", "))
}

// leftOver describes a collection of the alias's name that has documents or was
// active before. It returns "" for any other collection, such as one that another
// process is creating right now.
func (s *Store) leftOver(ctx context.Context, how retry, name string) (string, error) {
	info, err := s.info(ctx, how, name)
	if corpus.KindOf(err) == corpus.ErrMissing {
		return "", nil // dropped meanwhile
	}
	if err != nil {
		return "", err
	}
	if _, err := decodeSettings(name, info); err != nil {
		return "", nil // not a collection of Dalil
	}
	documents, err := s.count(ctx, how, name, kind(kindDocument))
	if err != nil || documents == 0 && activatedAt(info).IsZero() {
		return "", err
	}
	return fmt.Sprintf("%s (%d documents)", name, documents), nil
}

// pointFirst points the alias to a new collection, unless it points to one already.
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

// flip points the alias to another collection in one step.
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

// missing returns the error of a collection that does not exist.
func missing(name string) error {
	return missingf("collection %s does not exist", name)
}

// foreignAlias returns the error of an alias that points to a collection of another program.
func (s *Store) foreignAlias(name string) error {
	return missingf("the alias %s points to collection %s, which was not made by Dalil (its metadata has no %q) and is not changed; \"dalil reindex status\" lists the collections of this alias, \"dalil reindex activate NAME\" points it to one of them; or set store.collection to another name", s.options.Alias, name, metadataKey)
}
