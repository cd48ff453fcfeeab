package app_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
)

// startTEI serves a model of 32 dimensions as text-embeddings-inference does.
func startTEI(t *testing.T, down *atomic.Bool) string {
	var revision atomic.Value
	revision.Store("1")
	return startTEIOf(t, down, &revision)
}

// startTEIOf is the same for a model whose revision changes.
func startTEIOf(t *testing.T, down *atomic.Bool, revision *atomic.Value) string {
	model := hash.New(hash.Options{Dimensions: 32})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case down.Load():
			http.Error(w, "starting", http.StatusServiceUnavailable)
		case r.URL.Path == "/info":
			w.Write([]byte(`{"model_id":"m","model_sha":"` + revision.Load().(string) + `","max_input_length":512,"max_client_batch_size":32,"model_type":{"embedding":{"pooling":"mean"}}}`))
		default:
			var q struct{ Inputs []string }
			if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			answer, err := model.Embed(r.Context(), embedder.Passage, q.Inputs)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			json.NewEncoder(w).Encode(answer.Vectors)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A model server that is down when Dalil starts leaves the words answering, and
// is taken up when it is there.
func TestAModelThatIsDownAtTheStart(t *testing.T) {
	for _, store := range []string{"local", "qdrant"} {
		t.Run(store, func(t *testing.T) {
			var down atomic.Bool
			with := func(c *config.Config) {
				c.Embedder = config.Embedder{Name: "tei", URL: startTEI(t, &down), Dimensions: 32}
				c.Store.Poll = 10 * time.Millisecond
			}
			c := settings(t, with)
			if store == "qdrant" {
				c = onQdrant(t, with)
			}
			a := open(t, c)
			indexSeeds(t, a)
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			down.Store(true)
			b, err := app.OpenServed(t.Context(), c, quiet, nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { b.Close() })
			serve(t, b)
			answer, err := b.Search(operator(t), corpus.Query{Text: "poverty reduction", Limit: 3})
			if err != nil || len(answer.Passages) != 3 || !slices.Equal(answer.Degraded, []corpus.Arm{corpus.Dense}) {
				t.Fatalf("%d passages, degraded %v, %v; want words to answer", len(answer.Passages), answer.Degraded, err)
			}
			write := func() (indexer.Summary, error) {
				input := strings.NewReader(`{"id":"late","text":"Written when the model is there."}`)
				return b.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: input}, func(corpus.Receipt) {})
			}
			if _, err := write(); !errors.Is(err, corpus.ErrUnavailable) {
				t.Errorf("a write without the model: %v", err)
			}
			if _, err := app.OpenRebuild(t.Context(), c, quiet); err == nil {
				t.Error("a rebuild began without the model")
			}
			down.Store(false)
			eventually(t, "the model is taken up", func() bool {
				answer, err := b.Search(operator(t), corpus.Query{Text: "poverty reduction", Limit: 3})
				return err == nil && len(answer.Degraded) == 0 && len(answer.Passages) == 3
			})
			if summary, err := write(); err != nil || summary.Indexed != 1 {
				t.Errorf("a write with the model: %+v, %v", summary, err)
			}
		})
	}
}

// A model that comes back with another revision can't be used for what is
// indexed: words go on answering, nothing is written, and the old revision is
// taken up when it is back.
func TestAModelThatComesBackAsAnother(t *testing.T) {
	for _, store := range []string{"local", "qdrant"} {
		t.Run(store, func(t *testing.T) {
			var down atomic.Bool
			var revision atomic.Value
			revision.Store("1")
			with := func(c *config.Config) {
				c.Embedder = config.Embedder{Name: "tei", URL: startTEIOf(t, &down, &revision), Dimensions: 32}
				c.Store.Poll = 10 * time.Millisecond
			}
			c := settings(t, with)
			if store == "qdrant" {
				c = onQdrant(t, with)
			}
			a := open(t, c)
			indexSeeds(t, a)
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			down.Store(true)
			log := &logBuffer{}
			b, err := app.OpenServed(t.Context(), c, slog.New(slog.NewTextHandler(log, nil)), nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { b.Close() })
			serve(t, b)
			revision.Store("2")
			down.Store(false)
			ask := func(when string) corpus.Answer {
				answer, err := b.Search(operator(t), corpus.Query{Text: "poverty reduction", Limit: 3})
				if err != nil || len(answer.Passages) != 3 {
					t.Fatalf("%s: %d passages, %v", when, len(answer.Passages), err)
				}
				return answer
			}
			eventually(t, "the log says why", func() bool {
				ask("while the other model is tried")
				return strings.Contains(log.String(), "cannot be used")
			})
			for range 20 {
				ask("after the other model was refused")
			}
			input := strings.NewReader(`{"id":"late","text":"Written by another model."}`)
			_, err = b.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: input}, func(corpus.Receipt) {})
			if !errors.Is(err, corpus.ErrModelMismatch) {
				t.Errorf("a write by the other model: %v", err)
			}
			revision.Store("1")
			eventually(t, "the old revision is taken up", func() bool { return len(ask("with the old revision").Degraded) == 0 })
		})
	}
}
