package app_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/internal/task"
)

// endless gives document after document.
type endless struct {
	n    int
	rest string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		e.n++
		e.rest = fmt.Sprintf("{\"id\":\"d%d\",\"text\":\"Document %d of a corpus without end.\"}\n", e.n, e.n)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func TestARunEndsWhenNothingCanBeWritten(t *testing.T) {
	t.Parallel() // it waits most of the time
	down := atomic.Bool{}
	provider := startProvider(t, func([]string) bool { return !down.Load() })
	a := open(t, settings(t, func(c *config.Config) {
		c.Embedder.Name, c.Embedder.URL, c.Embedder.Model, c.Embedder.Dimensions = "openai", provider+"/v1", "m", 32
	}))
	for _, way := range []string{"local", "remote"} {
		t.Run(way, func(t *testing.T) {
			down.Store(true)
			request := indexer.Request{Paths: []string{"-"}, Stdin: &endless{}, RetryFor: time.Millisecond}
			var summary indexer.Summary
			var err error
			if way == "local" {
				summary, err = a.Index(operator(t), request, func(corpus.Receipt) {})
			} else {
				connection, _ := serve(t, a)
				summary, err = task.IndexRemote(operator(t), connection, request, func(corpus.Receipt) {})
			}
			if err != nil {
				t.Fatal(err)
			}
			if summary.Stopped == nil || summary.Failed < 2 || summary.Failed != len(summary.Failures) || summary.Indexed != 0 {
				t.Fatalf("stopped: %v, %d failed, %d receipts of them, %d indexed", summary.Stopped, summary.Failed, len(summary.Failures), summary.Indexed)
			}
			if !errors.Is(summary.Stopped, corpus.ErrUnavailable) || !strings.Contains(summary.Stopped.Error(), "run the same command again") {
				t.Errorf("stopped: %v", summary.Stopped)
			}
		})
	}
	down.Store(false)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) { // until the circuit asks again
		summary, err := a.Index(operator(t), indexer.Request{Paths: []string{"../../seeds"}, RetryFor: time.Hour}, func(corpus.Receipt) {})
		if err == nil && summary.Failed == 0 && summary.Stopped == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v, %v", summary, err)
		}
	}
}

// A wrong key fails every document: the run ends at once, locally and at a
// server, and says it once.
func TestARunEndsWhenTheKeyIsWrong(t *testing.T) {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":"no such key"}`, http.StatusUnauthorized)
	}))
	t.Cleanup(provider.Close)
	a := open(t, onProvider(t, provider.URL))
	connection, _ := serve(t, a)
	request := func() indexer.Request {
		return indexer.Request{Paths: []string{"-"}, Stdin: &endless{}, RetryFor: time.Hour}
	}
	local, err := a.Index(operator(t), request(), func(corpus.Receipt) {})
	if err != nil || !errors.Is(local.Stopped, corpus.ErrDenied) || local.Failed != 0 {
		t.Errorf("local: %v, stopped: %v, %d failures reported, want ErrDenied alone", err, local.Stopped, local.Failed)
	}
	remote, err := task.IndexRemote(operator(t), connection, request(), func(corpus.Receipt) {})
	if err != nil || !errors.Is(remote.Stopped, corpus.ErrDenied) || remote.Failed != 0 {
		t.Errorf("remote: %v, stopped: %v, %d failures reported, want ErrDenied alone", err, remote.Stopped, remote.Failed)
	}
}
