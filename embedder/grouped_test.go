package embedder_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/hash"
)

// slowly takes its time for a call, whatever it holds, as a model server does.
type slowly struct {
	embedder.Embedder
	calls    atomic.Int32
	took     time.Duration
	nameless bool // it does not say which text is at fault
}

func (s *slowly) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	s.calls.Add(1)
	select {
	case <-time.After(s.took):
	case <-ctx.Done():
		return embedder.Embeddings{}, ctx.Err()
	}
	if i := slices.Index(texts, "poison"); i >= 0 {
		if s.nameless {
			return embedder.Embeddings{}, corpus.Invalid("input", "holds poison")
		}
		return embedder.Embeddings{}, &embedder.TextError{Index: i, Err: corpus.Invalid("text", "is poison")}
	}
	return s.Embedder.Embed(ctx, role, texts)
}

func TestGroupedKeepsTheLaws(t *testing.T) {
	embedtest.Run(t, func(*testing.T) embedder.Embedder {
		return embedder.Grouped(hash.New(hash.Options{}), embedder.GroupOptions{})
	})
}

// Thirty-two callers take a quarter of the calls at most, and each gets the
// vector of its own question.
func TestQuestionsThatWaitTravelTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plain := hash.New(hash.Options{})
		model := &slowly{Embedder: plain, took: 2 * time.Millisecond}
		e := embedder.Grouped(model, embedder.GroupOptions{})
		var callers sync.WaitGroup
		for c := range 32 {
			callers.Go(func() {
				for i := range 20 {
					text := fmt.Sprintf("question %d of %d", i, c)
					got, err := e.Embed(t.Context(), embedder.Query, []string{text})
					if err != nil {
						t.Error(err)
						return
					}
					want, err := plain.Embed(t.Context(), embedder.Query, []string{text})
					if err != nil || !slices.Equal(got.Vectors[0], want.Vectors[0]) {
						t.Errorf("%s: another question's vector, %v", text, err)
					}
				}
			})
		}
		callers.Wait()
		if calls := model.calls.Load(); calls > 32*20/4 {
			t.Errorf("%d calls for %d questions, want a quarter at most", calls, 32*20)
		}
		model.calls.Store(0)
		if _, err := e.Embed(t.Context(), embedder.Query, []string{"alone"}); err != nil || model.calls.Load() != 1 {
			t.Errorf("alone: %d calls, %v", model.calls.Load(), err)
		}
	})
}

func TestABadQuestionFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, nameless := range []bool{false, true} {
			model := &slowly{Embedder: hash.New(hash.Options{}), took: 5 * time.Millisecond, nameless: nameless}
			e := embedder.Grouped(model, embedder.GroupOptions{Flights: 1})
			var callers sync.WaitGroup
			for i := range 12 {
				text := fmt.Sprint("question ", i)
				if i == 7 {
					text = "poison"
				}
				callers.Go(func() {
					answer, err := e.Embed(t.Context(), embedder.Query, []string{text})
					switch {
					case text == "poison" && !errors.Is(err, corpus.ErrInvalid):
						t.Errorf("the bad one: %v", err)
					case text != "poison" && (err != nil || len(answer.Vectors) != 1):
						t.Errorf("%s: %v", text, err)
					}
				})
			}
			callers.Wait()
		}
	})
}

func TestACallerMayLeaveAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		slow := embedder.Grouped(&slowly{Embedder: hash.New(hash.Options{}), took: 100 * time.Millisecond}, embedder.GroupOptions{})
		if _, err := slow.Embed(ctx, embedder.Query, []string{"late"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a caller that leaves: %v", err)
		}
		embedder.Close(slow)
	})
}
