package vector

//go:noescape
func dotTwoBitRowsAVX2(query *int8, rows *byte, stride, n int, out *int32) // stride a multiple of 64

//go:noescape
func dotTwoBitRowsVNNI(query *int8, rows *byte, stride, n int, out *int32) // stride a multiple of 64, n of 4

//go:noescape
func dotTwoBitRows256GFNI(query *int8, rows *byte, n int, out *int32) // n a multiple of 4

// dotTwoBitRows says how many rows it did.
func dotTwoBitRows(query []int8, rows []byte, out []int32) (done int) {
	stride := len(query) / 4
	if done = len(out) &^ 3; done > 0 {
		switch {
		case features.GFNI && len(query) == twoBitBlock:
			dotTwoBitRows256GFNI(&query[0], &rows[0], done, &out[0])
		case features.VNNI:
			dotTwoBitRowsVNNI(&query[0], &rows[0], stride, done, &out[0])
		default:
			done = 0
		}
	}
	if left := len(out) - done; features.AVX2 && left > 0 {
		dotTwoBitRowsAVX2(&query[0], &rows[done*stride], stride, left, &out[done])
		done += left
	}
	return done
}
