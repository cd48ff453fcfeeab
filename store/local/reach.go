package local

import (
	"math"
	"math/bits"

	"dalil/vector"
)

// reachSteps is how many steps a range of scores is divided into. A step holds few of some
// hundred scores.
const reachSteps = 256

// reach counts scores by their steps between the lowest and the highest one.
type reach struct {
	low, step float32
	perStep   float32 // 1 / step
	counts    [reachSteps]uint32
}

// fewReaching is how many of the best scores are kept in order, at most.
const fewReaching = 64

// fewBlock is how many scores nthOfFew compares with the n-th at a time.
const fewBlock = 128

// reachedBy returns a score that about n of the scores reach, and at least n: that of the
// n-th of them, or for many the lower end of one of 256 equal steps between the lowest and
// the highest.
func reachedBy(scores []float32, n int) float32 {
	if 0 < n && n <= fewReaching && n <= len(scores) {
		return nthOfFew(scores, n)
	}
	var r reach
	low, high := scores[0], scores[0]
	for _, x := range scores {
		low, high = lower(low, x), higher(high, x)
	}
	if !r.divide(low, high) {
		return low
	}
	for _, x := range scores {
		r.counts[r.at(x)]++
	}
	least, _ := r.reached(n)
	return least
}

// nthOfFew returns the n-th of the best scores. It keeps the best n in order: of random
// scores, few are among them. A kernel finds those that may be among them.
func nthOfFew(scores []float32, n int) float32 {
	var room [fewReaching]float32
	var reached [fewBlock / 64]uint64
	best := room[:n]
	for i := range best {
		best[i] = float32(math.Inf(-1))
	}
	for len(scores) > 0 {
		block := scores[:min(len(scores), fewBlock)]
		scores = scores[len(block):]
		vector.Reaching(block, best[n-1], reached[:])
		for at, word := range reached {
			for ; word != 0; word &= word - 1 {
				x, i := block[at<<6|bits.TrailingZeros64(word)], n-1
				if x <= best[i] {
					continue
				}
				for ; i > 0 && best[i-1] < x; i-- {
					best[i] = best[i-1]
				}
				best[i] = x
			}
		}
	}
	return best[n-1]
}

// nearly returns a score that the best n items reach and at most n/4 others, as reachedBy
// does, and [nth] if these would be more.
func nearly(items []scored, n int) float32 {
	var r reach
	low, high := items[0].score, items[0].score
	for _, item := range items {
		low, high = lower(low, item.score), higher(high, item.score)
	}
	if r.divide(low, high) {
		for _, item := range items {
			r.counts[r.at(item.score)]++
		}
		if least, reaching := r.reached(n); reaching <= n+n/4 {
			return least
		}
	}
	return nth(items, n-1)
}

// divide sets the steps. There are none if all scores are equal or one is infinite.
func (r *reach) divide(low, high float32) bool {
	r.low, r.step = low, (high-low)/(reachSteps-1)
	r.perStep = 1 / r.step
	return r.step > 0 && r.step <= math.MaxFloat32 && r.perStep <= math.MaxFloat32
}

func (r *reach) at(score float32) int {
	return max(0, min(int((score-r.low)*r.perStep), reachSteps-1))
}

// rounding is the share of a step by which the rounding of a score may have changed its
// step, at most.
const rounding = 0.01

// reached returns the lower end of a step, and how many scores reach it: n or more.
func (r *reach) reached(n int) (least float32, reaching int) {
	for i := reachSteps - 1; i > 0; i-- {
		if reaching += int(r.counts[i]); reaching >= n {
			return r.low + (float32(i)-rounding)*r.step, reaching
		}
	}
	return r.low, reaching + int(r.counts[0])
}

// lower and higher are min and max for numbers, which are faster than the built-in
// functions because they need not look for NaN.
func lower(a, b float32) float32 {
	if b < a {
		return b
	}
	return a
}

func higher(a, b float32) float32 {
	if b > a {
		return b
	}
	return a
}
