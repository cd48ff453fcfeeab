// Package searcher is the read path: a question goes to both arms in one store
// call, their candidates are fused, refined, cut to a page and returned as
// passages with honest scores. Start with [New] and [Searcher.Search].
package searcher

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/store"
)

// Refiner scores candidates once more from their text.
type Refiner interface {
	// Refine returns one Refinement per text, in order. An error leaves the
	// arms' order standing.
	Refine(ctx context.Context, query string, texts []string) ([]Refinement, error)
}

// Refinement is what a [Refiner] thinks of one text; both are higher for
// better and comparable within one call only.
type Refinement struct {
	Late     float32 // late interaction: query words against passage words
	Sentence float32 // cosine similarity of the best sentence
}

// Deps are what a Searcher reads from. Refiner may be nil.
type Deps struct {
	Store    store.Reader
	Embedder embedder.Embedder
	Analyzer *lexical.Analyzer
	Expander *lexical.Expander
	Refiner  Refiner
}

// Options tune a Searcher; the zero value is the measured default.
type Options struct {
	Depth          int      // candidates of each arm, whatever the page size; 0: 100
	RefineDepth    int      // best candidates that the Refiner sees; 0: 50
	Weights        *Weights // of the mix; nil: DefaultWeights
	RequireAllArms bool     // an arm that can't answer fails the query instead of degrading it
}

// Searcher answers queries. It is safe for concurrent use.
type Searcher struct {
	deps    Deps
	options Options
}

// New returns a Searcher that reads from deps.
func New(deps Deps, options Options) *Searcher {
	if options.Depth <= 0 {
		options.Depth = 100
	}
	if options.RefineDepth <= 0 {
		options.RefineDepth = 50
	}
	if options.Weights == nil {
		w := DefaultWeights
		options.Weights = &w
	}
	return &Searcher{deps, options}
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
	r.clock.last = time.Now()
	if err := r.ask(ctx); err != nil {
		return corpus.Answer{}, err
	}
	if err := r.retrieve(ctx); err != nil {
		return corpus.Answer{}, err
	}
	r.order()
	r.clock.lap(corpus.StageFuse)
	if err := r.refine(ctx); err != nil {
		return corpus.Answer{}, err
	}
	passages, more, err := r.page(ctx)
	if err != nil {
		return corpus.Answer{}, err
	}
	r.clock.lap(corpus.StageHydrate)
	return corpus.Answer{
		Passages: passages, Candidates: len(r.candidates), More: more, Timings: r.clock.laps,
		Degraded: r.degraded, TopDense: r.topDense, Explanations: r.question.Explanations,
	}, nil
}

// run is one query under way.
type run struct {
	*Searcher
	query      corpus.Query
	vector     corpus.Vector // nil: the dense arm is not asked
	question   lexical.Question
	vocabulary store.Vocabulary
	lexical    bool
	degraded   []corpus.Arm
	topDense   *float32
	candidates []candidate
	points     map[corpus.ChunkID]store.Point // read for refinement, reused for the page
	clock      clock
}

// clock tells how long each stage took.
type clock struct {
	last time.Time
	laps []corpus.Timing
}

func (c *clock) lap(stage corpus.Stage) {
	now := time.Now()
	c.laps = append(c.laps, corpus.Timing{Stage: stage, Duration: now.Sub(c.last)})
	c.last = now
}

// ask turns the text into what the arms search for.
func (r *run) ask(ctx context.Context) error {
	wants := func(arm corpus.Arm) bool { return len(r.query.Arms) == 0 || slices.Contains(r.query.Arms, arm) }
	// The vocabulary also weighs coverage, so a dense query reads it too.
	var err error
	if r.vocabulary, err = r.deps.Store.Vocabulary(ctx); err != nil {
		return fmt.Errorf("read the vocabulary: %w", err)
	}
	r.question = r.deps.Expander.Question(r.query.Text, r.vocabulary, r.query.Debug)
	r.lexical = wants(corpus.Lexical)
	r.clock.lap(corpus.StageExpand)
	if !wants(corpus.Dense) {
		return nil
	}
	dispensable := r.lexical && !r.options.RequireAllArms
	within := ctx
	if dispensable {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, embedShare(ctx))
		defer cancel()
	}
	answer, err := r.deps.Embedder.Embed(within, embedder.Query, []string{r.query.Text})
	r.clock.lap(corpus.StageEmbed)
	switch {
	case err == nil:
		r.vector = answer.Vectors[0]
	case dispensable && ctx.Err() == nil:
		r.degraded = append(r.degraded, corpus.Dense)
	default:
		return fmt.Errorf("embed the query: %w", err)
	}
	return nil
}

// embedMost is how long a question that words can answer waits for its vector.
const embedMost = 3 * time.Second

// embedShare leaves half of the time for the answer by words.
func embedShare(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return min(time.Until(deadline)/2, embedMost)
	}
	return embedMost
}
