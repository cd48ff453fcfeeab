package local

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"dalil/corpus"
	"dalil/internal/simd"
	"dalil/store"
)

// Search answers every arm from one state of the memory.
func (s *Store) Search(ctx context.Context, arms []store.Arm) ([][]store.Hit, error) {
	for i := range arms {
		if err := s.checkArm(&arms[i]); err != nil {
			return nil, fmt.Errorf("arm %d: %w", i, err)
		}
	}
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	select {
	case s.scans <- struct{}{}:
		defer func() { <-s.scans }()
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closing:
		return nil, errClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := make([][]store.Hit, len(arms))
	for i := range arms {
		found[i] = s.mem.search(&arms[i])
	}
	return found, ctx.Err()
}

func (s *Store) checkArm(a *store.Arm) error {
	switch dense, sparse := a.Dense != nil, a.Sparse.Dimensions != nil; {
	case dense == sparse:
		return corpus.Invalid("arm", "must have exactly one of a dense and a sparse vector")
	case dense && len(a.Dense) != s.options.Pipeline.Dimensions:
		return corpus.Invalid("arm.dense", fmt.Sprintf("has %d dimensions, the collection %d", len(a.Dense), s.options.Pipeline.Dimensions))
	case len(a.Sparse.Dimensions) != len(a.Sparse.Weights):
		return corpus.Invalid("arm.sparse", fmt.Sprintf("has %d dimensions and %d weights", len(a.Sparse.Dimensions), len(a.Sparse.Weights)))
	case a.Limit < 0:
		return corpus.Invalid("arm.limit", fmt.Sprintf("must not be negative, is %d", a.Limit))
	}
	if err := checkVectors("arm", a.Dense, a.Sparse); err != nil {
		return err
	}
	return a.Filter.Validate(math.MaxInt)
}

// scored is a row with its score.
type scored struct {
	row   uint32
	score float32
}

func (m *memory) search(a *store.Arm) []store.Hit {
	if a.Limit == 0 || m.live == 0 {
		return nil
	}
	pass := m.passing(a)
	var best []scored
	if a.Dense != nil {
		best = m.dense(a, pass)
	} else {
		best = m.sparse(a, pass)
	}
	slices.SortFunc(best, func(x, y scored) int {
		if c := cmp.Compare(y.score, x.score); c != 0 {
			return c
		}
		return m.ids[x.row].Compare(m.ids[y.row])
	})
	hits := make([]store.Hit, 0, min(len(best), a.Limit))
	for _, b := range best {
		if len(hits) == a.Limit || a.Min != nil && b.score < *a.Min {
			break
		}
		d := &m.documents[m.owner[b.row]]
		hits = append(hits, store.Hit{ID: m.ids[b.row], DocumentID: d.id, Revision: d.revision, Score: b.score})
	}
	return hits
}

// passing returns the test that a row must pass, nil where all living rows do.
func (m *memory) passing(a *store.Arm) func(row uint32) bool {
	set := m.allowed(a.Filter)
	if set == nil {
		if m.live == len(m.ids) {
			return nil
		}
		return func(row uint32) bool { return m.alive[row] }
	}
	return func(row uint32) bool { return m.alive[row] && set.has(m.owner[row]) }
}

// only lists the rows that the arm names, in no particular order.
func (m *memory) only(ids []corpus.ChunkID, pass func(uint32) bool) []uint32 {
	rows := make([]uint32, 0, len(ids))
	for _, id := range ids {
		if row, held := m.rowOf[id]; held && (pass == nil || pass(row)) && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// rescored is how many of the int8 scan's best are scored again for one hit
// wanted; the scan's own error is far below what separates so many.
const (
	rescored      = 2
	rescoredLeast = 64
)

// block is how many rows one call of the kernel scans.
const block = 1024

func (m *memory) dense(a *store.Arm, pass func(uint32) bool) []scored {
	if a.IDs != nil {
		rows := m.only(a.IDs, pass)
		best := make([]scored, len(rows))
		for i, row := range rows {
			best[i] = scored{row, m.cosine(a.Dense, row)}
		}
		return best
	}
	query := make([]int8, m.stride)
	quantise(query, a.Dense)
	keep := newTop(rescored*a.Limit + rescoredLeast)
	var products [block]int32
	for start := 0; start < len(m.ids); start += block {
		n := min(block, len(m.ids)-start)
		simd.DotInt8Rows(query, m.quantum[start*m.stride:(start+n)*m.stride], products[:n])
		for i, product := range products[:n] {
			row := start + i
			score := float32(product) * m.scale[row]
			if score >= keep.least && (pass == nil || pass(uint32(row))) {
				keep.add(scored{uint32(row), score})
			}
		}
	}
	best := keep.items
	for i := range best {
		best[i].score = m.cosine(a.Dense, best[i].row)
	}
	return best
}

func (m *memory) cosine(query corpus.Vector, row uint32) float32 {
	return simd.DotFloat32(query, m.full[int(row)*m.dimensions:int(row+1)*m.dimensions])
}

// idf is Robertson and Zaragoza's (2009) with the 1+ that keeps it positive;
// Qdrant's IDF modifier is the same.
func (m *memory) idf(list *posting) float64 {
	n := float64(list.live)
	return math.Log(1 + (float64(m.live)-n+0.5)/(n+0.5))
}

// sparse adds up, term after term, what each posting gives its rows (term at a
// time). The sums are in the order of the dimensions, so they are the same in
// every run. IDs are looked up in the postings one by one.
func (m *memory) sparse(a *store.Arm, pass func(uint32) bool) []scored {
	if a.IDs != nil {
		return m.sparseOnly(a, m.only(a.IDs, pass))
	}
	sums := m.sums.Get().(*accumulator)
	defer m.sums.Put(sums)
	sums.reset(len(m.ids))
	for i, dimension := range a.Sparse.Dimensions {
		list := m.postings[dimension]
		if list == nil {
			continue
		}
		weight := float32(m.idf(list) * float64(a.Sparse.Weights[i]))
		for _, e := range list.entries {
			sums.add(e.row, weight*e.weight)
		}
	}
	keep := newTop(a.Limit)
	for _, row := range sums.touched {
		if score := sums.scores[row]; score >= keep.least && (pass == nil || pass(row)) {
			keep.add(scored{row, score})
		}
	}
	return keep.items
}

func (m *memory) sparseOnly(a *store.Arm, rows []uint32) []scored {
	slices.Sort(rows)
	best := make([]scored, 0, len(rows))
	found := make([]bool, len(rows))
	for _, row := range rows {
		best = append(best, scored{row: row})
	}
	for i, dimension := range a.Sparse.Dimensions {
		list := m.postings[dimension]
		if list == nil {
			continue
		}
		weight := float32(m.idf(list) * float64(a.Sparse.Weights[i]))
		for k, row := range rows {
			j, held := slices.BinarySearchFunc(list.entries, row, func(e entry, row uint32) int { return cmp.Compare(e.row, row) })
			if held {
				best[k].score += weight * list.entries[j].weight
				found[k] = true
			}
		}
	}
	n := 0
	for k := range best {
		if found[k] {
			best[n] = best[k]
			n++
		}
	}
	return best[:n]
}

// accumulator holds one sum a row and which rows have one.
type accumulator struct {
	scores  []float32
	marked  []bool
	touched []uint32
}

func (s *accumulator) reset(rows int) {
	for _, row := range s.touched {
		if int(row) < len(s.marked) {
			s.scores[row], s.marked[row] = 0, false
		}
	}
	s.touched = s.touched[:0]
	if grow := rows - len(s.scores); grow > 0 {
		s.scores = append(s.scores, make([]float32, grow)...)
		s.marked = append(s.marked, make([]bool, grow)...)
	}
}

func (s *accumulator) add(row uint32, x float32) {
	if !s.marked[row] {
		s.marked[row] = true
		s.touched = append(s.touched, row)
	}
	s.scores[row] += x
}
