package embedder_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// failing answers with the errors in turn, then with vectors.
func failing(errs ...error) (*fake, *atomic.Int32) {
	f, calls := newFake(), new(atomic.Int32)
	f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
		if n := int(calls.Add(1)); n <= len(errs) && errs[n-1] != nil {
			return embedder.Embeddings{}, errs[n-1]
		}
		return axes(4, texts), nil
	}
	return f, calls
}

func repeat(err error, n int) []error {
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}

func TestRetriedTriesAgainOnlyWhatMayHelp(t *testing.T) {
	for _, test := range []struct {
		name  string
		errs  []error
		calls int32
		fails bool
	}{
		{"a passing fault", repeat(corpus.ErrUnavailable, 2), 3, false},
		{"a limit", []error{&embedder.LimitedError{RetryAfter: time.Second}}, 2, false},
		{"a lasting fault", repeat(corpus.ErrUnavailable, 99), 4, true},
		{"bad input", repeat(corpus.ErrInvalid, 99), 1, true},
		{"one bad text", repeat(&embedder.TextError{Index: 0, Err: corpus.ErrUnavailable}, 99), 1, true},
		{"a lasting no", repeat(corpus.ErrDenied, 99), 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, calls := failing(test.errs...)
				_, err := embedder.Retried(f, embedder.RetryOptions{}).Embed(t.Context(), embedder.Query, []string{"a"})
				if (err != nil) != test.fails || calls.Load() != test.calls {
					t.Errorf("%d calls, error %v; want %d calls, an error: %v", calls.Load(), err, test.calls, test.fails)
				}
			})
		})
	}
}

func TestRetriedWaitsAsLongAsTheProviderAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, _ := failing(&embedder.LimitedError{RetryAfter: 7 * time.Second})
		start := time.Now()
		if _, err := embedder.Retried(f, embedder.RetryOptions{}).Embed(t.Context(), embedder.Passage, []string{"a"}); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(start); waited < 7*time.Second {
			t.Errorf("tried again after %v, the provider asked for 7s", waited)
		}
		f, _ = failing(&embedder.LimitedError{RetryAfter: 7 * time.Second})
		start = time.Now()
		_, err := embedder.Retried(f, embedder.RetryOptions{}).Embed(t.Context(), embedder.Query, []string{"a"})
		if waited := time.Since(start); !errors.Is(err, corpus.ErrExhausted) || waited > time.Second {
			t.Errorf("a question waited %v and got %v, want the provider's refusal within a second", waited, err)
		}
	})
}

func TestRetriedDoesNotWaitBeyondTheCallersDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, calls := failing(repeat(&embedder.LimitedError{RetryAfter: time.Minute}, 9)...)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		_, err := embedder.Retried(f, embedder.RetryOptions{}).Embed(ctx, embedder.Query, []string{"a"})
		if !errors.Is(err, corpus.ErrExhausted) || calls.Load() != 1 || time.Since(start) != 0 {
			t.Errorf("%d calls, error %v, after %v; want the provider's error at once", calls.Load(), err, time.Since(start))
		}
	})
}

// A provider that has answered once is waited for as long as was said; one that
// never did, is not.
func TestRetriedWaitsForAProviderThatIsAway(t *testing.T) {
	for _, why := range []error{corpus.ErrUnavailable, &embedder.LimitedError{Err: corpus.ErrExhausted}} {
		synctest.Test(t, func(t *testing.T) {
			options := embedder.RetryOptions{First: 2 * time.Second, Most: time.Minute, Within: 15 * time.Minute}
			away := time.Time{}
			f := newFake()
			f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
				if time.Now().Before(away) {
					return embedder.Embeddings{}, why
				}
				return axes(4, texts), nil
			}
			e := embedder.Retried(f, options)
			for range 3 {
				away = time.Now().Add(8 * time.Minute)
				if _, err := e.Embed(t.Context(), embedder.Passage, []string{"a"}); len(f.calls) > 4 && err != nil {
					t.Errorf("away for eight minutes: %v", err)
				}
				away = time.Time{}
				if _, err := e.Embed(t.Context(), embedder.Passage, []string{"a"}); err != nil {
					t.Error(err)
				}
			}
			fresh, calls := failing(repeat(why, 1<<20)...)
			start := time.Now()
			if _, err := embedder.Retried(fresh, options).Embed(t.Context(), embedder.Passage, []string{"a"}); err == nil || calls.Load() > 4 || time.Since(start) > time.Minute {
				t.Errorf("a provider that never answered: %v after %v and %d calls", err, time.Since(start), calls.Load())
			}
		})
	}
}

func TestRetriesStayWithinTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, calls := failing(repeat(corpus.ErrUnavailable, 1<<20)...)
		e := embedder.Retried(f, embedder.RetryOptions{})
		const asked = 1000
		for range asked {
			if _, err := e.Embed(t.Context(), embedder.Query, []string{"a"}); err == nil {
				t.Fatal("succeeded")
			}
		}
		if extra := int(calls.Load()) - asked; extra > asked/10+10 || extra < asked/20 {
			t.Errorf("%d extra calls for %d under a lasting failure, want at most a tenth and the first ten", extra, asked)
		}
	})
}

func TestCircuitOpensAndCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, calls := failing(repeat(corpus.ErrUnavailable, 6)...)
		var states []bool
		e := embedder.Circuit(f, embedder.CircuitOptions{Changed: func(open bool) { states = append(states, open) }})
		ask := func() error {
			_, err := e.Embed(t.Context(), embedder.Query, []string{"a"})
			return err
		}
		for range 5 {
			if err := ask(); errors.Is(err, embedder.ErrCircuitOpen) {
				t.Fatalf("open before five failures: %v", err)
			}
		}
		if err := ask(); !errors.Is(err, embedder.ErrCircuitOpen) || !errors.Is(err, corpus.ErrUnavailable) || calls.Load() != 5 {
			t.Fatalf("after five failures: error %v and %d calls, want an open circuit and 5", err, calls.Load())
		}
		time.Sleep(6 * time.Second)
		if err := ask(); errors.Is(err, embedder.ErrCircuitOpen) || err == nil { // the sixth failure
			t.Fatalf("the trial call: %v", err)
		}
		if err := ask(); !errors.Is(err, embedder.ErrCircuitOpen) {
			t.Fatalf("after a failed trial: %v", err)
		}
		time.Sleep(6 * time.Second)
		for range 3 {
			if err := ask(); err != nil {
				t.Fatalf("after the provider came back: %v", err)
			}
		}
		if states[0] != true || states[len(states)-1] != false {
			t.Errorf("reported states: %v", states)
		}
	})
}

func TestCircuitDoesNotCountTheCallersFaults(t *testing.T) {
	f, _ := failing(append(append(repeat(corpus.ErrInvalid, 10), repeat(context.Canceled, 10)...), repeat(&embedder.LimitedError{}, 10)...)...)
	e := embedder.Circuit(f, embedder.CircuitOptions{})
	for i := range 30 {
		if _, err := e.Embed(t.Context(), embedder.Query, []string{"a"}); errors.Is(err, embedder.ErrCircuitOpen) {
			t.Fatalf("call %d: %v", i, err)
		}
	}
}
