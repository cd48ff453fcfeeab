// Package grounding makes contexts for language models. From the passages of a
// search, it chooses whole sentences within a budget of tokens, without
// repetitions, and writes them with citations. Start with [New] and
// [Builder.Build].
package grounding

import (
	"context"
	"fmt"
	"time"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/store"
)

// Searcher finds the candidates.
type Searcher interface {
	Search(ctx context.Context, q corpus.Query) (corpus.Answer, error)
}

// Reader reads passages by id: the neighbours of those that were found.
type Reader interface {
	Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error)
}

// Deps are what a Builder reads from. Sentences may be nil: then the matched
// words alone say which sentences of a passage come first.
type Deps struct {
	Search    Searcher
	Read      Reader
	Sentences searcher.Reranker
}

// Options tune a Builder; the zero value works.
type Options struct {
	Counter Counter // of tokens; nil: [Estimate]
}

// Builder makes contexts. It is safe for concurrent use.
type Builder struct {
	deps    Deps
	counter Counter
}

// New returns a Builder that reads from deps.
func New(deps Deps, options Options) *Builder {
	if options.Counter == nil {
		options.Counter = Estimate{}
	}
	return &Builder{deps, options.Counter}
}

// maxAround is the largest number of passages that are added on each side of a found one.
const maxAround = 5

// Build makes the context for a question. Its errors are corpus.ErrInvalid for an
// invalid request, and those of the search.
func (b *Builder) Build(ctx context.Context, q corpus.ContextQuery) (corpus.ContextAnswer, error) {
	q, err := checked(q)
	if err != nil {
		return corpus.ContextAnswer{}, err
	}
	q.View = corpus.TextView
	for try := 1; ; try++ {
		began := time.Now()
		answer, vanished, err := b.build(ctx, q)
		if err != nil || !vanished || try == tries || !leaves(ctx, time.Since(began)) {
			return answer, err
		}
	}
}

// tries is how often a context is made at most. It is made again, with a new search,
// if a document of it was replaced or deleted meanwhile, and only while the caller's
// deadline leaves time for it. The last one may lack neighbours of such a document.
const tries = 3

// leaves reports whether the deadline leaves more time than d.
func leaves(ctx context.Context, d time.Duration) bool {
	deadline, set := ctx.Deadline()
	return !set || time.Until(deadline) > d
}

// build makes the context once. vanished: a passage of it was gone when its neighbours
// were read.
func (b *Builder) build(ctx context.Context, q corpus.ContextQuery) (answer corpus.ContextAnswer, vanished bool, err error) {
	found, err := b.deps.Search.Search(ctx, q.Query)
	if err != nil {
		return corpus.ContextAnswer{}, false, err
	}
	start := time.Now()
	answer = corpus.ContextAnswer{Counter: b.counter.Name(), Answer: found}
	answer.Passages, answer.More = nil, false
	if len(found.Passages) == 0 {
		answer.Evidence = corpus.EvidenceNone
	}
	w := newWork(b, q, found)
	if err := w.choose(ctx); err != nil {
		return corpus.ContextAnswer{}, false, err
	}
	w.render(&answer)
	answer.Dropped = w.dropped()
	answer.Timings = append(answer.Timings, corpus.Timing{Stage: corpus.StageContext, Duration: time.Since(start)})
	return answer, w.vanished, nil
}

// checked adds the defaults and returns an error if a value is out of range. The
// server checks the limit of tokens.
func checked(q corpus.ContextQuery) (corpus.ContextQuery, error) {
	if q.MaxTokens == 0 {
		q.MaxTokens = corpus.DefaultContextTokens
	}
	if q.Around == nil {
		around := 1
		q.Around = &around
	}
	var bad corpus.InvalidError
	refuse := func(field, format string, args ...any) {
		bad.Violations = append(bad.Violations, corpus.Violation{Field: field, Description: fmt.Sprintf(format, args...)})
	}
	if q.MaxTokens < 0 {
		refuse("max_tokens", "must be 1 or more, is %d", q.MaxTokens)
	}
	if q.MaxPerDocument < 0 {
		refuse("max_passages_per_document", "must be 1 or more, is %d", q.MaxPerDocument)
	}
	if *q.Around < 0 || *q.Around > maxAround {
		refuse("neighbours", "must be 0 to %d, is %d", maxAround, *q.Around)
	}
	if q.Order > corpus.ByEdges {
		refuse("order", "must be RANK, DOCUMENT or EDGES, is %d", q.Order)
	}
	if q.Format > corpus.FormatSearchResults {
		refuse("format", "must be BLOCKS, MARKDOWN, XML or SEARCH_RESULTS, is %d", q.Format)
	}
	if len(bad.Violations) > 0 {
		return q, &bad
	}
	q.Offset, q.Neighbours, q.View = 0, 0, corpus.TextView
	q.Limit = Candidates(q.MaxTokens)
	return q, nil
}

// Candidates is how many passages a context of a size is chosen from.
func Candidates(tokens int) int { return min(max(tokens/25, 20), 100) }
