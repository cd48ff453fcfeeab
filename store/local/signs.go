package local

import (
	"math"
	"math/bits"

	"dalil/fair"
	"dalil/vector"
)

// A scan reads the signs of the rough copies first, which are half of their bits. It reads both
// bits only of the rows that may reach the score that is asked for. The signs alone leave
// 1 − 2/π of the square of a difference, in a random direction. So the standard deviation of
// the error is 0.755 / √dimensions of its length, or 0.603 of a scale with which inner
// products with signs are unbiased. This scale is 1.109 times that of both bits, with a standard
// deviation of 2 %, which adds 1 % to the error. With 3.25 of these, all of the best ten rows and
// .99998 of the best hundred are found (docs/decisions/008).
const (
	signScale = 1.109         // of the row's scale
	signError = 1.109 * 0.610 // of the row's scale
	signSure  = 3.25          // standard deviations
)

// Both bits of a row that is read alone take as much time as those of some rows in turn. So
// if the signs leave more than one of signMost rows, the next signSkip blocks are scanned
// without them.
const (
	signMost = 4
	signSkip = 8
)

// signsSize returns how many bytes the signs of a segment take: none if the vectors are so
// wide that no kernel scans them.
func signsSize(width int, counts [arrays]int) int {
	if width > vector.MostSigns {
		return 0
	}
	return vector.SignsSize(width, counts[arrRoughScales])
}

// packRows is how many rows [segment.packSigns] does before it lets others work.
const packRows = 2048

// packSigns makes the signs from the rough copies, if the segment keeps some.
func (s *segment) packSigns(turn *fair.Turn) {
	if len(s.signs) == 0 {
		return
	}
	stride := vector.TwoBitStride(s.width)
	for from := 0; from < len(s.roughScales); from += packRows {
		to := min(from+packRows, len(s.roughScales))
		turn.Rest()
		at := vector.SignsSize(s.width, from)
		vector.PackSigns(s.signs[at:at+vector.SignsSize(s.width, to-from)], s.rough[from*stride:to*stride], s.width)
	}
}

// lookUpSigns fills what the scan of signs needs from the rotated question.
func (q *question) lookUpSigns() {
	q.signs = vector.NewSigns(q.rough)
	row, rounding := float64(signError/q.roughUnit()), float64(2*signScale*q.signs.Error())
	q.signSlack = float32(signSure * math.Sqrt(row*row+rounding*rounding))
}

// scanSigns is scanRough, which reads the signs first. from is a multiple of 64.
func (q *question) scanSigns(v *view, p *passing, base float32, best, may *top, from, to uint32) {
	var reached [scanBlock / 64]uint64
	var at [2 * scanBlock]uint32
	n, size := 0, len(q.rough)/8
	for from < to {
		rows := min(scanBlock, to-from)
		whole := rows &^ 63
		q.signs.Reaching(v.signs[int(from)*size:int(from+whole)*size], v.roughScales[from:from+whole],
			2*signScale, q.signSlack, best.least-base, reached[:])
		if whole < rows {
			reached[whole/64] = 1<<(rows-whole) - 1
		}
		marked := 0
		for _, word := range reached {
			marked += bits.OnesCount64(word)
		}
		if signMost*marked > scanBlock {
			end := min(to, from+signSkip*scanBlock)
			q.scanRough(v, p, base, best, may, from, end)
			from = end
			continue
		}
		for i, word := range reached {
			for ; word != 0; word &= word - 1 {
				at[n] = from + uint32(i<<6|bits.TrailingZeros64(word))
				n++
			}
		}
		if n >= scanBlock/2 {
			q.scanAt(v, p, base, best, may, at[:n])
			n = 0
		}
		from += rows
	}
	q.scanAt(v, p, base, best, may, at[:n])
}

// scanAt is scanRough of scattered rows.
func (q *question) scanAt(v *view, p *passing, base float32, best, may *top, at []uint32) {
	var products [2 * scanBlock]int32
	var scales [2 * scanBlock]float32
	var reached [2 * scanBlock / 64]uint64
	vector.DotTwoBitAt(q.rough, v.rough, at, products[:len(at)])
	pick(scales[:len(at)], v.roughScales, at)
	vector.AtLeast(products[:len(at)], scales[:len(at)], q.roughBias-q.roughSlack, best.least-base, reached[:])
	for i, word := range reached {
		for ; word != 0; word &= word - 1 {
			n := i<<6 | bits.TrailingZeros64(word)
			q.keep(v, p, base, best, may, at[n], products[n])
		}
	}
}

// pick sets some to the scales of scattered rows. This loop does nothing else, so that the
// processor waits for many of them at a time.
func pick(some, scales []float32, at []uint32) {
	for i, row := range at {
		some[i] = scales[row]
	}
}
