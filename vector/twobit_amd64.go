package vector

//go:noescape
func dotTwoBitRowsAVX2(query *int8, rows *byte, stride, n int, out *int32) // stride a multiple of 64

//go:noescape
func dotTwoBitRowsVNNI(query *int8, rows *byte, stride, n int, out *int32) // stride a multiple of 64, n of 4

//go:noescape
func dotTwoBitRows256GFNI(query *int8, rows *byte, n int, out *int32) // n a multiple of 4

//go:noescape
func dotTwoBitAt256GFNI(query *int8, rows *byte, at *uint32, n int, out *int32) // n a multiple of 4; at has twoBitAhead more

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

// dotTwoBitAt says how many rows it did.
func dotTwoBitAt(query []int8, rows []byte, at []uint32, out []int32) (done int) {
	if !features.AVX2 || len(at) == 0 {
		return 0
	}
	stride := len(query) / 4
	if !features.GFNI || len(query) != twoBitBlock {
		for i, row := range at {
			dotTwoBitRowsAVX2(&query[0], &rows[int(row)*stride], stride, 1, &out[i])
		}
		return len(at)
	}
	if done = (len(at) - twoBitAhead) &^ 3; done > 0 {
		dotTwoBitAt256GFNI(&query[0], &rows[0], &at[0], done, &out[0])
	}
	done = max(done, 0)
	var last [2*twoBitAhead + 4]uint32
	var products [twoBitAhead + 4]int32
	n := copy(last[:], at[done:])
	dotTwoBitAt256GFNI(&query[0], &rows[0], &last[0], (n+3)&^3, &products[0])
	copy(out[done:], products[:n])
	return len(at)
}

// twoBitAhead is how many rows before its turn a scattered row is asked for.
const twoBitAhead = 16
