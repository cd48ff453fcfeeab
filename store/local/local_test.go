package local_test

import (
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
	steps, err := strconv.Atoi(os.Getenv("DALIL_MODEL_STEPS"))
	if err != nil {
		steps = 0 // the suite's default
	}
	storetest.Run(t, func(t *testing.T) storetest.Harness {
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
	})
}
