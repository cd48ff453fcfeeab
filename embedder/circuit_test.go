package embedder_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// hung answers nobody.
type hung struct{ embedder.Embedder }

func (hung) Embed(ctx context.Context, _ embedder.Role, _ []string) (embedder.Embeddings, error) {
	<-ctx.Done()
	return embedder.Embeddings{}, ctx.Err()
}

// Questions that are asked together have no deadline of their own: a provider
// that hangs is left alone all the same.
func TestAProviderThatHangsOpensTheCircuit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := embedder.Circuit(hung{newFake()}, embedder.CircuitOptions{Failures: 2})
		for range 2 {
			if _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); !errors.Is(err, corpus.ErrUnavailable) || errors.Is(err, embedder.ErrCircuitOpen) {
				t.Errorf("got %v, want unavailable", err)
			}
		}
		_, err := e.Embed(t.Context(), embedder.Query, []string{"q"})
		if !errors.Is(err, embedder.ErrCircuitOpen) || !strings.Contains(err.Error(), "no answer within") {
			t.Errorf("got %v, want an open circuit that says why", err)
		}
	})
}

// ill fails for so long from the first call on.
type ill struct {
	embedder.Embedder
	until time.Time
}

func (e ill) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	if time.Now().Before(e.until) {
		return embedder.Embeddings{}, corpus.ErrUnavailable
	}
	return e.Embedder.Embed(ctx, role, texts)
}

// Passages wait while the circuit is open, as nobody waits for them; questions
// don't.
func TestPassagesOutlastAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sick := ill{newFake(), time.Now().Add(8 * time.Second)}
		e := embedder.Retried(embedder.Circuit(sick, embedder.CircuitOptions{}), embedder.RetryOptions{})
		for range 8 { // opens it
			_, _ = e.Embed(t.Context(), embedder.Query, []string{"q"})
		}
		start := time.Now()
		if _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); !errors.Is(err, embedder.ErrCircuitOpen) || time.Since(start) > 0 {
			t.Errorf("a question: %v after %v, want the open circuit at once", err, time.Since(start))
		}
		if _, err := e.Embed(t.Context(), embedder.Passage, []string{"p"}); err != nil {
			t.Errorf("a passage, after %v: %v", time.Since(start), err)
		}
		dead := embedder.Retried(embedder.Circuit(ill{newFake(), time.Now().Add(time.Hour)}, embedder.CircuitOptions{}), embedder.RetryOptions{})
		start = time.Now()
		var err error
		for range 3 {
			_, err = dead.Embed(t.Context(), embedder.Passage, []string{"p"})
		}
		if took := time.Since(start); !errors.Is(err, corpus.ErrUnavailable) || took > 2*time.Minute {
			t.Errorf("a provider that stays away: %v after %v", err, took)
		}
	})
}

// A batch that is too large for the time is not a fault of the provider: questions
// go on.
func TestATimeoutOfABatchDoesNotOpenTheCircuit(t *testing.T) {
	f := newFake()
	f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
		if len(texts) > 1 || texts[0] == "slow" {
			return embedder.Embeddings{}, corpus.Errorf(corpus.ErrUnavailable, "%w", embedder.ErrTimeout)
		}
		return axes(4, texts), nil
	}
	e := embedder.Circuit(f, embedder.CircuitOptions{Failures: 2})
	for range 5 {
		if _, err := e.Embed(t.Context(), embedder.Passage, []string{"a", "b"}); !errors.Is(err, embedder.ErrTimeout) {
			t.Errorf("got %v, want the timeout", err)
		}
	}
	if _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); err != nil {
		t.Errorf("a question: %v", err)
	}
	for range 3 {
		_, _ = e.Embed(t.Context(), embedder.Passage, []string{"slow"})
	}
	if _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); !errors.Is(err, embedder.ErrCircuitOpen) {
		t.Errorf("after timeouts of single texts: %v, want an open circuit", err)
	}
}

// A wrong key stays one while the circuit is open: nobody waits for it.
func TestAnOpenCircuitKeepsARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, fault := range []error{corpus.ErrDenied, embedder.ErrWidth} {
			f, _ := failing(repeat(fault, 100)...)
			e := embedder.Retried(embedder.Circuit(f, embedder.CircuitOptions{Failures: 2}), embedder.RetryOptions{})
			start := time.Now()
			for i := range 5 {
				_, err := e.Embed(t.Context(), embedder.Passage, []string{"a"})
				if !embedder.Lasting(err) || errors.Is(err, embedder.ErrCircuitOpen) != (i > 1) {
					t.Errorf("call %d: %v, want a lasting fault", i, err)
				}
			}
			if took := time.Since(start); took > 0 {
				t.Errorf("the calls waited %v", took)
			}
		}
	})
}
