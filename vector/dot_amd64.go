package vector

// The kernels read whole blocks; the wrappers below hand them only what they
// can read and finish the rest in Go.

//go:noescape
func dotInt8AVX2(a, b *int8, n int) int32 // n a multiple of 16

//go:noescape
func dotInt8RowsAVX2(query, rows *int8, width, n int, out *int32) // width a multiple of 16, n of 4

//go:noescape
func dotInt8RowsVNNI(query, rows *int8, width, n int, bias int32, out *int32) // width a multiple of 64, n of 4

//go:noescape
func dotFloat32AVX2(a, b *float32, n int) float32 // n a multiple of 8

//go:noescape
func dotFloat32AVX512(a, b *float32, n int) float32 // n a multiple of 16

func dotInt8(a, b []int8) int32 {
	n := len(a) &^ 15
	if !features.AVX2 || n == 0 {
		return dotInt8Go(a, b)
	}
	return dotInt8AVX2(&a[0], &b[0], n) + dotInt8Go(a[n:], b[n:])
}

func dotInt8Rows(query, rows []int8, out []int32) {
	width, blocks := len(query), len(out)&^3
	switch {
	case width == 0 || blocks == 0:
		blocks = 0
	case features.VNNI && width%64 == 0:
		// VPDPBUSD multiplies unsigned by signed bytes: the kernel adds 128 to
		// each element of a row, which adds 128·Σquery to each sum.
		var sum int32
		for _, q := range query {
			sum += int32(q)
		}
		dotInt8RowsVNNI(&query[0], &rows[0], width, blocks, 128*sum, &out[0])
	case features.AVX2 && width%16 == 0:
		dotInt8RowsAVX2(&query[0], &rows[0], width, blocks, &out[0])
	default:
		blocks = 0
	}
	for i := blocks; i < len(out); i++ {
		out[i] = dotInt8(query, rows[i*width:][:width])
	}
}

func dotFloat32(a, b []float32) float32 {
	switch n := len(a); {
	case features.AVX512 && n >= 16:
		n &^= 15
		return dotFloat32AVX512(&a[0], &b[0], n) + dotFloat32Go(a[n:], b[n:])
	case features.AVX2 && n >= 8:
		n &^= 7
		return dotFloat32AVX2(&a[0], &b[0], n) + dotFloat32Go(a[n:], b[n:])
	}
	return dotFloat32Go(a, b)
}
