package searcher

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// weights are the arms' weights for this query: the request's where it says.
func (r *run) weights() (dense, lexical float64) {
	dense, lexical = r.options.Weights.Dense, r.options.Weights.Lexical
	if r.query.Fusion.Method == corpus.RRF {
		dense, lexical = 1, 1
	}
	if w := r.query.Fusion.DenseWeight; w != nil {
		dense = float64(*w)
	}
	if w := r.query.Fusion.LexicalWeight; w != nil {
		lexical = float64(*w)
	}
	return dense, lexical
}

// order fuses the arms and sorts the candidates, best first.
func (r *run) order() {
	dense, lexical := r.weights()
	var fused []float64
	if r.query.Fusion.Method == corpus.RRF {
		fused = rrf(r.candidates, r.query.Fusion.K, dense, lexical)
	} else {
		fused = mix(len(r.candidates), armSignal(r.candidates, corpus.Dense, dense), armSignal(r.candidates, corpus.Lexical, lexical))
	}
	for i := range r.candidates {
		r.candidates[i].final = fused[i]
	}
	sortCandidates(r.candidates)
}

func sortCandidates(candidates []candidate) {
	slices.SortFunc(candidates, func(a, b candidate) int {
		if c := cmp.Compare(b.final, a.final); c != 0 {
			return c
		}
		return a.hit.ID.Compare(b.hit.ID)
	})
}

// refines reports whether the candidates' texts are scored once more: by
// default for a mix with the dense arm in it, on request for anything.
func (r *run) refines() bool {
	if r.deps.Refiner == nil || len(r.candidates) < 2 {
		return false
	}
	if r.query.Rerank != nil {
		return *r.query.Rerank
	}
	return r.vector != nil && r.query.Fusion.Method == corpus.Mix
}

// refine lets the Refiner reorder the best candidates among themselves; the
// rest follows in its old order.
func (r *run) refine(ctx context.Context) error {
	if !r.refines() {
		return nil
	}
	head := r.candidates[:min(len(r.candidates), r.options.RefineDepth)]
	texts, err := r.texts(ctx, head)
	if err != nil {
		return err
	}
	refined, err := r.deps.Refiner.Refine(ctx, r.query.Text, texts)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil && len(refined) == len(head) {
		r.reorder(head, refined)
	}
	r.clock.lap(corpus.StageRerank)
	return nil
}

// texts reads what the Refiner needs; the page reuses it.
func (r *run) texts(ctx context.Context, head []candidate) ([]string, error) {
	ids := make([]corpus.ChunkID, len(head))
	for i, c := range head {
		ids[i] = c.hit.ID
	}
	points, err := r.deps.Store.Chunks(ctx, ids, store.WithText|store.WithDocument)
	if err != nil {
		return nil, fmt.Errorf("read %d candidates: %w", len(ids), err)
	}
	r.points = make(map[corpus.ChunkID]store.Point, len(points))
	for _, p := range points {
		r.points[p.Chunk.ID] = p
	}
	texts := make([]string, len(head))
	for i, id := range ids {
		point := r.points[id] // without text where it is gone; the page leaves it out
		texts[i] = point.Chunk.Text
		// The title counts as the passage's first sentence, as it does in the
		// arms.
		if name := title(point); !strings.HasPrefix(texts[i], name) {
			texts[i] = name + "\n" + texts[i]
		}
	}
	return texts, nil
}

func title(p store.Point) string {
	if p.Document == nil {
		return ""
	}
	return p.Document.Title
}

func (r *run) reorder(head []candidate, refined []Refinement) {
	dense, lexical := r.weights()
	late := signal{weight: r.options.Weights.Late, scores: make([]float32, len(head)), has: make([]bool, len(head))}
	sentence := signal{weight: r.options.Weights.Sentence, scores: make([]float32, len(head)), has: make([]bool, len(head))}
	for i := range head {
		score := refined[i].Late
		head[i].scores.Rerank = &score
		late.scores[i], late.has[i] = refined[i].Late, true
		sentence.scores[i], sentence.has[i] = refined[i].Sentence, true
	}
	sums := mix(len(head), armSignal(head, corpus.Dense, dense), armSignal(head, corpus.Lexical, lexical), late, sentence)
	for i := range head {
		head[i].final = sums[i]
	}
	sortCandidates(head)
	// The tail was scored on another scale; it must not show a higher number.
	tail := r.candidates[len(head):]
	if len(tail) > 0 {
		shift := min(head[len(head)-1].final-tail[0].final, 0)
		for i := range tail {
			tail[i].final += shift
		}
	}
}
