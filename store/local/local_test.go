package local_test

import (
	"cmp"
	"context"
	"os"
	"strconv"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/storetest"
)

func TestLaws(t *testing.T) {
	storetest.Run(t, harness)
}

// A store that is shared with another tenant keeps the laws.
func TestLawsOfASharedStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		h := harness(t)
		h.Steps = min(cmp.Or(h.Steps, 300), 300)
		return storetest.Crowded(h, true)
	})
}

func TestLawsOfTenants(t *testing.T) { storetest.RunTenants(t, harness) }

func harness(t *testing.T) storetest.Harness {
	steps, err := strconv.Atoi(os.Getenv("DALIL_MODEL_STEPS"))
	if err != nil {
		steps = 0 // the suite's default
	}
	dir, clock := t.TempDir(), &storetest.Clock{}
	return storetest.Harness{
		Clock: clock,
		Open: func(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
			s, err := local.Open(ctx, local.Options{Dir: dir, Pipeline: p, Now: clock.Now})
			if err != nil {
				return nil, err
			}
			return s, nil
		},
		Steps: steps,
	}
}
