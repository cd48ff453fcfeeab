package chunker

import (
	"fmt"

	"dalil/corpus"
)

// group has the pieces of one passage.
type group struct {
	span corpus.Span
	row  int // as in piece, of the first one
}

// fits reports whether a piece can be a passage.
func (c *Chunker) fits(p piece) bool { return p.tokens <= c.options.Max && p.span.Len() <= MaxBytes }

// pack joins the pieces of one section into passages of about Target tokens. It
// finds the cuts with the lowest cost by dynamic programming over the pieces. The
// cost of a passage is the square of its distance from the target, plus a little if
// it ends inside a paragraph. So there are no tiny passages at the end. A passage
// that begins inside a table gets the table's context.
func (c *Chunker) pack(pieces []piece, tables []carried) []group {
	n := len(pieces)
	const endless = 1e18
	best := make([]float64, n+1)
	from := make([]int32, n+1)
	for end := 1; end <= n; end++ {
		best[end] = endless
		sum := 0
		for start := end - 1; start >= 0; start-- {
			sum += pieces[start].tokens
			whole := start == end-1
			if !whole && (sum > c.options.Max || pieces[end-1].span.End-pieces[start].span.Start > MaxBytes) {
				break
			}
			tokens := sum
			if row := pieces[start].row; row > 0 {
				tokens += tables[row-1].tokens
			}
			if tokens <= c.options.Max || whole {
				if cost := best[start] + c.cost(tokens, pieces[end-1], end == n, whole); cost < best[end] {
					best[end], from[end] = cost, int32(start)
				}
			}
			if end-start > maxPieces {
				break
			}
		}
	}
	var cuts []int
	for end := n; end > 0; end = int(from[end]) {
		cuts = append(cuts, end)
	}
	groups := make([]group, 0, len(cuts))
	start := 0
	for i := len(cuts) - 1; i >= 0; i-- {
		end := cuts[i]
		groups = append(groups, group{corpus.Span{Start: pieces[start].span.Start, End: pieces[end-1].span.End}, pieces[start].row})
		start = end
	}
	return groups
}

// maxPieces limits the work on sentences without words.
const maxPieces = 256

func (c *Chunker) cost(tokens int, last piece, end, whole bool) float64 {
	target := float64(c.options.Target)
	off := (float64(tokens) - target) / target
	if off > 0 && !whole {
		off *= 1.5 // a vector of a passage that is too long is worse than that of one that is too short
	}
	cost := off * off
	if !end && !last.closes {
		cost += 0.05
	}
	return cost
}

func tooMany(bytes, most int) error {
	return &corpus.InvalidError{Violations: []corpus.Violation{{
		Field: "text", Description: fmt.Sprintf("has %d bytes and would be cut into more than %d passages", bytes, most), Limit: fmt.Sprint(most),
	}}}
}
