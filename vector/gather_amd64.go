package vector

//go:noescape
func dotInt8AtVNNI(query, rows *int8, width int, at *uint32, n int, bias int32, out *int32) // width a multiple of 64, n above 8

// dotInt8At says how many rows it did. The last ones it only prefetches.
func dotInt8At(query, rows []int8, at []uint32, out []int32) (done int) {
	width := len(query)
	if !features.VNNI || width == 0 || width%64 != 0 || len(at) <= gatherAhead {
		return 0
	}
	var sum int32
	for _, q := range query {
		sum += int32(q)
	}
	done = len(at) - gatherAhead
	dotInt8AtVNNI(&query[0], &rows[0], width, &at[0], done, 128*sum, &out[0])
	return done
}

// gatherAhead is how many rows before its use a row is asked for.
const gatherAhead = 8
