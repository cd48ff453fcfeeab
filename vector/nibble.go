package vector

import "fmt"

// nibbleBlock is how many elements 64 bytes of four-bit elements hold.
const nibbleBlock = 128

// NibbleStride returns the number of bytes of a row of four-bit elements for
// vectors of the given width: half of the next multiple of 128.
func NibbleStride(dimensions int) int {
	return (dimensions + nibbleBlock - 1) / nibbleBlock * nibbleBlock / 2
}

// PackNibbles writes elements of 0 to 15 as a row for [DotNibbleRows]. In each 64
// bytes, the lower halves are the first 64 of 128 elements and the upper halves the
// others. Elements that are missing at the end are zero.
func PackNibbles(row []byte, elements []uint8) {
	if len(row) != NibbleStride(len(elements)) {
		panic(fmt.Sprintf("vector: %d elements in a row of %d bytes", len(elements), len(row)))
	}
	clear(row)
	for i, x := range elements {
		block, within := i/nibbleBlock, i%nibbleBlock
		row[block*64+within%64] |= x & 15 << (within / 64 * 4)
	}
}

// DotNibbleRows sets out[i] to the dot product of the query with row i, whose
// elements are numbers of 0 to 15 as [PackNibbles] writes them. The query has two
// elements for each byte of a row; those behind the vector's width must be zero. The
// result is exact up to a million elements.
func DotNibbleRows(query []int8, rows []byte, out []int32) {
	if len(query)%nibbleBlock != 0 || 2*len(rows) != len(query)*len(out) {
		panic(fmt.Sprintf("vector: %d rows of %d four-bit elements in %d bytes", len(out), len(query), len(rows)))
	}
	if len(query) == 0 {
		clear(out)
		return
	}
	done := dotNibbleRows(query, rows, out)
	dotNibbleRowsGo(query, rows[done*len(query)/2:], out[done:])
}

func dotNibbleRowsGo(query []int8, rows []byte, out []int32) {
	for i := range out {
		var sum int32
		row := rows[i*len(query)/2:][:len(query)/2]
		for at := 0; at < len(row); at += 64 {
			low, high := query[2*at:2*at+64], query[2*at+64:2*at+128]
			for j, pair := range row[at : at+64] {
				sum += int32(pair&15)*int32(low[j]) + int32(pair>>4)*int32(high[j])
			}
		}
		out[i] = sum
	}
}
