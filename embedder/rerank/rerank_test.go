package rerank_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder/embedtest"
	"dalil/embedder/endpoint"
	"dalil/embedder/rerank"
)

func open(t *testing.T, handler http.HandlerFunc, change func(*rerank.Options)) *rerank.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	options := rerank.Options{Endpoint: endpoint.Options{URL: server.URL + "/v1", Key: "canary-key", Timeout: 2 * time.Second}, Model: "m"}
	if change != nil {
		change(&options)
	}
	c, err := rerank.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestShapes(t *testing.T) {
	for name, reply := range map[string]string{
		"Jina and vLLM":   `{"model":"m","results":[{"index":1,"relevance_score":0.9,"document":{"text":"b"}},{"index":0,"relevance_score":0.1}],"usage":{"total_tokens":9}}`,
		"Cohere":          `{"id":"x","results":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}],"meta":{}}`,
		"Voyage":          `{"object":"list","data":[{"index":1,"relevance_score":0.9},{"index":0,"relevance_score":0.1}]}`,
		"TEI":             `[{"index":1,"score":0.9},{"index":0,"score":0.1}]`,
		"index as a text": `{"results":[{"index":"0","relevance_score":0.1},{"index":1.0,"relevance_score":0.9}]}`,
	} {
		c := open(t, func(w http.ResponseWriter, r *http.Request) {
			var q map[string]any
			if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/v1/rerank" || q["model"] != "m" || q["query"] != "q" ||
				len(q["documents"].([]any)) != 2 || q["return_documents"] != false || r.Header.Get("Authorization") != "Bearer canary-key" {
				t.Errorf("%s: asked %s with %v, %v", name, r.URL.Path, q, err)
			}
			io.WriteString(w, reply)
		}, func(o *rerank.Options) { o.Parameters = map[string]any{"return_documents": false} })
		got, err := c.Scores(t.Context(), "q", []string{"a", "b"})
		if err != nil || !slices.Equal(got, []float32{.1, .9}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// text-embeddings-inference wants its own members; it is found out once.
func TestTheServerOfTextsIsFoundOut(t *testing.T) {
	calls := 0
	c := open(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		var q map[string]any
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		if q["texts"] == nil {
			http.Error(w, "Failed to deserialize the JSON body into the target type: missing field `texts`", http.StatusUnprocessableEntity)
			return
		}
		io.WriteString(w, `[{"index":0,"score":0.5}]`)
	}, nil)
	for range 3 {
		if got, err := c.Scores(t.Context(), "q", []string{"a"}); err != nil || !slices.Equal(got, []float32{.5}) {
			t.Errorf("got %v, %v", got, err)
		}
	}
	if calls != 4 {
		t.Errorf("%d calls for 3 questions, want one in vain", calls)
	}
}

func TestFaults(t *testing.T) {
	reply := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		kind    error
		says    string
	}{
		"a wrong key":     {reply(401, `{"message":"you sent canary-key"}`), corpus.ErrDenied, "401"},
		"a limit":         {reply(429, "slow down"), corpus.ErrExhausted, "429"},
		"down":            {reply(503, "loading"), corpus.ErrUnavailable, "loading"},
		"an error object": {reply(200, `{"error":{"message":"no such model","code":404}}`), corpus.ErrDenied, "no such model"},
		"too few":         {reply(200, `{"results":[{"index":0,"relevance_score":1}]}`), corpus.ErrUnavailable, "1 scores for 2 texts"},
		"one index twice": {reply(200, `{"results":[{"index":0,"relevance_score":1},{"index":0,"relevance_score":1}]}`), corpus.ErrUnavailable, "index"},
		"no score":        {reply(200, `{"results":[{"index":0,"relevance_score":1},{"index":1}]}`), corpus.ErrUnavailable, "no score"},
		"no index":        {reply(200, `[{"score":1},{"score":1}]`), corpus.ErrUnavailable, "index"},
		"a page":          {reply(200, `<html>hello`), corpus.ErrUnavailable, "not JSON"},
		"slow":            {func(_ http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); <-r.Context().Done() }, corpus.ErrUnavailable, "too long"},
	} {
		c := open(t, test.handler, func(o *rerank.Options) { o.Endpoint.Timeout = 100 * time.Millisecond })
		got, err := c.Scores(t.Context(), "q", []string{"a", "b"})
		if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "canary") || got != nil {
			t.Errorf("%s: %v, %v; want %v with %q", name, got, err, test.kind, test.says)
		}
		embedtest.Kind(t, err)
	}
}

// A server that is down is left alone after five failures.
func TestAServerThatIsDownIsLeftAlone(t *testing.T) {
	calls := 0
	c := open(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		http.Error(w, "down", http.StatusServiceUnavailable)
	}, nil)
	for range 20 {
		if _, err := c.Scores(t.Context(), "q", []string{"a"}); !errors.Is(err, corpus.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
	}
	if calls != 5 {
		t.Errorf("%d calls for 20 questions, want 5", calls)
	}
}
