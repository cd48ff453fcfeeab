package app_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/store/storetest"
)

// Three processes write the same documents while each of them builds collections
// and activates them. In the end every document has the text of the last
// acknowledged write, or of one beside it.
func TestModelOfActivations(t *testing.T) {
	const documents, steps = 5, 20
	c := onQdrant(t, func(c *config.Config) {
		c.Embedder.Name, c.Store.Poll = "hash", 20*time.Millisecond
	})
	ingest(t, open(t, c), corpus.Document{ID: "first", Text: "The first."})
	m := &storetest.Writes{}
	var all sync.WaitGroup
	var building sync.Mutex // one rebuild at a time, as an operator does
	for w := range 3 {
		a, err := app.OpenServed(t.Context(), c, quiet, nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.Close() })
		serve(t, a) // which follows the alias
		random := rand.New(rand.NewPCG(7, uint64(w)))
		all.Go(func() {
			for step := range steps {
				if step%10 == 3+2*w {
					func() {
						building.Lock()
						defer building.Unlock()
						if err := rebuildAndActivate(operator(t), c); err != nil {
							t.Errorf("rebuild: %v", err)
						}
					}()
				}
				writeText(t, m, a, fmt.Sprint("d", random.IntN(documents)), fmt.Sprintf("Text %d of writer %d.", step, w), random.IntN(6) == 0)
			}
		})
	}
	all.Wait()
	last := open(t, c)
	for _, id := range m.IDs() {
		info, err := last.Document(operator(t), id, true)
		if err != nil && !errors.Is(err, corpus.ErrNotFound) {
			t.Fatal(err)
		}
		if err := m.Check(id, info.Document.Text); err != nil {
			t.Error(err)
		}
	}
	stats, err := last.Stats(operator(t))
	if err != nil || stats.Documents > documents+1 || stats.Passages != stats.Documents {
		t.Errorf("%+v, %v: want one passage of each document", stats, err)
	}
}

func rebuildAndActivate(ctx context.Context, c config.Config) error {
	b, err := app.OpenRebuild(ctx, c, quiet)
	if err != nil {
		return err
	}
	defer b.Close()
	if _, err := b.Rebuild(ctx, "", func(corpus.Receipt) {}); err != nil {
		return err
	}
	late, err := b.Activate(ctx)
	if err == nil && late.Any() {
		err = fmt.Errorf("left behind: %v", late)
	}
	return err
}

// writeText writes or deletes one document and notes what was acknowledged.
func writeText(t *testing.T, m *storetest.Writes, a *app.App, id, text string, remove bool) {
	begun := m.Begin()
	var err error
	if remove {
		text = ""
		err = a.Delete(operator(t), []string{id})
	} else {
		raws := make(chan corpus.Raw, 1)
		raws <- corpus.Raw{Document: corpus.Document{ID: id, Text: text}}
		close(raws)
		var failed error
		err = a.Ingest(operator(t), raws, func(_ int, r corpus.Receipt) { failed = r.Err })
		err = errors.Join(err, failed)
	}
	if kind := corpus.KindOf(err); err != nil && kind != corpus.ErrConflict && kind != corpus.ErrUnavailable {
		t.Errorf("write %s: %v", id, err)
	}
	m.End(id, text, begun, err == nil)
}
