package vector

//go:noescape
func dotNibbleRowsAVX2(query *int8, rows *byte, stride, n int, out *int32) // stride a multiple of 64

//go:noescape
func dotNibbleRowsVNNI(query *int8, rows *byte, stride, n int, out *int32) // stride a multiple of 64, n of 4

// dotNibbleRows says how many rows it did.
func dotNibbleRows(query []int8, rows []byte, out []int32) (done int) {
	stride := len(query) / 2
	if features.VNNI {
		if done = len(out) &^ 3; done > 0 {
			dotNibbleRowsVNNI(&query[0], &rows[0], stride, done, &out[0])
		}
	}
	if left := len(out) - done; features.AVX2 && left > 0 {
		dotNibbleRowsAVX2(&query[0], &rows[done*stride], stride, left, &out[done])
		done += left
	}
	return done
}
