package embedder_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// paced puts a Pace around an embedder, as a server does.
func paced(e embedder.Embedder, options embedder.PaceOptions) embedder.Embedder {
	pace := embedder.NewPace(options)
	return pace.Cut(embedder.Retried(pace.Measured(embedder.Circuit(e, embedder.CircuitOptions{})), embedder.RetryOptions{}))
}

func TestPaceKeepsTheLaws(t *testing.T) {
	embedtest.Run(t, func(*testing.T) embedder.Embedder { return paced(hash.New(hash.Options{}), embedder.PaceOptions{}) })
}

func numbered(n int, pad int) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("%d %s", i, strings.Repeat("x", pad+i%4))
	}
	return texts
}

// An endpoint that takes eight texts a call is found out once.
func TestTheLimitOfTextsIsLearned(t *testing.T) {
	f, refused := newFake(), 0
	f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
		if len(texts) > 8 {
			refused++
			return embedder.Embeddings{}, corpus.Errorf(corpus.ErrInvalid, "batch size %d > maximum allowed batch size 8", len(texts))
		}
		return axes(4, texts), nil
	}
	e := paced(f, embedder.PaceOptions{})
	texts := numbered(256, 4)
	for round := range 3 {
		for _, role := range []embedder.Role{embedder.Passage, embedder.Query} {
			answer, err := e.Embed(t.Context(), role, texts)
			if err != nil || len(answer.Vectors) != len(texts) || answer.Tokens != len(texts) {
				t.Fatalf("round %d: %d vectors, %d tokens, %v", round, len(answer.Vectors), answer.Tokens, err)
			}
			want := axes(4, texts)
			for i := range texts {
				if !slices.Equal(answer.Vectors[i], want.Vectors[i]) {
					t.Fatalf("text %d has another text's vector", i)
				}
			}
		}
	}
	if refused > 5 {
		t.Errorf("%d calls were refused, want the first halvings alone: 256, 128, 64, 32, 16", refused)
	}
}

// A text at fault is found within a batch, and is not taken for a limit.
func TestATextAtFaultIsFoundWithinABatch(t *testing.T) {
	f := newFake()
	f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
		if slices.Contains(texts, "poison") {
			return embedder.Embeddings{}, corpus.Errorf(corpus.ErrInvalid, "an input is too long")
		}
		return axes(4, texts), nil
	}
	e := paced(f, embedder.PaceOptions{})
	texts := numbered(100, 4)
	texts[77] = "poison"
	_, err := e.Embed(t.Context(), embedder.Passage, texts)
	var text *embedder.TextError
	if !errors.As(err, &text) || text.Index != 77 || !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("got %v, want text 77 with the endpoint's words", err)
	}
	f.calls = nil
	if _, err := e.Embed(t.Context(), embedder.Passage, numbered(100, 4)); err != nil || len(f.calls) != 1 {
		t.Errorf("afterwards %d calls, %v, want one", len(f.calls), err)
	}
}

// server is a model behind an endpoint that reads one text after the other, and
// goes on with what its caller has given up.
type server struct {
	embedder.Embedder
	each, overhead, timeout time.Duration
	lanes                   int // calls that it works on at once

	mu              sync.Mutex
	busy            []time.Time // until when, a lane
	texts, timeouts int
	flying, most    int
	backlog, took   time.Duration // the longest
	sizes           []int
}

func newServer(each, overhead time.Duration, lanes int) *server {
	f := newFake()
	f.model.MaxBatch = 256
	return &server{Embedder: f, each: each, overhead: overhead, timeout: time.Minute, lanes: lanes, busy: make([]time.Time, lanes)}
}

func (s *server) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	now := time.Now()
	s.mu.Lock()
	lane := 0
	for i := range s.busy {
		if s.busy[i].Before(s.busy[lane]) {
			lane = i
		}
	}
	from := s.busy[lane]
	if from.Before(now) {
		from = now
	}
	done := from.Add(s.overhead + time.Duration(len(texts))*s.each)
	s.busy[lane] = done
	s.texts += len(texts)
	s.sizes = append(s.sizes, len(texts))
	s.flying++
	s.most, s.backlog = max(s.most, s.flying), max(s.backlog, done.Sub(now))
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.flying--
		s.took = max(s.took, time.Since(now))
		s.mu.Unlock()
	}()
	if done.Sub(now) > s.timeout {
		time.Sleep(s.timeout)
		s.mu.Lock()
		s.timeouts++
		s.mu.Unlock()
		return embedder.Embeddings{}, corpus.Errorf(corpus.ErrUnavailable, "%w", embedder.ErrTimeout)
	}
	time.Sleep(done.Sub(now))
	return s.Embedder.Embed(ctx, role, texts)
}

// index embeds so many documents of 64 passages of a thousand bytes, by as many
// workers.
func index(t *testing.T, e embedder.Embedder, workers, documents int) {
	t.Helper()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for range documents / workers {
				if answer, err := e.Embed(t.Context(), embedder.Passage, numbered(64, 1000)); err != nil || len(answer.Vectors) != 64 {
					t.Errorf("%d vectors, %v", len(answer.Vectors), err)
					return
				}
			}
		})
	}
	all.Wait()
}

// A slow endpoint finishes: calls are as small as they have to be, and little is
// sent twice, from 300 passages a minute down to six.
func TestASlowEndpointFinishes(t *testing.T) {
	for _, each := range []time.Duration{200 * time.Millisecond, time.Second, 4 * time.Second, 10 * time.Second} {
		t.Run(each.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newServer(each, 0, 1)
				index(t, paced(s, embedder.PaceOptions{}), 4, 8)
				if s.texts > 8*64*11/10 || s.timeouts > 3 {
					t.Errorf("%d texts for %d, %d timeouts; want little sent twice", s.texts, 8*64, s.timeouts)
				}
				if most := max(20*time.Second, 12*each); s.backlog > most {
					t.Errorf("%v of work waited at the endpoint, want %v at most", s.backlog, most)
				}
			})
		})
	}
}

// An endpoint that becomes slow in mid-run recovers, without a retry storm.
func TestAnEndpointThatBecomesSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(time.Millisecond, 0, 1)
		e := paced(s, embedder.PaceOptions{})
		index(t, e, 4, 64)
		s.mu.Lock()
		s.each, s.texts = 2*time.Second, 0
		s.mu.Unlock()
		index(t, e, 4, 8)
		if s.texts > 3*8*64 {
			t.Errorf("%d texts were sent for %d", s.texts, 8*64)
		}
	})
}

// A fast endpoint gets whole batches, and several at a time.
func TestAFastEndpointIsUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(10*time.Microsecond, 20*time.Millisecond, 64)
		e := paced(s, embedder.PaceOptions{})
		start := time.Now()
		index(t, e, 8, 800)
		if took := time.Since(start); s.most < 8 || took > 10*time.Second {
			t.Errorf("%d calls at once at most, %v for 800 documents", s.most, took)
		}
		if s.sizes[len(s.sizes)-1] != 64 {
			t.Errorf("the last call had %d texts of 64", s.sizes[len(s.sizes)-1])
		}
	})
}

// A question does not wait for a place among the passages.
func TestAQuestionPassesThePassages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(time.Second, 0, 2)
		e := paced(s, embedder.PaceOptions{Calls: 1})
		var indexing sync.WaitGroup
		indexing.Go(func() { index(t, e, 2, 2) })
		time.Sleep(10 * time.Second)
		start := time.Now()
		if _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); err != nil || time.Since(start) > time.Second {
			t.Errorf("a question took %v, %v", time.Since(start), err)
		}
		indexing.Wait()
	})
}

// Close ends what callers have left behind, and waits for it.
func TestCloseEndsSharedCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, wrap := range map[string]func(embedder.Embedder) embedder.Embedder{
			"coalesced": embedder.Coalesced,
			"grouped":   func(e embedder.Embedder) embedder.Embedder { return embedder.Grouped(e, embedder.GroupOptions{}) },
			"both": func(e embedder.Embedder) embedder.Embedder {
				return embedder.Cached(embedder.Coalesced(embedder.Grouped(e, embedder.GroupOptions{})), embedder.CacheOptions{})
			},
		} {
			f, ended := newFake(), false
			f.embed = func(ctx context.Context, _ []string) (embedder.Embeddings, error) {
				<-ctx.Done()
				ended = true
				return embedder.Embeddings{}, context.Cause(ctx)
			}
			e := wrap(f)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if _, err := e.Embed(ctx, embedder.Query, []string{"q"}); !errors.Is(err, context.DeadlineExceeded) || ended {
				t.Errorf("%s: %v, ended %v; want the caller's deadline, and the call to go on", name, err, ended)
			}
			cancel()
			embedder.Close(e)
			if !ended {
				t.Errorf("%s: the call goes on after Close", name)
			}
			if _, err := e.Embed(t.Context(), embedder.Query, []string{"q"}); !errors.Is(err, corpus.ErrUnavailable) {
				t.Errorf("%s: after Close: %v, want unavailable", name, err)
			}
		}
	})
}
