package qdrant

import (
	"context"
	"fmt"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// resolve returns the collection that an alias points to, "" for none.
func (s *Store) resolve(ctx context.Context, alias string) (string, error) {
	all, err := s.aliases(ctx)
	return all[alias], err
}

// pointedAt are the collections that other aliases point to.
func (s *Store) pointedAt(ctx context.Context) (map[string]bool, error) {
	all, err := s.aliases(ctx)
	others := map[string]bool{}
	for alias, name := range all {
		others[name] = others[name] || alias != s.options.Alias
	}
	return others, err
}

// aliases are the collections that aliases point to.
func (s *Store) aliases(ctx context.Context) (map[string]string, error) {
	held := map[string]string{}
	return held, s.read(ctx, "list aliases", func(ctx context.Context) error {
		all, err := s.client.ListAliases(ctx)
		for _, a := range all {
			held[a.GetAliasName()] = a.GetCollectionName()
		}
		return err
	})
}

// pointFirst lets the alias point to a new collection unless it points to one
// already.
func (s *Store) pointFirst(ctx context.Context, name string) error {
	held, err := s.resolve(ctx, s.options.Alias)
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
	held, err := s.resolve(ctx, s.options.Alias)
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

// missing says that a collection that was there is gone.
func missing(name string) error {
	return fmt.Errorf("%w: collection %s is gone", corpus.ErrUnavailable, name)
}
