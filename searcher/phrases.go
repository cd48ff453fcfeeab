package searcher

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
	"dalil/syntax"
)

const (
	// mostSigns is how many phrases and excluded words a question has at most, and
	// mostSigned how many words they have together.
	mostSigns  = 16
	mostSigned = 64
	// holdingMost is how many passages are looked at for a phrase: those with its rarest
	// word. It also bounds how far a question searches for passages without an excluded
	// word.
	holdingMost = 10_000
)

// demands is what a question demands of a passage.
type demands struct {
	phrases, excluded []lexical.Together
	read              syntax.Reading
	// holding are the passages that have all words of the phrases; nil: there are no
	// phrases.
	holding []corpus.ChunkID
	cut     bool // there may be more passages than were looked at
	// met says whether a passage that was read meets the demands.
	met map[corpus.ChunkID]bool
}

func (d *demands) any() bool { return len(d.phrases)+len(d.excluded) > 0 }

// readSigns reads the quotation marks and minus signs of the question, and removes them
// from its text.
func (r *run) readSigns() error {
	if !r.query.Syntax {
		return nil
	}
	read := syntax.Read(r.query.Text)
	if !read.Found() {
		return nil
	}
	words := 0
	together := func(all []string) (some []lexical.Together) {
		for _, text := range all {
			if t := r.deps.Analyzer.Together(text); t.Words() > 0 {
				some, words = append(some, t), words+t.Words()
			}
		}
		return some
	}
	r.demands = demands{phrases: together(read.Phrases), excluded: together(read.Excluded), read: read}
	n := len(read.Phrases) + len(read.Excluded)
	switch {
	case len(r.deps.Analyzer.Words(read.Text)) == 0:
		return corpus.Invalid("query", "has nothing to search for: all its words are left out by a minus; query_syntax false reads it as plain text")
	case n > mostSigns:
		return &corpus.InvalidError{Violations: []corpus.Violation{tooMany("phrases and excluded words", mostSigns, n)}}
	case words > mostSigned:
		return &corpus.InvalidError{Violations: []corpus.Violation{tooMany("words in phrases and behind minus signs", mostSigned, words)}}
	}
	r.query.Text = read.Text
	return nil
}

func tooMany(what string, most, got int) corpus.Violation {
	return corpus.Violation{
		Field: "query", Description: fmt.Sprintf("must have at most %d %s, has %d; query_syntax false reads it as plain text", most, what, got),
		Limit: fmt.Sprint(most), Got: fmt.Sprint(got),
	}
}

// demanded searches for candidates that meet the demands. It searches deeper until it
// has as many as any question has, or there are no more.
func (r *run) demanded(ctx context.Context) error {
	if err := r.findHolding(ctx); err != nil {
		return err
	}
	first := r.depth
	defer func() { r.depth = first }()
	for {
		if err := r.collect(ctx); err != nil {
			return err
		}
		if err := r.screen(ctx); err != nil {
			return err
		}
		deeper := min(4*r.depth, holdingMost)
		if r.whole || len(r.candidates) >= first || deeper == r.depth {
			r.demands.cut = r.demands.cut || !r.whole && len(r.candidates) < first
			return nil
		}
		r.end()
		r.candidates, r.kept, r.depth = nil, nil, deeper
	}
}

// findHolding finds the passages that have all words of all phrases, wherever these
// stand: those with the rarest word, and of these those that have the next ones too.
func (r *run) findHolding(ctx context.Context) error {
	r.demands.holding, r.demands.cut, r.demands.met = nil, false, map[corpus.ChunkID]bool{}
	var needed [][]uint32
	for _, phrase := range r.demands.phrases {
		needed = append(needed, phrase.Dimensions(r.deps.Analyzer)...)
	}
	if len(needed) == 0 {
		return nil
	}
	frequency := func(dimensions []uint32) (n int) {
		for _, d := range dimensions {
			n += r.vocabulary.Frequency(d)
		}
		return n
	}
	slices.SortStableFunc(needed, func(a, b []uint32) int { return cmp.Compare(frequency(a), frequency(b)) })
	needed = slices.CompactFunc(needed, slices.Equal[[]uint32])
	for i, dimensions := range needed {
		arm := store.ArmQuery{Sparse: evenly(dimensions), Limit: holdingMost, Filter: r.query.Filter}
		if i > 0 {
			if len(r.demands.holding) <= r.depth {
				break // the texts of so few are read in any case
			}
			arm.IDs, arm.Limit = r.demands.holding, len(r.demands.holding)
		}
		found, err := r.deps.Store.Search(ctx, []store.ArmQuery{arm})
		if err != nil {
			return fmt.Errorf("search for the words of the phrases: %w", err)
		}
		r.demands.holding = make([]corpus.ChunkID, len(found[0]))
		for k, h := range found[0] {
			r.demands.holding[k] = h.ID
		}
		r.demands.cut = r.demands.cut || i == 0 && len(found[0]) == holdingMost
	}
	return nil
}

// evenly is a query by dimensions with equal weights.
func evenly(dimensions []uint32) corpus.Sparse {
	s := corpus.Sparse{Dimensions: dimensions, Weights: make([]float32, len(dimensions))}
	for i := range s.Weights {
		s.Weights[i] = 1
	}
	return s
}

// screen drops the candidates that do not meet the demands.
func (r *run) screen(ctx context.Context) error {
	doubtful := idsOf(r.candidates)
	if len(r.demands.phrases) == 0 {
		var err error
		if doubtful, err = r.mayHold(ctx, doubtful); err != nil {
			return err
		}
	}
	met := r.demands.met
	doubtful = slices.DeleteFunc(doubtful, func(id corpus.ChunkID) bool { _, known := met[id]; return known })
	if err := r.read(ctx, doubtful, 0); err != nil {
		return err
	}
	for _, id := range doubtful {
		if err := ctx.Err(); err != nil {
			return err
		}
		point, held := r.points[id]
		r.vanished = r.vanished || !held
		met[id] = held && r.demands.meet(r.finder(&point))
	}
	r.candidates = slices.DeleteFunc(r.candidates, func(c candidate) bool { meets, known := met[c.hit.ID]; return known && !meets })
	return nil
}

// mayHold returns the passages that may have an excluded word or phrase.
func (r *run) mayHold(ctx context.Context, ids []corpus.ChunkID) ([]corpus.ChunkID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var arms []store.ArmQuery
	for _, excluded := range r.demands.excluded {
		if needed := excluded.Dimensions(r.deps.Analyzer); len(needed) > 0 {
			arms = append(arms, store.ArmQuery{Sparse: evenly(needed[0]), Limit: len(ids), IDs: ids})
		}
	}
	found, err := r.deps.Store.Search(ctx, arms)
	if err != nil {
		return nil, fmt.Errorf("search for the excluded words: %w", err)
	}
	var some []corpus.ChunkID
	seen := map[corpus.ChunkID]bool{}
	for _, hits := range found {
		for _, h := range hits {
			if !seen[h.ID] {
				seen[h.ID] = true
				some = append(some, h.ID)
			}
		}
	}
	return some, nil
}

// meet reports whether a passage has all phrases, and nothing that is excluded. has reports
// whether it has words together.
func (d *demands) meet(has func(lexical.Together) bool) bool {
	return !slices.ContainsFunc(d.excluded, has) &&
		!slices.ContainsFunc(d.phrases, func(t lexical.Together) bool { return !has(t) })
}

// finder returns a function that reports whether a passage has words together in its text or
// in the title of its document. Both are divided into words once, however often it is called.
func (r *run) finder(p *store.Point) (has func(lexical.Together) bool) {
	a := r.deps.Analyzer
	text := a.Divide(p.Chunk.Text)
	title := sync.OnceValue(func() lexical.Divided {
		if p.Document == nil {
			return lexical.Divided{}
		}
		return a.Divide(p.Document.Title)
	})
	return func(t lexical.Together) bool { return t.Among(a, text) || t.Among(a, title()) }
}
