package local

import (
	"math"
	"math/bits"
	"slices"

	"dalil/fair"
	"dalil/vector"
)

// The rough copy of a vector has two bits an element. It is that of the difference from the
// mean vector of the segment, because the vectors of passages about one subject are alike
// and differ from each other by little. The difference is rotated first, so that its elements
// are distributed like those of a normal distribution, and divided into the four steps that
// suit this distribution best (Max, "Quantizing for minimum distortion", 1960: a step is
// 0.996 standard deviations). The scale of a row makes its inner products unbiased (Gao and
// Long, "RaBitQ", SIGMOD 2024).
const (
	roughSteps  = 4
	roughMiddle = 1.5
	roughStepOf = 0.996 // of the standard deviation of an element
	roughQuery  = 127   // the largest element of a rotated question
)

// The rows that are scored again are those whose rough scores may be too low by as much as
// they are below the rough score of the last row that is asked for. The rounding leaves
// 11.9 % of the square of a difference, in a random direction, so that the standard deviation
// of the error is 0.367 / √dimensions of its length, which is 0.325 of the row's scale.
const (
	roughError    = 0.325
	roughSure     = 4    // standard deviations
	roughLeast    = 32   // rows are asked for, at least
	roughRowsFrom = 4096 // rows of a view make the rough scan worth it; at least 1
)

// roughen makes the rough copies of all rows from the exact ones, if the segment has some.
func (s *segment) roughen(turn *fair.Turn) {
	if len(s.roughScales) == 0 {
		return
	}
	r := rougher{s, vector.NewRotation(s.width), make([]float32, s.width), make([]uint8, s.width)}
	for row := range s.scales {
		r.rest(turn, row)
		r.read(row)
		for i, x := range r.row {
			s.mean[i] += x
		}
	}
	for i := range s.mean {
		s.mean[i] /= float32(len(s.scales))
	}
	r.rotation.Apply(s.mean)
	stride := vector.TwoBitStride(s.width)
	for row := range s.scales {
		r.rest(turn, row)
		r.read(row)
		s.roughScales[row] = r.quantise(s.rough[row*stride : (row+1)*stride])
	}
	s.packSigns(turn)
}

// rougher makes rough copies of the rows of a segment.
type rougher struct {
	*segment
	rotation *vector.Rotation
	row      []float32
	levels   []uint8
}

// rest lets others work once in a few rows.
func (*rougher) rest(turn *fair.Turn, row int) {
	if row%32 == 0 {
		turn.Rest()
	}
}

// read sets row to the vector of a row.
func (r *rougher) read(row int) {
	at := row * r.stride
	high, low, scale := r.high[at:at+r.width], r.low[at:at+r.width], r.scales[row]
	for i := range r.row {
		r.row[i] = scale * float32(int32(high[i])<<8+int32(low[i]))
	}
}

// quantise writes the rough copy of row and returns its scale.
func (r *rougher) quantise(rough []byte) float32 {
	r.rotation.Apply(r.row)
	var square float32
	for i, m := range r.mean {
		r.row[i] -= m
		square += r.row[i] * r.row[i]
	}
	if square == 0 {
		return 0
	}
	perStep := float32(math.Sqrt(float64(r.width)/float64(square)) / roughStepOf)
	var inner float32
	for i, x := range r.row {
		level := min(max(int32(x*perStep+roughMiddle+0.5), 0), roughSteps-1)
		r.levels[i] = uint8(level)
		inner += x * (float32(level) - roughMiddle)
	}
	vector.PackTwoBits(rough, r.levels)
	return square / inner
}

// rotate fills what the rough scan needs from the full vector.
func (q *question) rotate(rotation *vector.Rotation, width int) {
	q.rotated = slices.Clone(q.full[:width])
	rotation.Apply(q.rotated)
	most := float32(0)
	for _, x := range q.rotated {
		most = max(most, x, -x)
	}
	q.rough = make([]int8, 4*vector.TwoBitStride(width))
	if q.roughStep = most / roughQuery; most > 0 {
		for i, x := range q.rotated {
			q.rough[i] = int8(math.RoundToEven(float64(x / q.roughStep)))
			q.roughBias += 2 * roughMiddle * int32(q.rough[i])
		}
	}
	q.roughSlack = int32(roughSure * roughError / q.roughUnit())
	q.lookUpSigns()
}

// roughUnit returns the factor that rough scores leave out because it is the same for every
// row.
func (q *question) roughUnit() float32 {
	if q.roughStep == 0 {
		return 1
	}
	return q.roughStep / 2
}

// roughBase returns what the mean of a segment adds to the rough scores of its rows.
func (q *question) roughBase(s *segment) float32 {
	return vector.DotFloat32(q.rotated, s.mean) / q.roughUnit()
}

// seedRows is how many rows [nearest.seed] scores, in pieces of seedPiece.
const (
	seedRows  = 2048
	seedPiece = 64
)

// seed estimates the rough score that the best n.rank rows reach, from rows that are spread
// over the views that have rough copies: it is reached by twice as many of them as should reach it. Without it, the
// first rows would all be kept for a while. There is none (-∞) if the filter keeps few rows.
func (n *nearest) seed() float32 {
	none := float32(math.Inf(-1))
	rows, passing := 0, 0
	for i := range n.state.views {
		if some := len(n.state.views[i].roughScales); some > 0 {
			rows += some
			passing += n.filter[i].ready().rows()
		}
	}
	if passing < 4*seedRows || passing < rows/4 {
		return none
	}
	var products [seedPiece]int32
	var room [seedRows + seedPiece]float32 // one more piece, because of the rounding
	scores := room[:0]
	q, view, before := n.q, 0, 0 // rows in the views before this one
	stride := len(q.rough) / 4
	for at := 0; at < rows; at += rows / (seedRows / seedPiece) {
		for at >= before+len(n.state.views[view].roughScales) {
			before += len(n.state.views[view].roughScales)
			view++
		}
		v, p := &n.state.views[view], n.filter[view]
		from := at - before
		to := min(from+seedPiece, len(v.roughScales))
		vector.DotTwoBitRows(q.rough, v.rough[from*stride:to*stride], products[:to-from])
		base := q.roughBase(v.segment)
		for i, product := range products[:to-from] {
			if p.row(uint32(from + i)) {
				scores = append(scores, base+float32(2*product-q.roughBias)*v.roughScales[from+i])
			}
		}
	}
	reach := 2*n.rank*len(scores)/passing + 4
	if reach >= len(scores) {
		return none
	}
	return reachedBy(scores, reach)
}

// scanRough adds the rows of [from, to) with the best rough scores to best. It adds those
// that may be as good to may, with the highest scores that they may have. base is what the
// mean adds to their scores.
func (q *question) scanRough(v *view, p *passing, base float32, best, may *top, from, to uint32) {
	var products [scanBlock]int32
	var reached [scanBlock / 64]uint64
	stride, bias := len(q.rough)/4, q.roughBias-q.roughSlack
	for ; from < to; from += scanBlock {
		n := min(scanBlock, to-from)
		vector.DotTwoBitRows(q.rough, v.rough[int(from)*stride:int(from+n)*stride], products[:n])
		scales := v.roughScales[from : from+n]
		vector.AtLeast(products[:n], scales, bias, best.least-base, reached[:])
		for i, word := range reached {
			for ; word != 0; word &= word - 1 {
				at := uint32(i<<6 | bits.TrailingZeros64(word))
				q.keep(v, p, base, best, may, from+at, products[at])
			}
		}
	}
}

// keep adds a row to best and to may, if it may be among the best by two bits.
func (q *question) keep(v *view, p *passing, base float32, best, may *top, row uint32, product int32) {
	scale := v.roughScales[row]
	highest := base + float32(2*product-q.roughBias+q.roughSlack)*scale
	if highest < best.least || !p.row(row) {
		return
	}
	may.items = append(may.items, scored{row, highest})
	if score := base + float32(2*product-q.roughBias)*scale; score >= best.least {
		best.add(scored{row, score})
	}
}
