package embedder_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/embedder"
)

// fake answers each text with an axis chosen by its length and records calls.
type fake struct {
	model embedder.Model
	embed func(ctx context.Context, texts []string) (embedder.Embeddings, error)

	mu    sync.Mutex
	calls [][]string
}

func (f *fake) Model() embedder.Model { return f.model }

func (f *fake) Embed(ctx context.Context, _ embedder.Role, texts []string) (embedder.Embeddings, error) {
	f.mu.Lock()
	f.calls = append(f.calls, texts)
	f.mu.Unlock()
	if f.embed != nil {
		return f.embed(ctx, texts)
	}
	return axes(f.model.Dimensions, texts), nil
}

func axes(dimensions int, texts []string) embedder.Embeddings {
	answer := embedder.Embeddings{Tokens: len(texts)}
	for _, text := range texts {
		v := make(corpus.Vector, dimensions)
		v[len(text)%dimensions] = 1
		answer.Vectors = append(answer.Vectors, v)
	}
	return answer
}

func newFake() *fake {
	return &fake{model: embedder.Model{Name: "fake", Revision: "1", Dimensions: 4}}
}

func TestCheckedRefusesWhatBreaksTheLaw(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, test := range []struct {
		name    string
		vectors []corpus.Vector
		want    string
	}{
		{"too few", []corpus.Vector{{1, 0, 0, 0}}, "1 vectors for 2 texts"},
		{"too many", []corpus.Vector{{1, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 0}}, "3 vectors for 2 texts"},
		{"width", []corpus.Vector{{1, 0, 0, 0}, {1, 0, 0}}, "a vector for text 1 that has 3 dimensions, not 4"},
		{"not a number", []corpus.Vector{{1, 0, 0, 0}, {nan, 0, 0, 0}}, "not finite"},
		{"infinite", []corpus.Vector{{inf, 0, 0, 0}, {1, 0, 0, 0}}, "not finite"},
		{"zero", []corpus.Vector{{0, 0, 0, 0}, {1, 0, 0, 0}}, "has length 0.0000"},
		{"long", []corpus.Vector{{1, 0, 0, 0}, {1, 1, 0, 0}}, "has length 1.4142"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFake()
			f.embed = func(context.Context, []string) (embedder.Embeddings, error) {
				return embedder.Embeddings{Vectors: test.vectors}, nil
			}
			answer, err := embedder.Checked(f).Embed(t.Context(), embedder.Passage, []string{"a", "b"})
			if !errors.Is(err, corpus.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), test.want) {
				t.Errorf("error %v, want %v naming %q", err, corpus.ErrUnavailable, test.want)
			}
			if answer.Vectors != nil {
				t.Errorf("a refused answer still gave %d vectors", len(answer.Vectors))
			}
		})
	}
}

func TestBatchedKeepsToTheBounds(t *testing.T) {
	texts := []string{"aa", "bb", strings.Repeat("c", 50), "dd", "ee", "ff", "gg"}
	for _, test := range []struct {
		name     string
		maxBatch int
		options  embedder.BatchOptions
		want     []int // texts in each call
	}{
		{"no bounds", 0, embedder.BatchOptions{}, []int{7}},
		{"the model's count", 3, embedder.BatchOptions{}, []int{3, 3, 1}},
		{"the smaller count wins", 3, embedder.BatchOptions{Texts: 5}, []int{3, 3, 1}},
		{"the caller's count", 6, embedder.BatchOptions{Texts: 4}, []int{4, 3}},
		{"bytes; a large text travels alone", 0, embedder.BatchOptions{Bytes: 4}, []int{2, 1, 2, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFake()
			f.model.MaxBatch = test.maxBatch
			answer, err := embedder.Batched(f, test.options).Embed(t.Context(), embedder.Passage, texts)
			if err != nil {
				t.Fatal(err)
			}
			var got []int
			for _, call := range f.calls {
				got = append(got, len(call))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("texts in each call (-want +got):\n%s", diff)
			}
			want := axes(4, texts)
			if diff := cmp.Diff(want, answer); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTextErrorNamesTheCallersText(t *testing.T) {
	f := newFake()
	f.model.MaxBatch = 2
	f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
		for i, text := range texts {
			if text == "poison" {
				return embedder.Embeddings{}, &embedder.TextError{Index: i, Err: corpus.ErrInvalid}
			}
		}
		return axes(4, texts), nil
	}
	e := embedder.Cached(embedder.Batched(embedder.Checked(f), embedder.BatchOptions{}), embedder.CacheOptions{})
	if _, err := e.Embed(t.Context(), embedder.Query, []string{"known"}); err != nil {
		t.Fatal(err)
	}
	_, err := e.Embed(t.Context(), embedder.Query, []string{"a", "known", "b", "c", "poison", "d"})
	var text *embedder.TextError
	if !errors.As(err, &text) || text.Index != 4 || !errors.Is(err, corpus.ErrInvalid) {
		t.Errorf("error %v, want a TextError of text 4", err)
	}
}

func TestCachedAsksOnceForAQuery(t *testing.T) {
	f := newFake()
	var hits, misses int
	e := embedder.Cached(f, embedder.CacheOptions{Seen: func(hit bool) {
		if hit {
			hits++
		} else {
			misses++
		}
	}})
	for _, ask := range []struct {
		role  embedder.Role
		texts []string
	}{
		{embedder.Query, []string{"a", "bb"}},
		{embedder.Query, []string{"bb", "ccc", "a"}},
		{embedder.Passage, []string{"a"}},
		{embedder.Passage, []string{"a"}},
	} {
		answer, err := e.Embed(t.Context(), ask.role, ask.texts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(axes(4, ask.texts).Vectors, answer.Vectors); diff != "" {
			t.Errorf("%v of %q (-want +got):\n%s", ask.role, ask.texts, diff)
		}
	}
	want := [][]string{{"a", "bb"}, {"ccc"}, {"a"}, {"a"}}
	if diff := cmp.Diff(want, f.calls); diff != "" {
		t.Errorf("calls to the model (-want +got):\n%s", diff)
	}
	if hits != 2 || misses != 3 {
		t.Errorf("%d hits and %d misses, want 2 and 3", hits, misses)
	}
}

// The time of an answer must not tell a tenant what another one asks or has asked.
func TestTenantsShareNoQuestions(t *testing.T) {
	as := func(tenant string) context.Context {
		return corpus.WithPrincipal(t.Context(), corpus.Principal{Tenant: tenant, All: true})
	}
	f := newFake()
	cached := embedder.Cached(f, embedder.CacheOptions{})
	for i, tenant := range []string{"law", "law", "news", "", "law"} {
		if _, err := cached.Embed(as(tenant), embedder.Query, []string{"q"}); err != nil {
			t.Fatal(err)
		}
		if got, want := len(f.calls), []int{1, 1, 2, 3, 3}[i]; got != want {
			t.Errorf("after question %d: %d calls, want %d", i, got, want)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		release := make(chan struct{})
		f := newFake()
		f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
			calls.Add(1)
			<-release
			return axes(4, texts), nil
		}
		shared := embedder.Coalesced(f)
		var running sync.WaitGroup
		for _, tenant := range []string{"law", "law", "news"} {
			ctx := corpus.WithPrincipal(t.Context(), corpus.Principal{Tenant: tenant, All: true})
			running.Go(func() {
				if _, err := shared.Embed(ctx, embedder.Query, []string{"q"}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if n := calls.Load(); n != 2 {
			t.Errorf("%d calls run, want 2", n)
		}
		close(release)
		running.Wait()
		embedder.Close(shared)
	})
}

func TestCachedReportsACutTextEachTime(t *testing.T) {
	f := newFake()
	f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
		answer := axes(4, texts)
		answer.Cut = []int{len(texts) - 1}
		return answer, nil
	}
	e := embedder.Cached(f, embedder.CacheOptions{})
	for range 2 {
		answer, err := e.Embed(t.Context(), embedder.Query, []string{"a", "long"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]int{1}, answer.Cut); diff != "" {
			t.Errorf("cut texts (-want +got):\n%s", diff)
		}
	}
}

func TestCoalescedSharesOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		release, started := make(chan struct{}), make(chan struct{}, 8)
		f.embed = func(_ context.Context, texts []string) (embedder.Embeddings, error) {
			started <- struct{}{}
			<-release
			return axes(4, texts), nil
		}
		e := embedder.Coalesced(f)

		// The first caller leaves before the answer; the others must not feel it.
		leaving, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := e.Embed(leaving, embedder.Query, []string{"same"})
			left <- err
		}()
		<-started
		var wg sync.WaitGroup
		var failed atomic.Int32
		for range 5 {
			wg.Go(func() {
				answer, err := e.Embed(t.Context(), embedder.Query, []string{"same"})
				if err != nil || len(answer.Vectors) != 1 {
					failed.Add(1)
					return
				}
				answer.Vectors[0][0] = 9 // each caller's own copy
			})
		}
		synctest.Wait() // the five wait for the shared call
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the leaving caller got %v, want %v", err, context.Canceled)
		}
		close(release)
		wg.Wait()
		if failed.Load() != 0 {
			t.Errorf("%d of 5 callers failed", failed.Load())
		}
		if len(f.calls) != 1 {
			t.Errorf("%d calls to the model, want 1", len(f.calls))
		}
	})
}
