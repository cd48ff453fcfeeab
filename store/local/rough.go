package local

import (
	"math"
	"math/bits"
	"slices"

	"dalil/vector"
)

// The rough copy of a vector has four bits an element. The vector is rotated first, so
// that its elements are distributed like those of a normal distribution, and divided
// into the 16 steps that suit this distribution best (Max, "Quantizing for minimum
// distortion", 1960: a step is 0.335 standard deviations). The scale of a row makes its
// inner products unbiased (Gao and Long, "RaBitQ", SIGMOD 2024).
const (
	nibbleSteps   = 16
	nibbleMiddle  = 7.5
	nibbleStepOf  = 0.335 // of the standard deviation of an element
	nibbleQuery   = 127   // the largest element of a rotated question
	roughLeast    = 800   // rows that are scored again, at least
	roughFactor   = 8     // and for each row that is asked for
	roughShare    = 1024  // and one of so many rows of the index
	roughRowsFrom = 4     // times as many rows of a view make the rough scan worth it
)

// rougher makes rough copies of vectors.
type rougher struct {
	rotation *vector.Rotation
	rotated  []float32
	levels   []uint8
	stride   int // of a row in bytes
}

func newRougher(width int) *rougher {
	return &rougher{vector.NewRotation(width), make([]float32, width), make([]uint8, width), vector.NibbleStride(width)}
}

// quantise writes the rough copy of v, scaled to unit length, and returns its scale.
func (r *rougher) quantise(row []byte, v []float32) float32 {
	copy(r.rotated, v)
	r.rotation.Apply(r.rotated)
	square := float64(vector.DotFloat32(r.rotated, r.rotated))
	if square == 0 {
		return 0
	}
	perStep := float32(math.Sqrt(float64(len(v))/square) / nibbleStepOf)
	var inner float32
	for i, x := range r.rotated {
		level := uint8(min(max(x*perStep+nibbleMiddle+0.5, 0), nibbleSteps-1))
		r.levels[i] = level
		inner += x * (float32(level) - nibbleMiddle)
	}
	vector.PackNibbles(row, r.levels)
	return float32(math.Sqrt(square) / float64(inner))
}

// rotate fills what the rough scan needs from the full vector.
func (q *question) rotate(rotation *vector.Rotation, width int) {
	rotated := slices.Clone(q.full[:width])
	rotation.Apply(rotated)
	most := float32(0)
	for _, x := range rotated {
		most = max(most, x, -x)
	}
	q.nibbles = make([]int8, 2*vector.NibbleStride(width))
	if most == 0 {
		return
	}
	q.nibbleStep = most / nibbleQuery
	for i, x := range rotated {
		q.nibbles[i] = int8(math.RoundToEven(float64(x / q.nibbleStep)))
		q.nibbleBias += 2 * nibbleMiddle * int32(q.nibbles[i])
	}
}

// roughUnit returns the factor that the rough scan leaves out because it is the same
// for every row.
func (q *question) roughUnit() float32 {
	if q.nibbleStep == 0 {
		return 1
	}
	return q.nibbleStep / 2
}

// roughMargin is by how much the rough score of a row may be too low: six standard
// deviations. The rounding leaves 1.2 % of a row's square, so 0.11 of its length, in a
// random direction.
func (q *question) roughMargin() float32 {
	return float32(6 * 0.11 / math.Sqrt(float64(len(q.full))))
}

// seedRows is how many rows [nearest.seed] scores, in pieces of seedPiece.
const (
	seedRows  = 2048
	seedPiece = 64
)

// seed estimates a rough score that the rows reach which are scored again, from rows that
// are spread over the views: it is reached by twice as many of them as should reach it.
// Without it, the first rows would all be kept for a while. There is none (-∞) if the
// filter keeps few rows.
func (n *nearest) seed() float32 {
	none := float32(math.Inf(-1))
	rows, passing := 0, 0
	for i := range n.state.views {
		rows += len(n.state.views[i].ids)
		passing += n.filter[i].ready().rows()
	}
	if passing < 4*seedRows || passing < rows/4 {
		return none
	}
	var products [seedPiece]int32
	scores := make([]float32, 0, seedRows)
	q, view, before := n.q, 0, 0 // rows in the views before this one
	stride := len(q.nibbles) / 2
	for at := 0; at < rows; at += rows / (seedRows / seedPiece) {
		for at >= before+len(n.state.views[view].ids) {
			before += len(n.state.views[view].ids)
			view++
		}
		v, p := &n.state.views[view], n.filter[view]
		from := at - before
		to := min(from+seedPiece, len(v.ids))
		vector.DotNibbleRows(q.nibbles, v.nibbles[from*stride:to*stride], products[:to-from])
		for i, product := range products[:to-from] {
			if p.row(uint32(from + i)) {
				scores = append(scores, float32(2*product-q.nibbleBias)*v.nibbleScales[from+i])
			}
		}
	}
	reach := 2*n.keep*len(scores)/passing + 8
	if reach >= len(scores) {
		return none
	}
	return reachedBy(scores, reach)
}

// reachedBy returns a score that about n of the scores reach, and at least n: the lower
// end of one of 256 equal steps between the lowest and the highest.
func reachedBy(scores []float32, n int) float32 {
	const steps = 256
	low, high := slices.Min(scores), slices.Max(scores)
	step := (high - low) / (steps - 1)
	if !(step > 0) {
		return low
	}
	var counts [steps]int
	for _, x := range scores {
		counts[min(int((x-low)/step), steps-1)]++
	}
	for i := steps - 1; i > 0; i-- {
		if n -= counts[i]; n <= 0 {
			return low + float32(i)*step
		}
	}
	return low
}

// rough adds the rows of [from, to) that may be among the best by their rough scores.
func (q *question) rough(v *view, p *passing, best *top, from, to uint32) {
	var products [scanBlock]int32
	var reached [scanBlock / 64]uint64
	stride := len(q.nibbles) / 2
	for ; from < to; from += scanBlock {
		n := min(scanBlock, to-from)
		vector.DotNibbleRows(q.nibbles, v.nibbles[int(from)*stride:int(from+n)*stride], products[:n])
		scales := v.nibbleScales[from : from+n]
		vector.AtLeast(products[:n], scales, q.nibbleBias, best.least, reached[:])
		for i, word := range reached {
			for ; word != 0; word &= word - 1 {
				at := uint32(i<<6 | bits.TrailingZeros64(word))
				score := float32(2*products[at]-q.nibbleBias) * scales[at]
				if score >= best.least && p.row(from+at) {
					best.add(scored{from + at, score})
				}
			}
		}
	}
}
