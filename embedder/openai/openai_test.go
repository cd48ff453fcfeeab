package openai_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
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
