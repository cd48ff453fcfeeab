package app_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/task"
	"dalil/store"
	"dalil/store/local"
)

// third is a store of which this program knows nothing: it has the contract and
// one ability, the swap at the end of a rebuild.
type third struct{ files *local.Driver }

type thirdStore struct {
	store.Store
	store.Swapper
}

func (d third) of(s store.Store, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return thirdStore{s, s.(store.Swapper)}, nil
}

func (d third) Open(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	return d.of(d.files.Open(ctx, p))
}

func (d third) OpenReading(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	return d.of(d.files.OpenReading(ctx, p))
}

func (d third) OpenHeld(ctx context.Context) (store.Store, error) { return d.of(d.files.OpenHeld(ctx)) }

func (d third) Held(ctx context.Context) (corpus.Pipeline, error) { return d.files.Held(ctx) }

func (d third) Rebuild(ctx context.Context, p corpus.Pipeline, resume bool) (store.Store, error) {
	return d.of(d.files.Rebuild(ctx, p, resume))
}

func (d third) Scratch() (store.Driver, func(context.Context) error, error) {
	place, remove, err := d.files.Scratch()
	if err != nil {
		return nil, nil, err
	}
	return third{place.(*local.Driver)}, remove, nil
}

func onThird(t *testing.T, change func(*config.Config)) config.Config {
	app.AddStore(t, "third", func(c config.Config, _ *slog.Logger) store.Driver { return third{local.NewDriver(c.Data, nil)} })
	return settings(t, func(c *config.Config) {
		c.Store.Name = "third"
		if change != nil {
			change(c)
		}
	})
}

// A third store costs its folder and one row: everything that commands and the
// server do works on a store that has the contract only.
func TestAThirdStoreNeedsOneRow(t *testing.T) {
	c := onThird(t, nil)
	if dry, err := app.OpenDryRun(t.Context(), c, quiet); err != nil {
		t.Fatalf("dry run: %v", err)
	} else if err := dry.Close(); err != nil {
		t.Fatal(err)
	}
	a := open(t, c)
	held := indexSeeds(t, a).Indexed
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}

	next := c
	next.Index.ChunkTokens = 60 // another chunker, so another pipeline
	b, err := app.OpenRebuild(t.Context(), next, quiet)
	if err != nil {
		t.Fatal(err)
	}
	summary, err := b.Rebuild(operator(t), "", func(corpus.Receipt) {})
	if err != nil || summary.Indexed != held || summary.Failed > 0 {
		t.Fatalf("rebuild: %+v, %v; want %d documents", summary, err, held)
	}
	if err := b.Reindexable(); !errors.Is(err, corpus.ErrUnsupported) {
		t.Errorf("reindex: %v, want unsupported", err)
	}
	if _, err := b.Activate(operator(t)); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := app.OpenReading(t.Context(), c, quiet); !errors.Is(err, corpus.ErrModelMismatch) {
		t.Errorf("the old pipeline opens the new collection: %v", err)
	}

	var archive bytes.Buffer
	if _, err := task.Backup(t.Context(), next, quiet, &archive); err != nil {
		t.Fatalf("backup: %v", err)
	}
	other := next
	other.Data = t.TempDir()
	if restored, err := task.Restore(t.Context(), other, quiet, bytes.NewReader(archive.Bytes())); err != nil || restored.Documents != held {
		t.Errorf("restore: %+v, %v; want %d documents", restored, err, held)
	}
	found, err := task.Doctor(t.Context(), next, quiet)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.State == "failed" {
			t.Errorf("doctor: %+v", f)
		}
	}
}

// Words answer from a third store while the model is suspended, and the model is
// taken up when it answers.
func TestAThirdStoreWhileTheModelIsSuspended(t *testing.T) {
	var down atomic.Bool
	c := onThird(t, func(c *config.Config) {
		c.Embedder = config.Embedder{Name: "tei", URL: startTEI(t, &down), Dimensions: 32}
		c.Store.Poll = 10 * time.Millisecond
	})
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
	down.Store(false)
	eventually(t, "the model is taken up", func() bool {
		answer, err := b.Search(operator(t), corpus.Query{Text: "poverty reduction", Limit: 3})
		return err == nil && len(answer.Degraded) == 0 && len(answer.Passages) == 3
	})
	input := strings.NewReader(`{"id":"late","text":"Written when the model is there."}`)
	if s, err := b.Index(operator(t), indexer.Request{Paths: []string{"-"}, Stdin: input}, func(corpus.Receipt) {}); err != nil || s.Indexed != 1 {
		t.Errorf("a write with the model: %+v, %v", s, err)
	}
}
