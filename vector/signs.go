package vector

import (
	"encoding/binary"
	"fmt"
	"math"
)

// The signs of rows of two-bit elements are their upper bits: half of what [DotTwoBitRows]
// reads. They are kept for groups of 64 rows. The bits of a row are divided into bytes; a
// group has the first byte of each of its rows, then the second byte of each, and so on. So
// one instruction looks up the next eight signs of all rows of a group in two tables of 16
// entries, one for each half of the byte (André, Kermarrec and Le Scouarnec, "Cache locality
// is not enough", VLDB 2015).
const (
	signGroup = 64
	signEntry = 31 // the largest entry of a table; kernels add eight in a byte, 8·31 < 2⁸
)

// MostSigns is the largest width for which kernels look up signs. They add the entries, two
// for each byte of a row, in 16 bits: 2·31·8448/8 < 2¹⁶. Plain Go does wider rows.
const MostSigns = 8448

// SignsSize returns how many bytes the signs of n rows take, for vectors of the given width.
func SignsSize(width, n int) int {
	return (n + signGroup - 1) / signGroup * signGroup * TwoBitStride(width) / 2
}

// PackSigns writes the signs of rows of two-bit elements of the given width.
func PackSigns(signs, rows []byte, width int) {
	stride := TwoBitStride(width)
	if len(rows)%stride != 0 || len(signs) != SignsSize(width, len(rows)/stride) {
		panic(fmt.Sprintf("vector: signs of %d bytes for rows of %d", len(signs), len(rows)))
	}
	for from := 0; from < len(rows); from += 8 * stride {
		some := rows[from:min(from+8*stride, len(rows))]
		first := from / stride
		to := signs[first/signGroup*signGroup*stride/2+first%signGroup:]
		for at := 0; at < stride; at += 16 {
			var bytes [8]uint64 // eight of each of eight rows
			for i := 0; i*stride < len(some); i++ {
				row := some[i*stride+at:][:16]
				bytes[i] = upperBits(row) | upperBits(row[8:])<<4
			}
			transpose(&bytes)
			for column, x := range bytes {
				binary.LittleEndian.PutUint64(to[(at/2+column)*signGroup:], x)
			}
		}
	}
}

// transpose exchanges the rows and the columns of eight times eight bytes.
func transpose(b *[8]uint64) {
	for i := 0; i < 8; i += 2 {
		b[i], b[i+1] = b[i]&0x00ff00ff00ff00ff|b[i+1]&0x00ff00ff00ff00ff<<8, b[i]>>8&0x00ff00ff00ff00ff|b[i+1]&0xff00ff00ff00ff00
	}
	for _, i := range [4]int{0, 1, 4, 5} {
		b[i], b[i+2] = b[i]&0x0000ffff0000ffff|b[i+2]&0x0000ffff0000ffff<<16, b[i]>>16&0x0000ffff0000ffff|b[i+2]&0xffff0000ffff0000
	}
	for i := range 4 {
		b[i], b[i+4] = b[i]&0x00000000ffffffff|b[i+4]<<32, b[i]>>32|b[i+4]&0xffffffff00000000
	}
}

// upperBits returns eight bytes with the upper bits of four elements each.
func upperBits(b []byte) uint64 {
	x := binary.LittleEndian.Uint64(b) >> 1 & 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	return (x | x>>2) & 0x0f0f0f0f0f0f0f0f
}

// Signs looks up products of a query and of the signs of rows, which count as 1 and -1. The
// products are rounded; see [Signs.Error].
type Signs struct {
	tables []byte  // 16 entries for the lower and 16 for the upper half of each byte of a row
	step   float32 // how much of a product one unit of an entry is
	offset float32 // the product if all entries are 0
}

// NewSigns returns the signs of a query for [DotTwoBitRows].
func NewSigns(query []int8) *Signs {
	if len(query)%twoBitBlock != 0 {
		panic(fmt.Sprintf("vector: a query of %d two-bit elements", len(query)))
	}
	s := &Signs{tables: make([]byte, 4*len(query))}
	most, all := int32(0), int32(0)
	for nibble := range len(query) / 4 {
		four := signsOf(query, nibble)
		sum := int32(0)
		for _, q := range four {
			sum += max(q, -q)
		}
		most, all = max(most, sum), all+sum
	}
	s.offset = -float32(all)
	if most == 0 {
		return s
	}
	s.step = 2 * float32(most) / signEntry
	factor := (signEntry << 16) / most
	for nibble := range len(query) / 4 {
		four := signsOf(query, nibble)
		// Half of how much a product is above the lowest one, in units of the entries, and ½.
		above := int32(1 << 15)
		for i, x := range four {
			four[i] = x * factor
			above -= min(four[i], 0)
		}
		a, b, both := four[0], four[1], four[0]+four[1]
		table := s.tables[16*(nibble/16*16+nibble%8*2+nibble%16/8):][:16]
		for upper, x := range [4]int32{above, above + four[2], above + four[3], above + four[2] + four[3]} {
			entries := table[4*upper:][:4]
			entries[0], entries[1], entries[2], entries[3] = byte(x>>16), byte((x+a)>>16), byte((x+b)>>16), byte((x+both)>>16)
		}
	}
	return s
}

// signsOf returns the elements of the query for one half of a byte of signs.
func signsOf(query []int8, nibble int) [4]int32 {
	at := nibble/64*twoBitBlock + nibble%64
	return [4]int32{int32(query[at]), int32(query[at+64]), int32(query[at+128]), int32(query[at+192])}
}

// Error returns the standard deviation of the rounding of a product.
func (s *Signs) Error() float32 {
	return s.step * float32(math.Sqrt(float64(len(s.tables)/16)/12))
}

// Reaching sets bit i of mask, as [AtLeast] does, if
// (factor × product of row i + slack) × scales[i] is at least least, and clears the others.
// The rows are a whole number of groups of 64.
func (s *Signs) Reaching(signs []byte, scales []float32, factor, slack, least float32, mask []uint64) {
	stride := len(s.tables) / 32
	if len(scales)%signGroup != 0 || len(signs) != len(scales)*stride || signGroup*len(mask) < len(scales) {
		panic(fmt.Sprintf("vector: signs of %d bytes, %d scales and %d words of mask", len(signs), len(scales), len(mask)))
	}
	clear(mask)
	if len(signs) == 0 {
		return
	}
	perStep, bias := factor*s.step, slack+factor*s.offset
	if 8*stride > MostSigns || !signsReaching(s.tables, signs, scales, perStep, bias, least, mask) {
		signsReachingGo(s.tables, signs, scales, perStep, bias, least, mask)
	}
}

func signsReachingGo(tables, signs []byte, scales []float32, perStep, bias, least float32, mask []uint64) {
	size := len(tables) / 32 * signGroup
	for group := range len(scales) / signGroup {
		var sums [signGroup]uint32
		of := signs[group*size:][:size]
		for column := 0; column < size; column += signGroup {
			low, high := (*[16]byte)(tables[column/2:]), (*[16]byte)(tables[column/2+16:])
			for i, b := range of[column:][:signGroup] {
				sums[i] += uint32(low[b&15]) + uint32(high[b>>4])
			}
		}
		for i, scale := range scales[group*signGroup:][:signGroup] {
			// Not fused, because the kernels round each step.
			product := float32(float32(sums[i])*perStep) + bias
			if product*scale >= least {
				mask[group] |= 1 << i
			}
		}
	}
}
