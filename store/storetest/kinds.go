package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// kinded is a store whose every error is checked: each has a kind of package
// corpus or is the end of a context, and no SDK's status is in its chain.
type kinded struct {
	store.Store
	t *testing.T
}

func (k *kinded) Unwrap() store.Store { return k.Store }

// CheckKind fails the test for an error that says nothing to its reader.
func CheckKind(t testing.TB, operation string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	ended := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	if corpus.KindOf(err) == "" && !ended {
		t.Errorf("%s: the error %q (%T) has no kind", operation, err, err)
	}
	if status := statusIn(err); status != nil {
		t.Errorf("%s: the chain of %q holds the status of an SDK, %T", operation, err, status)
	}
}

// wrapping and joining are the shapes of errors with others inside, as package
// errors defines them.
type (
	wrapping interface{ Unwrap() error }
	joining  interface{ Unwrap() []error }
)

// statusIn finds an error of the chain that grpc would take for its own.
func statusIn(err error) error {
	if err == nil {
		return nil
	}
	if reflect.ValueOf(err).MethodByName("GRPCStatus").IsValid() {
		return err
	}
	switch wrapper := err.(type) {
	case wrapping:
		return statusIn(wrapper.Unwrap())
	case joining:
		for _, inner := range wrapper.Unwrap() {
			if found := statusIn(inner); found != nil {
				return found
			}
		}
	}
	return nil
}

func (k *kinded) Search(ctx context.Context, arms []store.ArmQuery) ([][]store.Hit, error) {
	hits, err := k.Store.Search(ctx, arms)
	CheckKind(k.t, "search", err)
	return hits, err
}

func (k *kinded) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	points, err := k.Store.Chunks(ctx, ids, with)
	CheckKind(k.t, "chunks", err)
	return points, err
}

func (k *kinded) Vocabulary(ctx context.Context) (store.Vocabulary, error) {
	v, err := k.Store.Vocabulary(ctx)
	CheckKind(k.t, "vocabulary", err)
	return v, err
}

func (k *kinded) Settings(ctx context.Context) (store.Settings, error) {
	s, err := k.Store.Settings(ctx)
	CheckKind(k.t, "settings", err)
	return s, err
}

func (k *kinded) Documents(ctx context.Context, after string, limit int) ([]store.Record, error) {
	page, err := k.Store.Documents(ctx, after, limit)
	CheckKind(k.t, "documents", err)
	return page, err
}

func (k *kinded) Document(ctx context.Context, id string) (store.Record, error) {
	d, err := k.Store.Document(ctx, id)
	CheckKind(k.t, "document", err)
	return d, err
}

func (k *kinded) Fingerprints(ctx context.Context, ids []string) (map[string]string, error) {
	f, err := k.Store.Fingerprints(ctx, ids)
	CheckKind(k.t, "fingerprints", err)
	return f, err
}

func (k *kinded) Stats(ctx context.Context) (corpus.Stats, error) {
	s, err := k.Store.Stats(ctx)
	CheckKind(k.t, "stats", err)
	return s, err
}

func (k *kinded) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	held, err := k.Store.Create(ctx, settings)
	CheckKind(k.t, "create", err)
	return held, err
}

func (k *kinded) Put(ctx context.Context, entries []store.Entry) error {
	err := k.Store.Put(ctx, entries)
	CheckKind(k.t, "put", err)
	return err
}

func (k *kinded) Delete(ctx context.Context, ids []string) error {
	err := k.Store.Delete(ctx, ids)
	CheckKind(k.t, "delete", err)
	return err
}

func (k *kinded) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	err := k.Store.DeleteIf(ctx, deletions)
	CheckKind(k.t, "delete if", err)
	return err
}

func (k *kinded) Versions(ctx context.Context, ids []string) (map[string]int64, error) {
	versions, err := k.Store.Versions(ctx, ids)
	CheckKind(k.t, "versions", err)
	return versions, err
}

func (k *kinded) Expired(ctx context.Context, limit int) ([]string, error) {
	ids, err := k.Store.Expired(ctx, limit)
	CheckKind(k.t, "expired", err)
	return ids, err
}

func (k *kinded) Ready(ctx context.Context) error {
	err := k.Store.Ready(ctx)
	CheckKind(k.t, "ready", err)
	return err
}

func (k *kinded) Close() error {
	err := k.Store.Close()
	CheckKind(k.t, "close", err)
	return err
}
