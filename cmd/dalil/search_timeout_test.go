package main

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/store/qdrant/standin"
)

// The time that a search may take covers the opening of the store: a Qdrant that
// hangs is asked with that deadline from the first call on, and only once.
func TestTheTimeoutOfASearchCoversOpening(t *testing.T) {
	const limit = 3 * time.Second
	var calls atomic.Int32
	var left atomic.Int64
	server := standin.Start(t, standin.Options{Before: func(ctx context.Context, _ string, _ any) error {
		if calls.Add(1) == 1 {
			if deadline, set := ctx.Deadline(); set {
				left.Store(int64(time.Until(deadline)))
			} else {
				left.Store(int64(time.Hour))
			}
		}
		<-ctx.Done()
		return ctx.Err()
	}})
	code, _, errs := dalil(t, t.TempDir(), "", nil, "--set", "store.name=qdrant", "--set", "store.address="+server.Address(),
		"--set", "store.timeout=1h", "--set", "embedder.name=hash", "search", "--timeout", limit.String(), "fish")
	if code == 0 || calls.Load() == 1 && !strings.Contains(errs, "deadline exceeded before Qdrant at "+server.Address()+" had answered") || strings.Contains(errs, "rpc error") {
		t.Errorf("exit code %d\n%s", code, errs)
	}
	if calls.Load() > 1 || time.Duration(left.Load()) > limit {
		t.Errorf("%d calls, the first could take %v, want one of at most %v", calls.Load(), time.Duration(left.Load()), limit)
	}
}
