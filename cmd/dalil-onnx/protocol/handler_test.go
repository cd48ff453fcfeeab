package protocol_test

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dalil/cmd/dalil-onnx/encoder"
	"dalil/cmd/dalil-onnx/protocol"
)

// fake gives a text the unit vector (0.6, 0, 0.8, 0) turned by its length.
type fake struct {
	embed func(context.Context, []string) error
}

func (fake) Width() int     { return 4 }
func (fake) MaxTokens() int { return 9 }

func (f fake) Embed(ctx context.Context, texts []string) (vectors [][]float32, tokens int, err error) {
	if f.embed != nil {
		if err := f.embed(ctx, texts); err != nil {
			return nil, 0, err
		}
	}
	for _, text := range texts {
		v := make([]float32, 4)
		v[len(text)%4], v[(len(text)+2)%4] = 0.6, 0.8
		vectors, tokens = append(vectors, v), tokens+len(text)
	}
	return vectors, tokens, nil
}

type said struct {
	Object string
	Model  string
	Data   []struct {
		Object    string
		Index     int
		Embedding json.RawMessage
	}
	Usage struct {
		Prompt int `json:"prompt_tokens"`
		Total  int `json:"total_tokens"`
	}
	Error struct{ Message, Type, Param, Code string }
}

func ask(t *testing.T, h http.Handler, body string) (int, said) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/embeddings", strings.NewReader(body)))
	var s said
	if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil {
		t.Fatalf("%s: %v: %q", body, err, w.Body)
	}
	return w.Code, s
}

func TestAnswers(t *testing.T) {
	h := protocol.New(fake{}, protocol.Options{Model: "m"})
	for body, want := range map[string][]string{
		`{"model":"m","input":"abcd"}`:                                          {"[0.6,0,0.8,0]"},
		`{"model":"m","input":["abcd","abcde"],"user":"u"}`:                     {"[0.6,0,0.8,0]", "[0,0.6,0,0.8]"},
		`{"model":"m","input":"abcd","dimensions":2}`:                           {"[1,0]"},
		`{"model":"m","input":"abcd","dimensions":4,"encoding_format":"float"}`: {"[0.6,0,0.8,0]"},
		`{"model":"m","input":""}`:                                              {"[0.6,0,0.8,0]"},
	} {
		code, s := ask(t, h, body)
		if code != http.StatusOK || s.Object != "list" || s.Model != "m" || len(s.Data) != len(want) {
			t.Errorf("%s: status %d, %+v", body, code, s)
			continue
		}
		for i, d := range s.Data {
			if string(d.Embedding) != want[i] || d.Index != i || d.Object != "embedding" {
				t.Errorf("%s: row %d is %d %s, want %s", body, i, d.Index, d.Embedding, want[i])
			}
		}
	}
	_, s := ask(t, h, `{"model":"m","input":["abcd","abcde"]}`)
	if s.Usage.Prompt != 9 || s.Usage.Total != 9 {
		t.Errorf("usage %+v, want 9 tokens", s.Usage)
	}
	_, s = ask(t, h, `{"model":"m","input":"abcd","encoding_format":"base64"}`)
	var text string
	if err := json.Unmarshal(s.Data[0].Embedding, &text); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 16 || math.Float32frombits(binary.LittleEndian.Uint32(raw[8:])) != 0.8 {
		t.Errorf("base64 gave % x, error %v", raw, err)
	}
}

func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		body, param, code, says string
		status                  int
		embed                   func(context.Context, []string) error
	}{
		"no JSON":       {`hello`, "", "", "JSON", 400, nil},
		"empty":         {``, "", "", "JSON", 400, nil},
		"no input":      {`{"model":"m"}`, "input", "", "missing", 400, nil},
		"empty list":    {`{"model":"m","input":[]}`, "input", "", "empty", 400, nil},
		"tokens":        {`{"model":"m","input":[1,2]}`, "input", "", "token numbers", 400, nil},
		"token lists":   {`{"model":"m","input":[[1,2]]}`, "input", "", "token numbers", 400, nil},
		"null text":     {`{"model":"m","input":["a",null]}`, "input", "", "list of texts", 400, nil},
		"an object":     {`{"model":"m","input":{}}`, "input", "", "list of texts", 400, nil},
		"no model":      {`{"input":"a"}`, "model", "", `"m"`, 400, nil},
		"another model": {`{"input":"a","model":"other"}`, "model", "model_not_found", `"other"`, 404, nil},
		"no dimensions": {`{"model":"m","input":"a","dimensions":0}`, "dimensions", "", "1 to 4", 400, nil},
		"wide":          {`{"model":"m","input":"a","dimensions":5}`, "dimensions", "", "1 to 4", 400, nil},
		"zero when cut": {`{"model":"m","input":"abc","dimensions":1}`, "dimensions", "", "zero", 400, nil},
		"a format":      {`{"model":"m","input":"a","encoding_format":"hex"}`, "encoding_format", "", "base64", 400, nil},
		"too many":      {`{"model":"m","input":["a","b","c","d"]}`, "input", "", "4 texts, more than 3", 400, nil},
		"too large":     {`{"model":"m","input":"` + strings.Repeat("a", 300) + `"}`, "", "", "200 bytes", 413, nil},
		"too long a text": {`{"model":"m","input":"a"}`, "input", "context_length_exceeded", "text 7 has 12", 400, func(context.Context, []string) error {
			return &encoder.TooLongError{Limit: 9, Indexes: []int{7}, Tokens: []int{12}}
		}},
		"a text without tokens": {`{"model":"m","input":"a"}`, "input", "", "text 0", 400, func(context.Context, []string) error {
			return fmt.Errorf("text 0 %w", encoder.ErrNoTokens)
		}},
		"a model that fails": {`{"model":"m","input":"a"}`, "", "", "log says why", 500, func(context.Context, []string) error {
			return errors.New("secret of the server")
		}},
	} {
		code, s := ask(t, protocol.New(fake{test.embed}, protocol.Options{Model: "m", Texts: 3, RequestBytes: 200}), test.body)
		if code != test.status || s.Error.Param != test.param || s.Error.Code != test.code || !strings.Contains(s.Error.Message, test.says) || s.Error.Type == "" {
			t.Errorf("%s: status %d, %+v; want %d, param %q, code %q and %q", name, code, s.Error, test.status, test.param, test.code, test.says)
		}
		if strings.Contains(s.Error.Message, "secret") {
			t.Errorf("%s: shows %q", name, s.Error.Message)
		}
	}
}

// One runs, one waits, and the third gets a delay before the next try.
func TestCallersAreBounded(t *testing.T) {
	running, release := make(chan struct{}, 9), make(chan struct{})
	h := protocol.New(fake{func(context.Context, []string) error {
		running <- struct{}{}
		<-release
		return nil
	}}, protocol.Options{Model: "m", Waiting: 1})
	codes := make(chan int, 3)
	post := func(ctx context.Context) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/embeddings", strings.NewReader(`{"model":"m","input":"a"}`)))
		return w
	}
	go func() { codes <- post(t.Context()).Code }()
	<-running
	// Of two more, one finds the waiting place taken, whichever comes first.
	for range 2 {
		go func() { codes <- post(t.Context()).Code }()
	}
	if code := <-codes; code != http.StatusTooManyRequests {
		t.Errorf("the third caller: status %d, want 429", code)
	}
	// A caller that leaves while it waits gives its place back, and gets none
	// of the model's time.
	close(release)
	for range 2 {
		if code := <-codes; code != http.StatusOK {
			t.Errorf("a caller that was let in: status %d", code)
		}
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	before := len(running)
	if w := post(gone); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a request whose time is over: status %d, want 503", w.Code)
	}
	if len(running) != before {
		t.Error("the model worked for a caller that had left")
	}
	if w := post(t.Context()); w.Code != http.StatusOK {
		t.Errorf("after all have left: status %d", w.Code)
	}
}

// A request that is stopped while the model works is not a success.
func TestStoppedInTheMiddle(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	h := protocol.New(fake{func(ctx context.Context, _ []string) error {
		stop()
		return ctx.Err()
	}}, protocol.Options{Model: "m"})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/v1/embeddings", strings.NewReader(`{"model":"m","input":"a"}`)))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, %s; want 503 and when to come back", w.Code, w.Body)
	}
}

func TestOtherPaths(t *testing.T) {
	h := protocol.New(fake{}, protocol.Options{Model: "m"})
	for _, test := range []struct {
		method, path, says string
		status             int
	}{
		{http.MethodGet, "/healthz", "ok", 200},
		{http.MethodGet, "/v1/models", `"id":"m"`, 200},
		{http.MethodGet, "/v1/models", `"max_tokens":9`, 200},
		{http.MethodGet, "/v1/embeddings", "POST", 405},
		{http.MethodPost, "/v1/chat/completions", "/v1/embeddings", 404},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), test.method, test.path, nil))
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s %s: status %d, %s", test.method, test.path, w.Code, w.Body)
		}
	}
}

func FuzzRequests(f *testing.F) {
	f.Add(`{"model":"m","input":["a"],"dimensions":2,"encoding_format":"base64"}`)
	f.Add(`{"input":null}`)
	f.Add(`{"input":"\ud800"}`)
	h := protocol.New(fake{}, protocol.Options{Model: "m"})
	f.Fuzz(func(t *testing.T, body string) {
		if code, _ := ask(t, h, body); code >= 500 {
			t.Errorf("status %d", code)
		}
	})
}
