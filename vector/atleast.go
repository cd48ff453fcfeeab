package vector

import "fmt"

// AtLeast sets bit i of mask, counted from the lowest bit of mask[0], if
// float32(2 × products[i] − bias) × scales[i] is at least least, and clears the others.
// Half a bias is the middle of the levels of [DotTwoBitRows], times the sum of the query.
// The mask has 64 bits an element, for at least len(products) bits.
func AtLeast(products []int32, scales []float32, bias int32, least float32, mask []uint64) {
	if len(scales) != len(products) || 64*len(mask) < len(products) {
		panic(fmt.Sprintf("vector: %d products with %d scales and %d words of mask", len(products), len(scales), len(mask)))
	}
	clear(mask)
	done := atLeast(products, scales, bias, least, mask)
	atLeastGo(products, scales, bias, least, mask, done)
}

func atLeastGo(products []int32, scales []float32, bias int32, least float32, mask []uint64, from int) {
	for i := from; i < len(products); i++ {
		if float32(2*products[i]-bias)*scales[i] >= least {
			mask[i>>6] |= 1 << (i & 63)
		}
	}
}

// Reaching sets bit i of mask, as [AtLeast] does, if scores[i] is at least least, and
// clears the others.
func Reaching(scores []float32, least float32, mask []uint64) {
	if 64*len(mask) < len(scores) {
		panic(fmt.Sprintf("vector: %d scores and %d words of mask", len(scores), len(mask)))
	}
	clear(mask)
	for i := reaching(scores, least, mask); i < len(scores); i++ {
		if scores[i] >= least {
			mask[i>>6] |= 1 << (i & 63)
		}
	}
}
