package main

import (
	"bytes"
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/embedder/static"
)

// A provider teaches over HTTP: the student finds English texts near that it finds
// near,
// what it said is kept beside the model, and its key is shown nowhere.
func TestTaughtByAProvider(t *testing.T) {
	const canary = "sk-canary-55"
	var asked atomic.Int32
	model := hash.New(hash.Options{Dimensions: 48})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Model string
			Input []string
		}
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil || q.Model != "m" || r.Header.Get("Authorization") != "Bearer "+canary {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		asked.Add(int32(len(q.Input)))
		type row struct {
			Embedding []float32 `json:"embedding"`
		}
		var rows []row
		for _, text := range q.Input {
			text, whole := strings.CutPrefix(text, "passage: ")
			answer, err := model.Embed(r.Context(), embedder.Passage, []string{strings.Fields(text)[1]})
			if err != nil || !whole {
				t.Errorf("%q: error %v", text, err)
			}
			rows = append(rows, row{answer.Vectors[0]})
		}
		if err := json.NewEncoder(w).Encode(map[string]any{"data": rows}); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	t.Setenv("DALIL_TEACHER_KEY", canary)
	out := filepath.Join(t.TempDir(), "model")
	args := []string{
		"static", "--parallel", frenchFolder(t), "--out", out, "--dimensions", "32", "--vocabulary", "300", "--epochs", "30", "--batch", "16", "--teaching", "8",
		"--teacher", server.URL + "/v1", "--teacher-model", "m", "--teacher-dimensions", "48", "--teacher-prefix", "passage: ", "--teacher-batch", "7",
	}
	var log bytes.Buffer
	for range 2 {
		if code := run(args, &log, &log); code != 0 {
			t.Fatalf("exit status %d\n%s", code, &log)
		}
	}
	if got := asked.Load(); got != 240 {
		t.Errorf("the provider was asked for %d texts, want each of 240 once in both runs", got)
	}
	if _, err := os.Stat(out + ".teacher"); err != nil || strings.Contains(log.String(), canary) {
		t.Errorf("error %v; the log:\n%s", err, &log)
	}
	alone := filepath.Join(t.TempDir(), "alone")
	if code := run(append([]string{"static", "--out", alone, "--parallel", args[2]}, args[5:13]...), &log, &log); code != 0 {
		t.Fatalf("exit status %d\n%s", code, &log)
	}
	if with, without := likeness(t, model, out), likeness(t, model, alone); with < without+0.1 {
		t.Errorf("the student's similarities go with the teacher's by %.2f, without it by %.2f: want more", with, without)
	}
}

// likeness is the correlation of two models' cosines between English texts,
// -1 to 1.
//
// The teacher of this test sees nothing but the second word, who does it.
func likeness(t *testing.T, teacher embedder.Embedder, folder string) float64 {
	t.Helper()
	student, err := static.Load(os.DirFS(folder), static.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var texts, seconds []string
	for line := range strings.Lines(frenchPairs()) {
		text, _, _ := strings.Cut(line, "\t")
		texts, seconds = append(texts, text), append(seconds, strings.Fields(text)[1])
	}
	var cosines [2][]float64
	for m, e := range []embedder.Embedder{teacher, student} {
		seen := texts
		if m == 0 {
			seen = seconds
		}
		answer, err := e.Embed(t.Context(), embedder.Passage, seen)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range answer.Vectors {
			for _, b := range answer.Vectors[:i] {
				var sum float64
				for k := range a {
					sum += float64(a[k]) * float64(b[k])
				}
				cosines[m] = append(cosines[m], sum)
			}
		}
	}
	n, x, y := float64(len(cosines[0])), cosines[0], cosines[1]
	var sx, sy, xx, yy, xy float64
	for i := range x {
		sx, sy, xx, yy, xy = sx+x[i], sy+y[i], xx+x[i]*x[i], yy+y[i]*y[i], xy+x[i]*y[i]
	}
	return (n*xy - sx*sy) / math.Sqrt((n*xx-sx*sx)*(n*yy-sy*sy))
}
