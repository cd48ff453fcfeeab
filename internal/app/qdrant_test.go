package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/task"
	"dalil/reindex"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// onQdrant are settings for a collection of its own: on the server that
// DALIL_TEST_QDRANT names, else on the stand-in.
func onQdrant(t *testing.T, change func(*config.Config)) config.Config {
	address := os.Getenv("DALIL_TEST_QDRANT")
	if address == "" {
		address = standin.Start(t, standin.Options{}).Address()
	}
	c := settings(t, func(c *config.Config) {
		c.Store.Name, c.Store.Address, c.Store.Poll = "qdrant", address, 10*time.Millisecond
		c.Store.Collection = fmt.Sprintf("app-%d", time.Now().UnixNano())
		if change != nil {
			change(c)
		}
	})
	t.Cleanup(func() {
		removeCollections(t, c)
	})
	return c
}

// removeCollections removes the alias of the settings and all its collections.
func removeCollections(t *testing.T, c config.Config) {
	t.Helper()
	d, err := app.Driver(c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.(*qdrant.Driver).RemoveAll(context.Background()); err != nil {
		t.Errorf("remove the test's collections: %v", err)
	}
}

// The two stores mean the same: what one ranks first, the other does.
func TestQdrantRanksAsTheEmbeddedStore(t *testing.T) { ranksAlike(t, "../../seeds") }

// ranksAlike compares what the two stores answer to the questions of a set.
func ranksAlike(t *testing.T, set string) {
	t.Helper()
	local, err := task.Evaluate(operator(t), settings(t, nil), quiet, set, corpus.Query{})
	if err != nil {
		t.Fatal(err)
	}
	remote, err := task.Evaluate(operator(t), onQdrant(t, nil), quiet, set, corpus.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if off := remote.NDCG10 - local.NDCG10; off > 0.005 || off < -0.005 {
		t.Errorf("%s: nDCG@10 is %.4f on qdrant, %.4f on local", set, remote.NDCG10, local.NDCG10)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// From one collection to the next: built from the old one's own texts, refused
// while behind, activated, gone back, dropped.
func TestReindex(t *testing.T) {
	c := onQdrant(t, nil)
	a := open(t, c)
	indexSeeds(t, a)
	next := c
	next.Index.ChunkTokens = 60 // another chunker, so another pipeline
	rebuild := func() indexer.Summary {
		t.Helper()
		b, err := app.OpenRebuild(t.Context(), next, quiet)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		summary, err := b.Rebuild(operator(t), "", func(corpus.Receipt) {})
		if err != nil || summary.Failed > 0 {
			t.Fatalf("rebuild: %+v, %v", summary, err)
		}
		return summary
	}
	if got := rebuild(); got.Indexed != 5 || got.Chunks <= 19 {
		t.Errorf("rebuild: got %+v, want 5 documents in more than 19 passages", got)
	}
	r, err := app.OpenReindex(t.Context(), next, quiet)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	name, err := r.Next(operator(t))
	if err != nil {
		t.Fatal(err)
	}
	before := c
	compared, err := r.Compare(operator(t), app.CompareRequest{Collection: name, Questions: reindex.Questions{Set: "../../seeds", Sample: 20}, Before: &before})
	if err != nil || compared.Questions != 20 || compared.Overlap < 0.5 || compared.NDCG10 == nil || compared.NDCG10[0] < 0.9 {
		t.Errorf("compare: got %+v, %v", compared, err)
	}
	if _, err := r.Compare(operator(t), app.CompareRequest{Collection: name, Questions: reindex.Questions{Sample: 3}}); !errors.Is(err, corpus.ErrModelMismatch) {
		t.Errorf("compare without the old configuration: got %v, want a mismatch", err)
	}
	// A write to the old one puts the new one behind.
	ingest(t, a, corpus.Document{ID: "late", Title: "Late", Text: "A late document on fish markets."})
	if err := a.Delete(operator(t), []string{"001_9b34745794db2986"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Activate(operator(t), name, false); err == nil || !strings.Contains(err.Error(), "1 documents missing") || !strings.Contains(err.Error(), "1 deleted elsewhere") {
		t.Errorf("activate while behind: got %v", err)
	}
	if got := rebuild(); got.Indexed != 1 || got.Deleted != 1 {
		t.Errorf("catching up: got %+v, want one document more and one less", got)
	}
	if _, err := r.Activate(operator(t), name, false); err != nil {
		t.Fatal(err)
	}
	b := open(t, next)
	if info, err := b.Document(operator(t), "late", true); err != nil || info.Document.Text != "A late document on fish markets." {
		t.Errorf("after the activation: got %+v, %v", info, err)
	}
	if _, err := app.Open(t.Context(), c, quiet); !errors.Is(err, corpus.ErrModelMismatch) {
		t.Errorf("the old pipeline: got %v, want a mismatch", err)
	}
	ingest(t, b, corpus.Document{ID: "later", Text: "Only in the new one."})
	back, newer, err := r.Rollback(operator(t))
	if err != nil || back == name || newer != 1 {
		t.Errorf("roll back: got %s, %d, %v", back, newer, err)
	}
	var refused *corpus.RefusedError
	if err := r.Drop(operator(t), back, 0); !errors.As(err, &refused) {
		t.Errorf("drop the active collection: got %v", err)
	}
	if err := r.Drop(operator(t), name, time.Hour); !errors.As(err, &refused) {
		t.Errorf("drop within the grace time: got %v", err)
	}
	if err := r.Drop(operator(t), name, 0); err != nil {
		t.Errorf("drop: %v", err)
	}
	if all, err := r.Collections(operator(t)); err != nil || len(all) != 1 || !all[0].Active {
		t.Errorf("what is left: got %+v, %v", all, err)
	}
}

func ingest(t *testing.T, a *app.App, documents ...corpus.Document) {
	t.Helper()
	raws := make(chan corpus.Raw)
	go func() {
		defer close(raws)
		for _, d := range documents {
			raws <- corpus.Raw{Document: d}
		}
	}()
	if err := a.Ingest(operator(t), raws, func(_ int, r corpus.Receipt) {
		if r.Err != nil {
			t.Errorf("ingest %s: %v", r.DocumentID, r.Err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

// The embedded store moves to Qdrant with the same command.
func TestEmbeddedStoreMovesToQdrant(t *testing.T) {
	local := settings(t, nil)
	a := open(t, local)
	indexSeeds(t, a)
	var exported bytes.Buffer
	if n, err := a.Export(operator(t), &exported); err != nil || n != 5 {
		t.Fatalf("export: %d, %v", n, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	c := onQdrant(t, nil)
	b, err := app.OpenRebuild(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if summary, err := b.Rebuild(operator(t), local.Data, func(corpus.Receipt) {}); err != nil || summary.Indexed != 5 {
		t.Fatalf("move: %+v, %v", summary, err)
	}
	b.Close()
	moved := open(t, c)
	var again bytes.Buffer
	if _, err := moved.Export(operator(t), &again); err != nil {
		t.Fatal(err)
	}
	if got, want := lines(t, again.Bytes()), lines(t, exported.Bytes()); !maps.Equal(got, want) {
		t.Errorf("what was exported before and after the move differs:\n%v\n%v", got, want)
	}
	// Reading the export back changes nothing.
	summary, err := moved.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: &again}, func(corpus.Receipt) {})
	if err != nil || summary.Unchanged != 5 {
		t.Errorf("the export read back: got %+v, %v, want 5 unchanged", summary, err)
	}
}

// lines are the exported documents, by id.
func lines(t *testing.T, exported []byte) map[string]string {
	t.Helper()
	found := map[string]string{}
	for line := range bytes.Lines(exported) {
		var d struct{ ID string }
		if err := json.Unmarshal(line, &d); err != nil {
			t.Fatal(err)
		}
		found[d.ID] = string(line)
	}
	return found
}
