package app_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// written is one write of a document, and when it was under way; Text "" deletes.
type written struct {
	text         string
	begun, ended int64 // of one counter for all writers
	acknowledged bool
}

// acknowledgements are all writes, by document.
type acknowledgements struct {
	mu    sync.Mutex
	clock int64
	of    map[string][]written
}

func (a *acknowledgements) now() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.clock++
	return a.clock
}

func (a *acknowledgements) add(id string, w written) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of[id] = append(a.of[id], w)
}

// allows reports whether a text may be the last one: some write left it, and no
// acknowledged write began after that one had ended.
func (a *acknowledgements) allows(id, text string) bool {
	all := a.of[id]
	newer := func(end int64) bool {
		return slices.ContainsFunc(all, func(w written) bool { return w.acknowledged && w.begun > end })
	}
	if text == "" && !newer(0) {
		return true
	}
	return slices.ContainsFunc(all, func(w written) bool { return w.text == text && !newer(w.ended) })
}

// Three processes write the same documents while each of them builds collections
// and activates them. In the end every document has the text of the last
// acknowledged write, or of one beside it.
func TestModelOfActivations(t *testing.T) {
	const documents, steps = 5, 20
	c := onQdrant(t, func(c *config.Config) {
		c.Embedder.Name, c.Store.Poll = "hash", 20*time.Millisecond
	})
	ingest(t, open(t, c), corpus.Document{ID: "first", Text: "The first."})
	m := &acknowledgements{of: map[string][]written{}}
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
						if err := rebuildAndActivate(t.Context(), c); err != nil {
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
	for id, writes := range m.of {
		info, err := last.Document(t.Context(), id, true)
		if err != nil && !errors.Is(err, corpus.ErrNotFound) {
			t.Fatal(err)
		}
		if !m.allows(id, info.Document.Text) {
			t.Errorf("document %s: %q is held, which no order of the acknowledged writes leaves:\n%+v", id, info.Document.Text, writes)
		}
	}
	stats, err := last.Stats(t.Context())
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
func writeText(t *testing.T, m *acknowledgements, a *app.App, id, text string, remove bool) {
	w := written{begun: m.now()}
	var err error
	if remove {
		err = a.Delete(t.Context(), []string{id})
	} else {
		w.text = text
		raws := make(chan corpus.Raw, 1)
		raws <- corpus.Raw{Document: corpus.Document{ID: id, Text: text}}
		close(raws)
		var failed error
		err = a.Ingest(t.Context(), raws, func(_ int, r corpus.Receipt) { failed = r.Err })
		err = errors.Join(err, failed)
	}
	w.acknowledged, w.ended = err == nil, m.now()
	if kind := corpus.KindOf(err); err != nil && kind != corpus.ErrConflict && kind != corpus.ErrUnavailable {
		t.Errorf("write %s: %v", id, err)
	}
	m.add(id, w)
}
