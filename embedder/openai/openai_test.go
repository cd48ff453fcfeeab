package openai_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/embedtest"
	"dalil/embedder/endpoint"
	"dalil/embedder/openai"
)

const canary = "sk-canary-7d0b2e"

// provider answers as the API's reference says, with a vector drawn from the
// text, not of unit length and in falling order of index.
func provider(dimensions int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Model      string   `json:"model"`
			Input      []string `json:"input"`
			Dimensions int      `json:"dimensions"`
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || r.URL.Path != "/v1/embeddings" || r.Method != http.MethodPost {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		if r.Header.Get("Authorization") != "Bearer "+canary {
			http.Error(w, `{"error":{"message":"Incorrect API key provided: `+r.Header.Get("Authorization")+`"}}`, http.StatusUnauthorized)
			return
		}
		width := dimensions
		if q.Dimensions > 0 {
			width = q.Dimensions
		}
		type row struct {
			Index     int       `json:"index"`
			Embedding []float32 `json:"embedding"`
		}
		rows := []row{}
		tokens := 0
		for i := len(q.Input) - 1; i >= 0; i-- {
			if strings.TrimSpace(q.Input[i]) == "" {
				http.Error(w, `{"error":{"message":"input must not be empty"}}`, http.StatusBadRequest)
				return
			}
			rng := rand.New(rand.NewChaCha8(sha256.Sum256([]byte(q.Input[i]))))
			v := make([]float32, width)
			for j := range v {
				v[j] = float32(rng.NormFloat64()) * 3
			}
			rows = append(rows, row{i, v})
			tokens += len(strings.Fields(q.Input[i]))
		}
		json.NewEncoder(w).Encode(map[string]any{"data": rows, "usage": map[string]int{"prompt_tokens": tokens}})
	}
}

func open(t *testing.T, handler http.Handler, change func(*openai.Options)) *openai.Embedder {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	options := openai.Options{Endpoint: endpoint.Options{URL: server.URL + "/v1", Key: canary}, Model: "m", Dimensions: 48, MaxBatch: 64}
	if change != nil {
		change(&options)
	}
	e, err := openai.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestLaws(t *testing.T) {
	embedtest.Run(t, func(t *testing.T) embedder.Embedder {
		return embedder.Batched(embedder.Checked(open(t, provider(64), nil)), embedder.BatchOptions{})
	})
}

func TestLawsLive(t *testing.T) {
	embedtest.Run(t, func(t *testing.T) embedder.Embedder {
		return embedder.Batched(live(t), embedder.BatchOptions{Texts: 32}) // what text-embeddings-inference takes
	})
}

// live asks the endpoint that the environment names.
func live(t testing.TB) *openai.Embedder {
	t.Helper()
	url, model, width := os.Getenv("DALIL_TEST_OPENAI_URL"), os.Getenv("DALIL_TEST_OPENAI_MODEL"), os.Getenv("DALIL_TEST_OPENAI_DIMENSIONS")
	dimensions, err := strconv.Atoi(width)
	if url == "" || model == "" || err != nil {
		t.Skip("DALIL_TEST_OPENAI_URL, DALIL_TEST_OPENAI_MODEL and DALIL_TEST_OPENAI_DIMENSIONS name no endpoint, model and width")
	}
	e, err := openai.New(openai.Options{
		Endpoint: endpoint.Options{URL: url, Key: os.Getenv("DALIL_TEST_OPENAI_KEY")}, Model: model, Dimensions: dimensions,
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestShortenAsksTheProviderForTheWidth(t *testing.T) {
	e := open(t, provider(64), func(o *openai.Options) { o.Shorten = true })
	answer, err := e.Embed(t.Context(), embedder.Query, []string{"نص"})
	if err != nil || len(answer.Vectors[0]) != 48 {
		t.Errorf("%d vectors, error %v", len(answer.Vectors), err)
	}
}

func TestPrefixesSeparateQueriesFromPassages(t *testing.T) {
	e := open(t, provider(48), func(o *openai.Options) { o.Prefixes = endpoint.Prefixes{Query: "query: ", Passage: "passage: "} })
	plain := open(t, provider(48), nil)
	for role, want := range map[embedder.Role]string{embedder.Query: "query: text", embedder.Passage: "passage: text"} {
		got, err := e.Embed(t.Context(), role, []string{"text"})
		if err != nil {
			t.Fatal(err)
		}
		same, err := plain.Embed(t.Context(), role, []string{want})
		if err != nil {
			t.Fatal(err)
		}
		if got.Vectors[0][0] != same.Vectors[0][0] {
			t.Errorf("%v: was not embedded as %q", role, want)
		}
	}
}

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

func TestOptionsThatCantWork(t *testing.T) {
	for _, test := range []struct {
		field  string
		change func(*openai.Options)
	}{
		{"url", func(o *openai.Options) { o.Endpoint.URL = "localhost:8080" }},
		{"url", func(o *openai.Options) { o.Endpoint.URL = "ftp://host/v1" }},
		{"url", func(o *openai.Options) { o.Endpoint.URL = "https://user:pass@host/v1" }},
		{"model", func(o *openai.Options) { o.Model = "" }},
		{"dimensions", func(o *openai.Options) { o.Dimensions = 0 }},
	} {
		options := openai.Options{Endpoint: endpoint.Options{URL: "http://127.0.0.1:1/v1"}, Model: "m", Dimensions: 8}
		test.change(&options)
		if _, err := openai.New(options); !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), test.field) {
			t.Errorf("%+v: error %v, want one that names %s", options, err, test.field)
		}
	}
}

func TestVectorsAreUnit(t *testing.T) {
	answer, err := open(t, provider(512), nil).Embed(t.Context(), embedder.Passage, []string{"a", " ", "ج"})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range answer.Vectors {
		var sum float64
		for _, x := range v {
			sum += float64(x) * float64(x)
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("vector %d has squared length %v", i, sum)
		}
	}
	if answer.Tokens != 3 {
		t.Errorf("%d tokens, want the provider's own count, 3", answer.Tokens)
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

// An endpoint that refuses encoding_format is asked without it from then on.
func TestEncodingFormatIsLeftOutWhereItIsRefused(t *testing.T) {
	var refused atomic.Int32
	e := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q map[string]any
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		if _, has := q["encoding_format"]; has {
			refused.Add(1)
			http.Error(w, `{"error":{"message":"unknown field encoding_format"}}`, http.StatusBadRequest)
			return
		}
		io.WriteString(w, `{"data":[{"embedding":[1,0,0]}]}`)
	}), func(o *openai.Options) { o.Dimensions = 3 })
	for range 3 {
		if _, err := e.Embed(t.Context(), embedder.Query, []string{"a"}); err != nil {
			t.Fatal(err)
		}
	}
	if refused.Load() != 1 {
		t.Errorf("%d calls were refused, want the first alone", refused.Load())
	}
}

// Each role has its own members of the request; null leaves one out. Headers go
// with every call and are not shown.
func TestParametersAndHeaders(t *testing.T) {
	const secret = "canary-header"
	seen := map[string]map[string]any{}
	e := open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q map[string]any
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		role, _ := q["input_type"].(string)
		seen[role] = q
		if r.Header.Get("Api-Key") != secret {
			t.Error("the header is missing")
		}
		if role == "passage" {
			http.Error(w, "you sent "+r.Header.Get("Api-Key"), http.StatusInternalServerError)
			return
		}
		io.WriteString(w, `{"data":[{"embedding":[1,0,0]}]}`)
	}), func(o *openai.Options) {
		o.Dimensions = 3
		o.Endpoint.Headers = map[string]string{"Api-Key": secret}
		o.Parameters = endpoint.Parameters{
			Query: map[string]any{"input_type": "query", "encoding_format": nil}, Passage: map[string]any{"input_type": "passage", "model": "other", "nested": map[string]any{"a": 1}},
		}
	})
	if _, err := e.Embed(t.Context(), embedder.Query, []string{"text"}); err != nil {
		t.Fatal(err)
	}
	_, err := e.Embed(t.Context(), embedder.Passage, []string{"text"})
	if !errors.Is(err, corpus.ErrUnavailable) || strings.Contains(err.Error(), secret) {
		t.Errorf("got %v, want a fault without the header's value", err)
	}
	if q := seen["query"]; q == nil || q["encoding_format"] != nil || q["model"] != "m" || q["input"].([]any)[0] != "text" {
		t.Errorf("a question was sent as %v", q)
	}
	if q := seen["passage"]; q == nil || q["encoding_format"] != "float" || q["model"] != "other" || q["nested"] == nil {
		t.Errorf("a passage was sent as %v", q)
	}
}
