package chunker

import "dalil/corpus"

// pack joins the pieces of one section into passages of about Target tokens.
// It finds the cuts of least cost by dynamic programming over the pieces: a
// passage costs the square of its distance from the target, and a little when
// it stops inside a paragraph, so that no tiny tail is left over.
func (c *Chunker) pack(pieces []piece) []corpus.Span {
	n := len(pieces)
	const endless = 1e18
	best := make([]float64, n+1)
	from := make([]int, n+1)
	for end := 1; end <= n; end++ {
		best[end] = endless
		tokens := 0
		for start := end - 1; start >= 0; start-- {
			tokens += pieces[start].tokens
			whole := start == end-1
			if tokens > c.options.Max && !whole {
				break
			}
			if cost := best[start] + c.cost(tokens, pieces[end-1], end == n, whole); cost < best[end] {
				best[end], from[end] = cost, start
			}
			if end-start > maxPieces {
				break
			}
		}
	}
	var cuts []int
	for end := n; end > 0; end = from[end] {
		cuts = append(cuts, end)
	}
	spans := make([]corpus.Span, 0, len(cuts))
	start := 0
	for i := len(cuts) - 1; i >= 0; i-- {
		end := cuts[i]
		spans = append(spans, corpus.Span{Start: pieces[start].span.Start, End: pieces[end-1].span.End})
		start = end
	}
	return spans
}

// maxPieces bounds the work on sentences without words.
const maxPieces = 256

func (c *Chunker) cost(tokens int, last piece, end, whole bool) float64 {
	target := float64(c.options.Target)
	off := (float64(tokens) - target) / target
	if off > 0 && !whole {
		off *= 1.5 // too long blurs the vector more than too short
	}
	cost := off * off
	if !end && !last.closes {
		cost += 0.05
	}
	return cost
}
