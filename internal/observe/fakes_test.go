package observe_test

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/internal/observe"
	"dalil/server"
	"dalil/store"
)

// fake answers every question with one passage.
type fake struct {
	server.Searcher // its other methods are not called
	metrics         *observe.Metrics
}

func (h fake) Search(_ context.Context, q corpus.Query) (corpus.Answer, error) {
	a := corpus.Answer{Candidates: 1, Passages: []corpus.Passage{{Rank: 1, Chunk: corpus.Chunk{Text: q.Text}}}}
	h.metrics.Answer(a)
	return a, nil
}

func (fake) Passages(context.Context, []corpus.ChunkID, int, corpus.View) ([]corpus.Passage, error) {
	return nil, nil
}

func (fake) SearchAll(context.Context, []corpus.Query, func(int, corpus.Answer, error)) error {
	return nil
}

func (fake) Ingest(context.Context, <-chan corpus.Raw, func(int, corpus.Receipt)) error { return nil }

func (fake) Document(context.Context, string, bool) (corpus.DocumentInfo, error) {
	return corpus.DocumentInfo{}, corpus.ErrNotFound
}

func (fake) Parts(context.Context, corpus.DocumentInfo, int, int) ([]corpus.Chunk, error) {
	return nil, nil
}

func (fake) List(context.Context, corpus.Listing) (corpus.Listed, error) {
	return corpus.Listed{}, nil
}

func (fake) Update(context.Context, corpus.Update) (corpus.Receipt, error) {
	return corpus.Receipt{}, nil
}

func (fake) Delete(context.Context, corpus.Deletion) (corpus.Receipt, error) {
	return corpus.Receipt{}, nil
}

func (fake) Erase(context.Context, corpus.Filter, bool, func(corpus.Progress)) (corpus.Erased, error) {
	return corpus.Erased{}, nil
}

func (fake) Facets(context.Context, corpus.Filter, []corpus.FacetRequest) ([]corpus.Facet, int, error) {
	return nil, 0, nil
}

func (fake) Mark() corpus.Mark { return corpus.Mark{} }
func (fake) Info() corpus.Info { return corpus.Info{} }

func (fake) Stats(context.Context) (corpus.Stats, error) { return corpus.Stats{}, nil }
func (fake) Ready(context.Context) error                 { return nil }

// broken is a model that is down, and says what it was asked.
type broken struct{}

func (broken) Model() embedder.Model { return embedder.Model{Name: "broken", Dimensions: 1} }

func (broken) Embed(_ context.Context, _ embedder.Role, texts []string) (embedder.Embeddings, error) {
	return embedder.Embeddings{}, fmt.Errorf("embed %q: %w", texts, corpus.ErrUnavailable)
}

// shelf is a store that can only tell its size, or why not.
type shelf struct {
	store.Store
	stats corpus.Stats
	err   error
}

func (s *shelf) Stats(ctx context.Context) (corpus.Stats, error) {
	if s.err != nil {
		return corpus.Stats{}, s.err
	}
	return s.stats, ctx.Err()
}
