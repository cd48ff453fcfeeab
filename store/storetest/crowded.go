package storetest

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// Crowded returns a place whose collection is bound to the tenant without a name and
// shared with another one: what is put, another tenant puts too, with the same ids and
// vectors. [Run] then proves that the first one does not notice. With restricted, the
// caller does not see all groups, so that its writes have conditions.
func Crowded(h Harness, restricted bool) Harness {
	open, settle := h.Open, h.Settle
	h.restricted = restricted
	h.Open = func(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
		s, err := open(ctx, p)
		if err != nil {
			return nil, err
		}
		me := corpus.Operator("")
		if restricted {
			me.All, me.Groups = false, []string{"readers"}
		}
		bound := store.Bound(s)
		c := &crowded{caller{bound, me}, As(bound, corpus.Operator("other")), s}
		if keeper := store.ProfileKeeperOf(bound); keeper != nil {
			return &crowdedKeeper{c, keepingCaller{&c.caller, keeper}}, nil
		}
		return c, nil
	}
	if settle != nil {
		h.Settle = func(ctx context.Context, s store.Store) error {
			if c, keeps := s.(*crowdedKeeper); keeps {
				return settle(ctx, c.inner)
			}
			return settle(ctx, s.(*crowded).inner)
		}
	}
	return h
}

// crowded is a store that another tenant writes to.
type crowded struct {
	caller
	other store.Store
	inner store.Store
}

func (c *crowded) Put(ctx context.Context, entries []store.Entry) error {
	if err := c.caller.Put(ctx, entries); err != nil {
		return err
	}
	theirs := make([]store.Entry, len(entries))
	for i := range entries {
		theirs[i] = entries[i]
		theirs[i].If, theirs[i].Document.SourceVersion = corpus.Condition{}, nil
		theirs[i].Fingerprint += "-of-others"
	}
	if err := c.other.Put(ctx, theirs); err != nil {
		return fmt.Errorf("put as another tenant: %w", err)
	}
	return nil
}

// crowdedKeeper is a crowded store that keeps profiles.
type crowdedKeeper struct {
	*crowded
	keeping keepingCaller
}

func (c *crowdedKeeper) KeepProfiles(p store.Profiler) { c.keeping.KeepProfiles(p) }

func (c *crowdedKeeper) Profiles(ctx context.Context, ids []corpus.ChunkID, to *store.Profiles) error {
	return c.keeping.Profiles(ctx, ids, to)
}
