package openai_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/openai"
)

// Every fault has its kind, and none shows the key.
func TestFaults(t *testing.T) {
	reply := func(status int, body string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	vector := strings.TrimSuffix(strings.Repeat("0.5,", 48), ",")
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		want    error
		says    string
	}{
		{"wrong key", reply(401, "Incorrect API key provided: "+canary), corpus.ErrDenied, "401"},
		{"unknown model", reply(404, `{"error":"model m not found"}`), corpus.ErrDenied, "model m not found"},
		{"limited", reply(429, "slow down", "Retry-After", "3"), corpus.ErrExhausted, "429"},
		{"bad request", reply(400, "too long"), corpus.ErrInvalid, "too long"},
		{"too large", reply(413, ""), corpus.ErrInvalid, "413"},
		{"server fault", reply(503, "loading"), corpus.ErrUnavailable, "503"},
		{"not JSON", reply(200, "<html>hello"), corpus.ErrUnavailable, "read the reply"},
		{"cut off", reply(200, `{"data":[{"index":0,"embedding":[0.1`), corpus.ErrUnavailable, "read the reply"},
		{"no vectors", reply(200, `{"data":[]}`), corpus.ErrUnavailable, "0 vectors for 1 texts"},
		{"too many", reply(200, fmt.Sprintf(`{"data":[{"index":0,"embedding":[%s]},{"index":1,"embedding":[%s]}]}`, vector, vector)), corpus.ErrUnavailable, "2 vectors for 1 texts"},
		{"index out of range", reply(200, fmt.Sprintf(`{"data":[{"index":5,"embedding":[%s]}]}`, vector)), corpus.ErrUnavailable, "index 5"},
		{"narrow", reply(200, `{"data":[{"index":0,"embedding":[1,2]}]}`), corpus.ErrUnavailable, "2 dimensions, not 48"},
		{"zero", reply(200, fmt.Sprintf(`{"data":[{"index":0,"embedding":[%s]}]}`, strings.ReplaceAll(vector, "0.5", "0"))), corpus.ErrUnavailable, "zero"},
		{"null", reply(200, `{"data":[{"index":0,"embedding":null}]}`), corpus.ErrUnavailable, "0 dimensions"},
		{"to another host", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.2:1/v1/embeddings", http.StatusTemporaryRedirect)
		}, corpus.ErrUnavailable, "refused a redirect"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, corpus.ErrUnavailable, "EOF"},
		{"endless", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `{"data":[{"index":0,"embedding":[`)
			for range 1 << 12 {
				if _, err := io.WriteString(w, strings.Repeat("0.125,", 1<<10)); err != nil {
					return
				}
			}
		}, corpus.ErrUnavailable, "larger than"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := open(t, test.handler, nil)
			answer, err := e.Embed(t.Context(), embedder.Query, []string{"text"})
			if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want %v naming %q", err, test.want, test.says)
			}
			if err != nil && strings.Contains(err.Error(), canary) {
				t.Errorf("the error shows the key: %v", err)
			}
			if answer.Vectors != nil {
				t.Errorf("a failed call gave %d vectors", len(answer.Vectors))
			}
		})
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	for header, want := range map[string]time.Duration{
		"3": 3 * time.Second, "0.5": 500 * time.Millisecond, "": 0, "soon": 0, "-4": 0, "999999": time.Hour,
	} {
		e := open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		}), nil)
		_, err := e.Embed(t.Context(), embedder.Query, []string{"text"})
		var limited *embedder.LimitedError
		if !errors.As(err, &limited) || limited.RetryAfter != want {
			t.Errorf("Retry-After %q: error %v, want to wait %v", header, err, want)
		}
	}
}

func TestTheCallersEndWins(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	defer close(release)
	slow := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		asked.Add(1)
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	if _, err := open(t, slow, nil).Embed(ctx, embedder.Query, []string{"a"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the caller's deadline: error %v", err)
	}
	short := open(t, slow, func(o *openai.Options) { o.Endpoint.Timeout = 30 * time.Millisecond })
	if _, err := short.Embed(t.Context(), embedder.Query, []string{"a"}); !errors.Is(err, corpus.ErrUnavailable) || !strings.Contains(err.Error(), "too long") {
		t.Errorf("the adapter's own timeout: error %v", err)
	}
	if asked.Load() != 2 {
		t.Errorf("%d calls, want 2", asked.Load())
	}
}

// What endpoints really send: what is unambiguous is read, the rest is named.
func TestOddReplies(t *testing.T) {
	reply := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }
	}
	for name, test := range map[string]struct {
		body   string
		tokens int
	}{
		"tokens as a float":      {`{"data":[{"index":0,"embedding":[1,0,0]},{"index":1,"embedding":[0,1,0]}],"usage":{"prompt_tokens":12.0}}`, 12},
		"tokens as a text":       {`{"data":[{"index":0,"embedding":[1,0,0]},{"index":1,"embedding":[0,1,0]}],"usage":{"prompt_tokens":"12"}}`, 12},
		"no usage":               {`{"data":[{"index":0,"embedding":[1,0,0]},{"index":1,"embedding":[0,1,0]}],"usage":null}`, 0},
		"tokens in all":          {`{"data":[{"index":0,"embedding":[1,0,0]},{"index":1,"embedding":[0,1,0]}],"usage":{"total_tokens":7}}`, 7},
		"index as a text":        {`{"data":[{"index":"1","embedding":[0,1,0]},{"index":"0","embedding":[1,0,0]}]}`, 0},
		"no index":               {`{"data":[{"embedding":[1,0,0]},{"embedding":[0,1,0]}]}`, 0},
		"numbers as texts":       {`{"data":[{"embedding":["1","0e0"," 0 "]},{"embedding":["0","1","0"]}]}`, 0},
		"a list in a list":       {`{"data":[{"embedding":[[1,0,0]]},{"embedding":[ [0,1,0] ]}]}`, 0},
		"base64":                 {`{"data":[{"embedding":"AACAPwAAAAAAAAAA"},{"embedding":"AAAAAAAAgD8AAAAA"}]}`, 0},
		"a bare list":            {`[{"embedding":[1,0,0]},{"embedding":[0,1,0]}]`, 0},
		"embeddings":             {`{"embeddings":[[1,0,0],[0,1,0]]}`, 0},
		"data without items":     {`{"data":[[1,0,0],[0,1,0]]}`, 0},
		"a byte-order mark":      {"\xef\xbb\xbf" + `{"data":[{"embedding":[1,0,0]},{"embedding":[0,1,0]}]}`, 0},
		"an error that is empty": {`{"error":null,"data":[{"embedding":[1,0,0]},{"embedding":[0,1,0]}]}`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := open(t, reply(test.body), func(o *openai.Options) { o.Dimensions = 3 }).Embed(t.Context(), embedder.Passage, []string{"a", "b"})
			if err != nil || answer.Tokens != test.tokens || answer.Vectors[0][0] != 1 || answer.Vectors[1][1] != 1 {
				t.Errorf("got %+v, %v; want the two axes and %d tokens", answer, err, test.tokens)
			}
		})
	}
	for name, test := range map[string]struct {
		body, says string
		kind       error
	}{
		"an error object":     {`{"error":{"message":"No endpoints found for this model","code":404}}`, "No endpoints found for this model", corpus.ErrDenied},
		"a wrong key":         {`{"error":{"message":"bad key","code":"invalid_api_key"}}`, "bad key", corpus.ErrDenied},
		"an error text":       {`{"error":"the model is loading"}`, "the model is loading", corpus.ErrUnavailable},
		"a limit":             {`{"object":"error","message":"too many","code":429}`, "too many", corpus.ErrExhausted},
		"a fault of the text": {`{"error":{"message":"too long","code":400}}`, "too long", corpus.ErrInvalid},
		"token vectors":       {`{"data":[{"embedding":[[1,0,0],[0,1,0]]},{"embedding":[[1,0,0],[1,1,1]]}]}`, "must pool", corpus.ErrUnavailable},
		"one index twice":     {`{"data":[{"index":0,"embedding":[1,0,0]},{"index":0,"embedding":[0,1,0]}]}`, "index 0 twice", corpus.ErrUnavailable},
		"no whole index":      {`{"data":[{"index":0.5,"embedding":[1,0,0]},{"index":1,"embedding":[0,1,0]}]}`, "data[0]: 0.5 is not a whole number", corpus.ErrUnavailable},
		"no base64":           {`{"data":[{"embedding":"?"},{"embedding":"AAA="}]}`, "data[0]: a vector is the text", corpus.ErrUnavailable},
		"no number":           {`{"data":[{"embedding":["x",0,0]},{"embedding":[0,1,0]}]}`, `data[0]: a vector contains x`, corpus.ErrUnavailable},
		"no tokens":           {`{"data":[],"usage":{"prompt_tokens":"twelve"}}`, "twelve", corpus.ErrUnavailable},
		"a page":              {`<html><body>Sign in</body></html>`, "Sign in", corpus.ErrUnavailable},
		"nothing":             {``, "empty", corpus.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := open(t, reply(test.body), func(o *openai.Options) { o.Dimensions = 3 }).Embed(t.Context(), embedder.Passage, []string{"a", "b"})
			if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "Go ") {
				t.Errorf("error %v, want %v with %q", err, test.kind, test.says)
			}
			embedtest.Kind(t, err)
		})
	}
}
