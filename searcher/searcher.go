// Package searcher is the read path. It searches with both arms in one call of the
// store, ranks their candidates in the steps of [ranking], arranges them in those of
// [arrangement], and returns a page of passages with their scores. Start with [New] and [Searcher.Search].
package searcher

import (
	"context"
	"sync"
	"time"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/searcher/relevance"
	"dalil/searcher/trees"
	"dalil/store"
)

// Reranker scores candidates again from their text.
type Reranker interface {
	// Rerank returns one Reranking per text, in order. After an error, the other
	// signals order the candidates.
	Rerank(ctx context.Context, query string, texts []string) ([]Reranking, error)
}

// Reranking has the scores of a [Reranker] for one text. Higher scores are better.
// They are comparable within one call only.
type Reranking struct {
	Late     float32 // late interaction: the query's words are compared with the passage's words
	Sentence float32 // cosine similarity of the best sentence
	Together float32 // late interaction with one sentence, the best
	// Words has the similarity of the nearest word of the text, 0 to 1, for each of
	// the question's words at Spans; Lengths says how much each of them means. They
	// are equally long, and nil in a Reranker that has no words: relevance is not
	// computed then.
	Words   []float32
	Spans   []corpus.Span
	Lengths []float32
	// Surprisals has -ln p of each of these words in the language (nats): rare words have
	// high ones. nil: the Reranker has no such probabilities, and the index decides what is rare.
	Surprisals []float32
}

// Deps has what a Searcher needs. Reranker and External may be nil.
type Deps struct {
	Store    store.Reader
	Embedder embedder.Embedder
	Analyzer *lexical.Analyzer
	Expander *lexical.Expander
	Reranker Reranker
	External External
}

// Options has the settings of a Searcher. The zero value has the defaults that measured best.
type Options struct {
	Depth          int              // number of candidates of each arm, independent of the page size; 0: 100
	RerankDepth    int              // number of best candidates to rerank; 0: 50
	Weights        *Weights         // weights of the mix; nil: DefaultWeights
	ExternalWithin time.Duration    // timeout of the External; 0: 2 s
	AdaptDense     bool             // the Weights were not measured with this embedder: the weight of the dense arm grows if its scores separate the candidates clearly
	LongDense      float64          // with AdaptDense, the least additional weight of the dense arm for sentences and for questions of four words and more; 0: only its scores decide
	Ranker         *trees.Model     // corrects the mix; its features are FeatureNames; nil: no correction
	Relevance      *relevance.Table // computes the probability that a passage answers; its signs are SignNames; nil: none is computed
	RequireAllArms bool             // an arm that fails makes the query fail instead of degrading it
}

// Searcher answers queries. It is safe for concurrent use.
type Searcher struct {
	deps    Deps
	options Options

	profiler     *profiler
	keeper       store.ProfileKeeper // nil: the store keeps no profiles
	profiles     sync.Pool           // *store.Profiles
	slabs        sync.Pool           // *[]candidate, empty
	rooms        sync.Pool           // *memory, empty
	known        *known
	conversation *conversation.Reader
}

// New returns a Searcher that reads from deps. If the store keeps profiles of
// passages, it keeps those of this Searcher from now on.
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
	s.slabs.New = func() any { return new([]candidate) }
	s.rooms.New = func() any { return new(memory) }
	s.profiles.New = func() any { return &store.Profiles{} }
	if s.keeper != nil {
		s.keeper.KeepProfiles(s.profiler)
	}
	return s
}

// Search answers q. Its errors are corpus.ErrInvalid for an invalid query,
// corpus.ErrUnavailable if every requested arm failed, corpus.ErrNotReady before the
// first document was indexed, and those of the store.
func (s *Searcher) Search(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
	r, err := s.newRun(q)
	if err != nil {
		return corpus.Answer{}, err
	}
	defer r.end()
	if err := r.ask(ctx); err != nil {
		return corpus.Answer{}, err
	}
	return r.answer(ctx)
}

// answer searches for a question that was asked, and returns its page.
func (r *run) answer(ctx context.Context) (corpus.Answer, error) {
	passages, more, err := r.find(ctx)
	if err == nil && len(passages) == 0 {
		_, err = r.deps.Store.Settings(ctx) // without a collection there is no answer
	}
	if err != nil {
		return corpus.Answer{}, err
	}
	return corpus.Answer{
		Interpreted: r.asked, Own: r.own(), FollowsUp: r.followsUp, Time: r.time, Phrases: r.demands.read.Phrases, Excluded: r.demands.read.Excluded, Cut: r.demands.cut,
		Passages: passages, Facets: r.facets, Candidates: r.found, More: more, Timings: r.clock.laps,
		Degraded: r.degraded, DegradedStages: r.degradedStages, Evidence: r.verdict, TopDense: r.topDense, Explanations: r.question.Explanations,
	}, nil
}
