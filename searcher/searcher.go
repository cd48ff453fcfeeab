// Package searcher is the read path. A question goes to both arms in one call of
// the store; their candidates are ranked in the steps of [ranking], cut to a page
// and returned as passages with their scores. Start with [New] and
// [Searcher.Search].
package searcher

import (
	"context"
	"sync"
	"time"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/searcher/trees"
	"dalil/store"
)

// Reranker scores candidates once more from their text.
type Reranker interface {
	// Rerank returns one Reranking per text, in order. An error leaves the
	// order of the other signals.
	Rerank(ctx context.Context, query string, texts []string) ([]Reranking, error)
}

// Reranking is what a [Reranker] thinks of one text; both are higher for
// better and comparable within one call only.
type Reranking struct {
	Late     float32 // late interaction: query words against passage words
	Sentence float32 // cosine similarity of the best sentence
}

// Deps are what a Searcher reads from. Reranker and External may be nil.
type Deps struct {
	Store    store.Reader
	Embedder embedder.Embedder
	Analyzer *lexical.Analyzer
	Expander *lexical.Expander
	Reranker Reranker
	External External
}

// Options tune a Searcher; the zero value is the measured default.
type Options struct {
	Depth          int           // candidates of each arm, whatever the page size; 0: 100
	RerankDepth    int           // best candidates that the Reranker sees; 0: 50
	Weights        *Weights      // of the mix; nil: DefaultWeights
	ExternalWithin time.Duration // how long the External may take; 0: 2 s
	AdaptDense     bool          // the Weights were not measured with this embedder: the dense arm's grows as far as its scores part the candidates
	Ranker         *trees.Model  // corrects the mix; its features are FeatureNames; nil: none
	RequireAllArms bool          // an arm that can't answer fails the query instead of degrading it
}

// Searcher answers queries. It is safe for concurrent use.
type Searcher struct {
	deps    Deps
	options Options

	profiler     *profiler
	keeper       store.ProfileKeeper // nil: the store keeps no profiles
	profiles     sync.Pool           // *store.Profiles
	known        *known
	conversation *conversation.Reader
}

// New returns a Searcher that reads from deps. A store that keeps profiles of
// passages keeps this Searcher's from now on.
func New(deps Deps, options Options) *Searcher {
	if options.Depth <= 0 {
		options.Depth = 100
	}
	if options.RerankDepth <= 0 {
		options.RerankDepth = 50
	}
	if options.ExternalWithin <= 0 {
		options.ExternalWithin = externalWithin
	}
	if options.Weights == nil {
		w := DefaultWeights()
		options.Weights = &w
	}
	s := &Searcher{deps: deps, options: options, profiler: newProfiler(deps), keeper: store.ProfileKeeperOf(deps.Store), known: newKnown(), conversation: conversation.NewReader(deps.Analyzer, deps.Expander)}
	s.profiles.New = func() any { return &store.Profiles{} }
	if s.keeper != nil {
		s.keeper.KeepProfiles(s.profiler)
	}
	return s
}

// Search answers q. Errors are corpus.ErrInvalid for a query that can't be
// asked, corpus.ErrUnavailable when every arm asked for is down, and the
// store's own.
func (s *Searcher) Search(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
	q, err := checked(q)
	if err != nil {
		return corpus.Answer{}, err
	}
	r := run{Searcher: s, query: q}
	defer r.end()
	r.clock.last = time.Now()
	if err := r.ask(ctx); err != nil {
		return corpus.Answer{}, err
	}
	if err := r.retrieve(ctx); err != nil {
		return corpus.Answer{}, err
	}
	if err := r.rank(ctx); err != nil {
		return corpus.Answer{}, err
	}
	if err := r.external(ctx); err != nil {
		return corpus.Answer{}, err
	}
	passages, more, err := r.page(ctx)
	if err != nil {
		return corpus.Answer{}, err
	}
	r.clock.lap(corpus.StageHydrate)
	return corpus.Answer{
		Interpreted: r.asked, FollowsUp: r.followsUp,
		Passages: passages, Candidates: len(r.candidates), More: more, Timings: r.clock.laps,
		Degraded: r.degraded, DegradedStages: r.degradedStages, TopDense: r.topDense, Explanations: r.question.Explanations,
	}, nil
}
