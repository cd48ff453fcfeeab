package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// library is the ONNX Runtime that the tests may use.
func library(t *testing.T) string {
	t.Helper()
	path := os.Getenv("DALIL_TEST_ONNX_LIBRARY")
	if path == "" {
		t.Skip("DALIL_TEST_ONNX_LIBRARY names no ONNX Runtime")
	}
	return path
}

type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// serving runs the program on a socket until the test ends, and proves that it
// then stops well.
func serving(t *testing.T, args ...string) *http.Client {
	t.Helper()
	dir, err := os.MkdirTemp("", "dalil") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	ctx, stop := context.WithCancel(t.Context())
	exited := make(chan int, 1)
	var said output
	go func() { exited <- run(ctx, append(args, "--listen", "unix:"+socket), io.Discard, &said) }()
	t.Cleanup(func() {
		stop()
		if code := <-exited; code != 0 {
			t.Errorf("exit status %d: %s", code, said.String())
		}
	})
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
	t.Cleanup(client.CloseIdleConnections)
	for {
		if r, err := client.Get("http://onnx/healthz"); err == nil {
			r.Body.Close()
			return client
		}
		select {
		case code := <-exited:
			exited <- code
			t.Fatalf("exit status %d: %s", code, said.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func embed(t *testing.T, client *http.Client, body string) (status int, vectors [][]float32, text string) {
	t.Helper()
	r, err := client.Post("http://onnx/v1/embeddings", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var a struct {
		Data []struct {
			Embedding []float32
		}
	}
	if r.StatusCode == http.StatusOK {
		if err := json.Unmarshal(raw, &a); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range a.Data {
		vectors = append(vectors, d.Embedding)
	}
	return r.StatusCode, vectors, string(raw)
}

// tinyVector is what the tiny model says of ids, by plain arithmetic.
func tinyVector(pooling string, ids ...int) []float32 {
	if pooling == "cls" {
		ids = ids[:1]
	}
	v := make([]float64, 3)
	var length float64
	for j := range v {
		for _, id := range ids {
			v[j] += float64(tinyWords[id][j] + tinyTypes[0][j])
		}
		length += v[j] * v[j]
	}
	out := make([]float32, 3)
	for j := range v {
		out[j] = float32(v[j] / math.Sqrt(length))
	}
	return out
}

func cosine(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// The whole program against a model that can be worked out by hand: padding,
// masks, pooling, order, limits.
func TestTinyModel(t *testing.T) {
	lib := library(t)
	for _, pooling := range []string{"mean", "cls"} {
		client := serving(t, "--library", lib, "--model", "testdata/tiny", "--pooling", pooling, "--threads", "1", "--max-batch-tokens", "10")
		status, got, text := embed(t, client, `{"model":"tiny","input":["Rivers stone", "سلام", "", "xyz", "river"]}`)
		if status != http.StatusOK {
			t.Fatalf("status %d: %s", status, text)
		}
		for i, ids := range [][]int{{2, 4, 5, 7, 3}, {2, 6, 3}, {2, 3}, {2, 1, 3}, {2, 4, 3}} {
			if c := cosine(got[i], tinyVector(pooling, ids...)); c < 0.99999 {
				t.Errorf("%s, text %d: %v is not %v", pooling, i, got[i], tinyVector(pooling, ids...))
			}
		}
		if !strings.Contains(text, `"prompt_tokens":16`) {
			t.Errorf("usage is not 16 tokens: %s", text)
		}
		if status, _, text = embed(t, client, `{"model":"tiny","input":["river", "river river river river river"]}`); status != http.StatusBadRequest ||
			!strings.Contains(text, "takes 6 tokens") || !strings.Contains(text, "text 1 has 7") {
			t.Errorf("a long text: status %d: %s", status, text)
		}
	}
}

// Many callers at once get what each would get alone.
func TestTinyModelInParallel(t *testing.T) {
	client := serving(t, "--library", library(t), "--model", "testdata/tiny", "--parallel", "4")
	want := map[string][]float32{"river": tinyVector("mean", 2, 4, 3), "stone stone": tinyVector("mean", 2, 7, 7, 3)}
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			text := []string{"river", "stone stone"}[i%2]
			status, got, said := embed(t, client, fmt.Sprintf(`{"model":"tiny","input":[%q,"rivers"]}`, text))
			if status != http.StatusOK || cosine(got[0], want[text]) < 0.99999 {
				t.Errorf("%q: status %d, %v: %s", text, status, got, said)
			}
		})
	}
	group.Wait()
}

func TestModelsThatCantBeUsed(t *testing.T) {
	lib := library(t)
	broken := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(broken, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tokenizer, err := os.ReadFile("testdata/tiny/tokenizer.json")
	if err != nil {
		t.Fatal(err)
	}
	write("tokenizer.json", string(tokenizer))
	write("sentence_bert_config.json", `{"max_seq_length": 6}`)
	write("model.onnx", "this is not a model")
	write("cut.onnx", string(tinyModel()[:200]))
	for file, says := range map[string]string{"": "model.onnx", "cut.onnx": "cut.onnx"} {
		var said output
		code := run(t.Context(), []string{"--library", lib, "--model", broken, "--file", file, "--listen", "127.0.0.1:0"}, io.Discard, &said)
		if code != 1 || !strings.Contains(said.String(), says) || !strings.Contains(said.String(), "can't be used") {
			t.Errorf("%q: exit status %d: %s", file, code, &said)
		}
	}
}

// The vectors of a real model are those of the library that it was trained
// with: reference.jsonl in its folder holds texts and those vectors.
func TestRealModel(t *testing.T) {
	lib, folder := library(t), os.Getenv("DALIL_TEST_ONNX_MODEL")
	if folder == "" {
		t.Skip("DALIL_TEST_ONNX_MODEL names no folder with a model and its reference.jsonl (export.py makes both)")
	}
	least := 0.999
	if strings.HasSuffix(filepath.Clean(folder), "-int8") {
		least = 0.95 // dynamic int8 is another function
	}
	file, err := os.Open(filepath.Join(folder, "reference.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var texts []string
	var want [][]float32
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			Text   string
			Vector []float32
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		texts, want = append(texts, row.Text), append(want, row.Vector)
	}
	if len(texts) < 100 {
		t.Fatalf("%d texts are too few", len(texts))
	}
	client := serving(t, "--library", lib, "--model", folder, "--name", "real")
	body, err := json.Marshal(map[string]any{"model": "real", "input": texts})
	if err != nil {
		t.Fatal(err)
	}
	status, got, said := embed(t, client, string(body))
	if status != http.StatusOK {
		t.Fatalf("status %d: %.500s", status, said)
	}
	worst, sum := 1.0, 0.0
	for i := range want {
		c := cosine(got[i], want[i])
		worst, sum = min(worst, c), sum+c
		if c < least {
			t.Errorf("cosine %.4f, want %v at least: %q", c, least, texts[i])
		}
	}
	t.Logf("%d texts: cosine with the reference %.6f at worst, %.6f in the mean", len(texts), worst, sum/float64(len(want)))

	// A text alone and the same text in company.
	for i := 0; i < len(texts); i += 20 {
		body, _ := json.Marshal(map[string]any{"model": "real", "input": texts[i]})
		if _, alone, _ := embed(t, client, string(body)); cosine(alone[0], got[i]) < 0.99999 {
			t.Errorf("alone it is another vector: %q", texts[i])
		}
	}
}
