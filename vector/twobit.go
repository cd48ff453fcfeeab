package vector

import "fmt"

// twoBitBlock is how many elements 64 bytes of two-bit elements have.
const twoBitBlock = 256

// TwoBitStride returns the number of bytes of a row of two-bit elements for vectors of
// the given width: a quarter of the next multiple of 256.
func TwoBitStride(dimensions int) int {
	return (dimensions + twoBitBlock - 1) / twoBitBlock * twoBitBlock / 4
}

// PackTwoBits writes elements of 0 to 3 as a row for [DotTwoBitRows]. In each 64 bytes, the
// lowest two bits are the first 64 of 256 elements, the next two bits the next 64, and so
// on. Elements that are missing at the end are zero.
func PackTwoBits(row []byte, elements []uint8) {
	if len(row) != TwoBitStride(len(elements)) {
		panic(fmt.Sprintf("vector: %d elements in a row of %d bytes", len(elements), len(row)))
	}
	clear(row)
	for i, x := range elements {
		block, within := i/twoBitBlock, i%twoBitBlock
		row[block*64+within%64] |= x & 3 << (within / 64 * 2)
	}
}

// DotTwoBitRows sets out[i] to the dot product of the query with row i, whose elements
// are numbers of 0 to 3 as [PackTwoBits] writes them. The query has four elements for
// each byte of a row; those behind the vector's width must be zero. The result is exact
// up to a million elements.
func DotTwoBitRows(query []int8, rows []byte, out []int32) {
	if len(query)%twoBitBlock != 0 || 4*len(rows) != len(query)*len(out) {
		panic(fmt.Sprintf("vector: %d rows of %d two-bit elements in %d bytes", len(out), len(query), len(rows)))
	}
	if len(query) == 0 {
		clear(out)
		return
	}
	done := dotTwoBitRows(query, rows, out)
	dotTwoBitRowsGo(query, rows[done*len(query)/4:], out[done:])
}

// DotTwoBitAt is [DotTwoBitRows] of the rows with the numbers in at. Kernels ask the memory
// for a row some rows before they need it.
func DotTwoBitAt(query []int8, rows []byte, at []uint32, out []int32) {
	stride := len(query) / 4
	if len(query)%twoBitBlock != 0 || len(at) != len(out) || stride > 0 && len(rows)%stride != 0 {
		panic(fmt.Sprintf("vector: %d rows and %d products, %d bytes of %d two-bit elements", len(at), len(out), len(rows), len(query)))
	}
	if stride == 0 {
		clear(out)
		return
	}
	checkRows(rows, stride, at)
	for i := dotTwoBitAt(query, rows, at, out); i < len(at); i++ {
		dotTwoBitRowsGo(query, rows[int(at[i])*stride:][:stride], out[i:i+1])
	}
}

func dotTwoBitRowsGo(query []int8, rows []byte, out []int32) {
	for i := range out {
		var sum int32
		row := rows[i*len(query)/4:][:len(query)/4]
		for at := 0; at < len(row); at += 64 {
			q := query[4*at:][:twoBitBlock]
			for j, four := range row[at : at+64] {
				sum += int32(four&3)*int32(q[j]) + int32(four>>2&3)*int32(q[j+64]) +
					int32(four>>4&3)*int32(q[j+128]) + int32(four>>6)*int32(q[j+192])
			}
		}
		out[i] = sum
	}
}
