//go:build !race

package app_test

import (
	"archive/tar"
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/client"
	"dalil/corpus"
	"dalil/internal/app"
)

// questionsOf reads the questions of a judged set, every n-th of them.
func questionsOf(t testing.TB, path string, n int) (texts []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for i := 0; lines.Scan(); i++ {
		var q struct{ Text string }
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		if i%n == 0 {
			texts = append(texts, q.Text)
		}
	}
	return texts
}

// indexFile indexes the documents of a judged set.
func indexFile(t testing.TB, a *app.App, path string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	raws := make(chan corpus.Raw)
	go func() {
		defer close(raws)
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var d struct {
				ID    string `json:"_id"`
				Title string
				Text  string
			}
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				t.Error(err)
				return
			}
			raws <- corpus.Raw{Document: corpus.Document{ID: d.ID, Title: d.Title, Text: d.Text}}
		}
	}()
	if err := a.Ingest(operator(t), raws, func(_ int, r corpus.Receipt) {
		if r.Outcome != corpus.Indexed {
			t.Errorf("%+v", r)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// The profiles that the embedded store keeps are a short cut: a store that keeps
// none gives the same answers, to the last bit of every score.
func TestProfilesChangeNoAnswer(t *testing.T) {
	reranked, off := true, false
	least := float32(0.3)
	kinds := []corpus.Query{
		{},
		{Rerank: &off},
		{Debug: true},
		{Arms: []corpus.Arm{corpus.Lexical}, Rerank: &reranked},
		{Arms: []corpus.Arm{corpus.Dense}, Rerank: &reranked},
		{Arms: []corpus.Arm{corpus.Lexical}, MinCoverage: &least},
		{Limit: 5, Offset: 48, Neighbours: 1},
	}
	for name, nth := range map[string]int{"seeds": 1, "topical-mixed": 1, "topical-ar": 2, "xquad-en-ar": 12, "tydiqa-goldp-dev-ar-ar": 10} {
		t.Run(name, func(t *testing.T) {
			c := settings(t, nil)
			with, without := open(t, c), open(t, onThird(t, nil))
			dir := "../../seeds"
			if name == "seeds" {
				indexSeeds(t, with)
				indexSeeds(t, without)
			} else {
				dir = judgedSet(t, name)
				for _, a := range []*app.App{with, without} {
					indexFile(t, a, filepath.Join(dir, "corpus.jsonl"))
				}
			}
			if files, err := filepath.Glob(filepath.Join(c.Data, "*", "*.profiles")); err != nil || len(files) == 0 {
				t.Fatalf("%d files of profiles, %v", len(files), err)
			}
			asked := 0
			for i, text := range questionsOf(t, filepath.Join(dir, "queries.jsonl"), nth) {
				q := kinds[0]
				if i%3 > 0 {
					q = kinds[i/3%len(kinds)]
				}
				q.Text = text
				got, err := with.Search(operator(t), q)
				if err != nil {
					t.Fatal(err)
				}
				want, err := without.Search(operator(t), q)
				if err != nil {
					t.Fatal(err)
				}
				got.Timings, want.Timings, got.Mark, want.Mark = nil, nil, corpus.Mark{}, corpus.Mark{} // two collections
				if diff := cmp.Diff(want, got, cmp.AllowUnexported(corpus.Value{})); diff != "" {
					t.Fatalf("%q %+v (-without profiles +with):\n%s", text, q, diff)
				}
				asked += len(got.Passages)
			}
			if asked < 100 {
				t.Errorf("only %d passages were compared", asked)
			}
		})
	}
}

// Profiles are derived: a backup does not hold them, and damage of theirs is nothing
// that an operator must act on.
func TestProfilesNeedNoCare(t *testing.T) {
	c := settings(t, nil)
	a := open(t, c)
	indexSeeds(t, a)
	want := holdingsOf(t, a)
	connection, _ := serve(t, a)
	var archive bytes.Buffer
	if err := client.Backup(t.Context(), connection, &archive); err != nil {
		t.Fatal(err)
	}
	files := 0
	for r := tar.NewReader(&archive); ; files++ {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(header.Name, "profiles") {
			t.Errorf("the archive holds %s", header.Name)
		}
	}
	if files == 0 {
		t.Error("the archive is empty")
	}
	paths, err := filepath.Glob(filepath.Join(c.Data, "*", "*.profiles"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("files of profiles: %v, %v", paths, err)
	}
	info, err := os.Stat(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(paths[0], bytes.Repeat([]byte{7}, int(info.Size())), 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, holdingsOf(t, a), cmp.AllowUnexported(corpus.Value{})); diff != "" {
		t.Errorf("answers after the damage (-want +got):\n%s", diff)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	for check, finding := range findings(t, c) {
		if finding.State == "failed" {
			t.Errorf("%s: %+v", check, finding)
		}
	}
}
