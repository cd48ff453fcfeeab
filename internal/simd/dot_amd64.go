package simd

//go:noescape
func dotInt8RowsAVX2(q, rows *int8, stride, n int, out *int32)

//go:noescape
func dotInt8RowsAVX512(q, rows *int8, stride, n int, out *int32)

//go:noescape
func dotFloat32AVX2(a, b *float32, n int) float32

func dotInt8Rows(q, rows []int8, out []int32) {
	switch {
	case len(out) == 0:
	case features.avx512:
		dotInt8RowsAVX512(&q[0], &rows[0], len(q), len(out), &out[0])
	case features.avx2:
		dotInt8RowsAVX2(&q[0], &rows[0], len(q), len(out), &out[0])
	default:
		dotInt8RowsGo(q, rows, out)
	}
}

func dotFloat32(a, b []float32) float32 {
	n := len(a) &^ 15
	if !features.avx2 || n == 0 {
		return dotFloat32Go(a, b)
	}
	return dotFloat32AVX2(&a[0], &b[0], n) + dotFloat32Go(a[n:], b[n:])
}
