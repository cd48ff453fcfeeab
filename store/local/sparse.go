package local

import (
	"math"
	"math/bits"
	"slices"
	"sync"

	"dalil/corpus"
	"dalil/store"
	"dalil/vector"
)

// asked is one dimension of a sparse query: its postings in a segment, and its weight,
// which is the query's weight × idf.
type asked struct {
	span
	weight float32
}

// weigh returns the dimensions of a query that are in each view, in the order of the query.
// Their idf is over the documents of the tenant that the filter names, or over all.
func weigh(s *snapshot, query corpus.Sparse, f corpus.Filter) [][]asked {
	terms := make([][]asked, len(s.views))
	for i := range terms {
		terms[i] = make([]asked, 0, lookUpGroup)
	}
	var other store.BatchVocabulary
	passages := float64(s.passages)
	if tenant, bound := store.TenantOf(f); bound {
		if v := s.vocabulary(tenant); v != store.BatchVocabulary(s) {
			other, passages = v, float64(v.Passages())
		}
	}
	var g lookUps
	spans := make([]span, lookUpGroup*len(s.views))
	for n, next := 0, 0; next < len(query.Dimensions); {
		n, next = g.take(s.known, query.Dimensions, next)
		var frequencies [lookUpGroup]int
		for i := range s.views {
			of := spans[i*lookUpGroup:][:lookUpGroup]
			s.views[i].spans(g.dimensions[:n], of)
			if other == nil {
				for j, d := range g.dimensions[:n] {
					frequencies[j] += s.views[i].frequencyOf(d, of[j])
				}
			}
		}
		if other != nil {
			other.Frequencies(g.dimensions[:n], frequencies[:n])
		}
		for j, frequency := range frequencies[:n] {
			if frequency == 0 {
				continue
			}
			weight := float32(corpus.IDF(passages, float64(frequency)) * float64(query.Weights[g.places[j]]))
			for i := range s.views {
				if at := spans[i*lookUpGroup+j]; at.from < at.to {
					terms[i] = append(terms[i], asked{at, weight})
				}
			}
		}
	}
	return terms
}

// sums has one sum for each row of a segment, and marks the rows that have one.
type sums struct {
	scores [maxRows]float32
	seen   [maxRows / 64]uint64
}

// sumsPool keeps sums for reuse. They are all zero between uses.
type sumsPool struct{ pool sync.Pool }

func (p *sumsPool) get() *sums {
	if s, held := p.pool.Get().(*sums); held {
		return s
	}
	return new(sums)
}

// put takes sums back of which only the scores of the first rows are not zero.
func (p *sumsPool) put(s *sums, rows int) {
	clear(s.scores[:rows])
	p.pool.Put(s)
}

// sparse finds the best rows of a view by adding the contributions of all postings,
// dimension by dimension. The order of additions is that of the dimensions, so a
// score does not depend on how segments were merged. If they are to be kept, it may also
// return the sums of all rows, which are above 0 where a row shares a dimension; nil: it
// has none.
func sparse(v *view, p *passing, arm *store.ArmQuery, terms []asked, keep bool, pool *sumsPool, tops *topPool) (*top, *sums) {
	p.ready()
	if rows := p.fewRows(terms); rows != nil {
		best := tops.get(0, 0)
		best.items = append(best.items, sparseRows(v, terms, rows)...)
		return best, nil
	}
	best := tops.get(arm.Limit, 0)
	if arm.Min != nil {
		best.least = *arm.Min
	}
	held := pool.get()
	positive := allPositive(v, terms)
	if positive && p.some && p.share() < keptShare {
		held.takeKept(p, terms, best)
	} else {
		for i, t := range terms {
			if ahead := i + postingsAhead; ahead < len(terms) {
				v.prefetch(terms[ahead].span)
			}
			held.add(v, t, !positive)
		}
		if !positive {
			held.takeSeen(p, best)
			pool.put(held, 0)
			best.cut()
			return best, nil
		}
		held.takeAbove(p, best)
	}
	best.cut()
	if keep {
		return best, held
	}
	pool.put(held, len(v.ids))
	return best, nil
}

// of returns the scores of those rows that may be found and share a dimension with the
// question.
func (s *sums) of(p *passing, rows []uint32) []scored {
	found := make([]scored, 0, len(rows))
	for _, row := range rows {
		if score := s.scores[row]; score > 0 && p.row(row) {
			found = append(found, scored{row, score})
		}
	}
	return found
}

// lookUpCost is how many postings can be added in the time that it takes to look a row
// up in a list of postings.
const lookUpCost = 16

// mostLookedUp returns up to how many rows it is faster to look up in the postings of all
// dimensions than to add all postings.
func mostLookedUp(v *view, terms []asked) int {
	postings := 0
	for _, t := range terms {
		postings += int(t.to - t.from)
	}
	return (postings + len(v.ids)/4) / (lookUpCost * max(len(terms), 1)) // a view may have no dimension of the question
}

// fewRows lists the rows that may be found, if it is faster to look them up in the
// postings than to add all postings; nil: it is not.
func (p *passing) fewRows(terms []asked) []uint32 {
	if !p.some {
		return nil
	}
	v := p.view
	most := mostLookedUp(v, terms)
	if p.rows() > most {
		return nil
	}
	rows, many := []uint32{}, false
	p.kept.runs(uint32(len(v.keys)), func(from, to uint32) {
		// The rows were estimated from the documents. One document may have thousands of them.
		if many = many || len(rows)+int(v.firsts[to]-v.firsts[from]) > most; many {
			return
		}
		for row := v.firsts[from]; row < v.firsts[to]; row++ {
			rows = append(rows, row)
		}
	})
	if many {
		return nil
	}
	return rows
}

// A list of postings is asked for when the list that is postingsAhead before it is read, so
// that the processor does not wait for its beginning. The processor itself asks for the rest
// of a long list.
const (
	postingsAhead = 4
	askedPostings = 512 // at most
)

// prefetch asks the memory for the beginning of a list of postings.
func (s *segment) prefetch(list span) {
	to := min(list.to, list.from+askedPostings)
	vector.Prefetch(s.rows[list.from:to])
	if len(s.codes) > 0 {
		vector.Prefetch(s.codes[list.from:to])
	}
}

// add adds a dimension's contribution to each row. If every contribution is above
// 0, so is every sum, and rows need not be marked.
func (s *sums) add(v *view, t asked, mark bool) {
	from, to := t.from, t.to
	rows := v.segment.rows[from:to]
	if mark {
		for _, row := range rows {
			s.seen[row>>6] |= 1 << (row & 63)
		}
	}
	if len(v.codes) == 0 {
		for i, w := range v.weights[from:to][:len(rows)] {
			s.scores[rows[i]] += t.weight * w
		}
		return
	}
	weights := v.weights
	for i, code := range v.codes[from:to][:len(rows)] {
		s.scores[rows[i]] += t.weight * weights[code]
	}
}

// takeAbove returns the rows whose sums are above 0.
func (s *sums) takeAbove(p *passing, best *top) {
	scores := s.scores[:len(p.view.ids)]
	least := max(best.least, math.SmallestNonzeroFloat32)
	best.least = max(least, s.seed(p, best.n))
	takeReaching(scores, p, best)
	if len(best.items) < best.n && best.least > least { // the seed was too high
		best.reset(best.n, best.margin)
		best.least = least
		takeReaching(scores, p, best)
	}
}

// takeReaching adds the rows whose scores reach the least one.
func takeReaching(scores []float32, p *passing, best *top) {
	var reached [scanBlock / 64]uint64
	for from := 0; from < len(scores); from += scanBlock {
		block := scores[from:min(from+scanBlock, len(scores))]
		vector.Reaching(block, best.least, reached[:])
		for i, word := range reached {
			for ; word != 0; word &= word - 1 {
				at := i<<6 | bits.TrailingZeros64(word)
				row := uint32(from + at)
				if block[at] >= best.least && p.row(row) {
					best.add(scored{row, block[at]})
				}
			}
		}
	}
}

// sumsPiece is how many neighbouring sums a sample has: those of a cache line.
const sumsPiece = 16

// seed estimates a score that the best n rows reach, as [nearest.seed] does.
func (s *sums) seed(p *passing, n int) float32 {
	rows := len(p.view.ids)
	if p.some || rows < 4*seedRows {
		return 0
	}
	var sample [seedRows]float32
	for i := 0; i < seedRows; i += sumsPiece {
		at := i * (rows / sumsPiece) / seedRows * sumsPiece
		copy(sample[i:i+sumsPiece], s.scores[at:])
	}
	return reachedBy(sample[:], min(2*n*seedRows/rows+8, seedRows-1))
}

// takeSeen returns the marked rows, whatever their sums, and sets all sums to zero.
func (s *sums) takeSeen(p *passing, best *top) {
	for i, word := range s.seen[:(len(p.view.ids)+63)/64] {
		for s.seen[i] = 0; word != 0; word &= word - 1 {
			row := uint32(i<<6 | bits.TrailingZeros64(word))
			score := s.scores[row]
			s.scores[row] = 0
			if score >= best.least && p.row(row) {
				best.add(scored{row, score})
			}
		}
	}
}

// allPositive reports whether all contributions of the dimensions are above 0.
func allPositive(v *view, terms []asked) bool {
	return v.positive && !slices.ContainsFunc(terms, func(t asked) bool { return t.weight <= 0 })
}

// sparseOnly scores those rows of a view that the arm names, which are in ascending
// order. Rows that share no dimension with the question are not found.
func sparseOnly(v *view, p *passing, terms []asked, rows []uint32, pool *sumsPool) []scored {
	p.ready()
	rows = slices.DeleteFunc(rows, func(row uint32) bool { return !p.row(row) })
	if len(rows) == 0 || len(terms) == 0 {
		return nil
	}
	if len(rows) <= mostLookedUp(v, terms) || !allPositive(v, terms) {
		return sparseRows(v, terms, rows)
	}
	held := pool.get()
	found := held.takeNamed(v, terms, rows)
	pool.put(held, len(v.ids))
	return found
}

// sparseRows scores rows, which are in ascending order and share a dimension with the
// question.
func sparseRows(v *view, terms []asked, rows []uint32) []scored {
	found := make([]scored, len(rows))
	shared := make([]bool, len(rows))
	for _, t := range terms {
		list := v.segment.rows[t.from:t.to]
		eachShared(list, rows, func(at, i int) {
			found[i].score += t.weight * v.weight(t.from+uint32(at))
			shared[i] = true
		})
	}
	n := 0
	for i, row := range rows {
		if shared[i] {
			found[n] = scored{row, found[i].score}
			n++
		}
	}
	return found[:n]
}
