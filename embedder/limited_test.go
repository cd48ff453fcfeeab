package embedder_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/hash"
)

func TestLimitedKeepsTheLaws(t *testing.T) {
	embedtest.Run(t, func(*testing.T) embedder.Embedder {
		return embedder.Limited(hash.New(hash.Options{}), embedder.LimitOptions{})
	})
}

// took records how long workers take for so many calls with a text.
func took(t *testing.T, e embedder.Embedder, workers, calls int, text string) time.Duration {
	t.Helper()
	start := time.Now()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range calls / workers {
				if _, err := e.Embed(t.Context(), embedder.Passage, []string{text}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

func between(t *testing.T, what string, got, least, most time.Duration) {
	t.Helper()
	if got < least || got > most {
		t.Errorf("%s: %v, want %v to %v", what, got, least, most)
	}
}

func TestAllWorkersShareTheLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := embedder.Limited(newFake(), embedder.LimitOptions{Requests: 60})
		between(t, "66 calls at 60 a minute, six at once", took(t, e, 6, 66, "a"), 59*time.Second, 61*time.Second)
	})
	synctest.Test(t, func(t *testing.T) {
		hundred := strings.Repeat("word ", 50) // fifty tokens by the estimate: two a word and none a blank
		f := newFake()
		f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
			answer := axes(4, texts)
			answer.Tokens = 100 * len(texts) // the model's own count: twice the estimate
			return answer, nil
		}
		e := embedder.Limited(f, embedder.LimitOptions{Tokens: 6000})
		took(t, e, 4, 60, hundred) // learns what is billed
		between(t, "60 calls of 100 tokens at 6000 a minute", took(t, e, 4, 60, hundred), 55*time.Second, 62*time.Second)
	})
}

// A provider that lets 60 calls a minute through, in windows of ten seconds, and
// that nobody told us of: everything gets through, and few calls are in vain.
func TestUnknownLimitsAreLearned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const window = 10 * time.Second
		var mu sync.Mutex
		start, left, refusals := time.Now(), 10, 0
		f := newFake()
		f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
			time.Sleep(20 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			if passed := time.Since(start); passed >= window {
				start, left = start.Add(passed.Truncate(window)), 10
			}
			if left == 0 {
				refusals++
				return embedder.Embeddings{}, &embedder.LimitedError{RetryAfter: window - time.Since(start), Err: errors.New("too many requests")}
			}
			left--
			return axes(4, texts), nil
		}
		e := embedder.Retried(embedder.Limited(f, embedder.LimitOptions{}), embedder.RetryOptions{})
		between(t, "600 calls at one a second", took(t, e, 8, 600, "a"), 9*time.Minute, 12*time.Minute)
		if refusals > 60 {
			t.Errorf("%d of 600 calls were in vain, want a tenth at most", refusals)
		}
	})
}

func TestAQuestionDoesNotWaitBehindPassages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		e := embedder.Limited(f, embedder.LimitOptions{Requests: 60})
		var indexing sync.WaitGroup
		indexing.Go(func() { took(t, e, 2, 30, "a") })
		time.Sleep(time.Second)
		start := time.Now()
		for range 5 {
			if _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); err != nil {
				t.Error(err)
			}
		}
		between(t, "five questions while passages wait", time.Since(start), 0, 0)
		indexing.Wait()
		between(t, "30 passages that made room for 5 questions", time.Since(start), 26*time.Second, 30*time.Second)
	})
}

func TestQuestionsStayWithinTheLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := embedder.Limited(newFake(), embedder.LimitOptions{Requests: 60})
		passed := 0
		for range 600 {
			var limited *embedder.LimitedError
			switch _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); {
			case err == nil:
				passed++
			case !errors.As(err, &limited) || limited.RetryAfter <= time.Second:
				t.Fatalf("got %v, want a limit that says when", err)
			}
		}
		if passed < 6 || passed > 8 {
			t.Errorf("%d questions passed at once at 60 a minute", passed)
		}
		start := time.Now()
		took(t, e, 1, 1, "a")
		between(t, "a passage after them", time.Since(start), 0, 10*time.Second)
	})
}

func TestARefusalHoldsEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, calls := failing(&embedder.LimitedError{RetryAfter: 20 * time.Second, Err: errors.New("too many requests")})
		e := embedder.Limited(f, embedder.LimitOptions{})
		ask := func(role embedder.Role, within time.Duration) (time.Duration, error) {
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			start := time.Now()
			_, err := e.Embed(ctx, role, []string{"a"})
			return time.Since(start), err
		}
		if _, err := ask(embedder.Passage, time.Minute); !errors.Is(err, corpus.ErrExhausted) {
			t.Fatalf("the refused call: %v", err)
		}
		var limited *embedder.LimitedError
		if waited, err := ask(embedder.Query, time.Minute); !errors.As(err, &limited) || waited > 0 {
			t.Errorf("a question: %v after %v, want the refusal at once", err, waited)
		}
		if waited, err := ask(embedder.Passage, 5*time.Second); !errors.Is(err, corpus.ErrExhausted) || waited > 0 {
			t.Errorf("a passage with little time: %v after %v, want the refusal at once", err, waited)
		}
		if calls.Load() != 1 {
			t.Errorf("%d calls while the provider asked to wait", calls.Load()-1)
		}
		if waited, err := ask(embedder.Passage, time.Minute); err != nil || waited != 20*time.Second {
			t.Errorf("a passage: %v after %v, want an answer after 20s", err, waited)
		}
	})
}
