package vector

// AddScaled adds scale × row to dst, element by element; the two are equally
// long. Products are rounded before they are added, so every machine and
// every kernel gives the same bits.
func AddScaled(dst, row []float32, scale float32) {
	if len(dst) != len(row) {
		panic("vector: AddScaled of slices of different lengths")
	}
	done := addScaled(dst, row, scale)
	for i, x := range row[done:] {
		dst[done+i] += float32(scale * x)
	}
}

// AddScaledInt8 is [AddScaled] of a row of bytes.
func AddScaledInt8(dst []float32, row []int8, scale float32) {
	if len(dst) != len(row) {
		panic("vector: AddScaledInt8 of slices of different lengths")
	}
	done := addScaledInt8(dst, row, scale)
	for i, x := range row[done:] {
		dst[done+i] += float32(scale * float32(x))
	}
}

// Dot4Int8 gives the inner products of row with four vectors that lie one
// after another in vectors, each as long as row. Sums are in float32, in an
// order that depends on the kernel. ahead is the row of a later call, which is fetched
// from memory meanwhile; it is as long as row, and may be row itself.
func Dot4Int8(vectors []float32, row, ahead []int8) (products [4]float32) {
	n := len(row)
	if len(vectors) != 4*n || len(ahead) != n {
		panic("vector: Dot4Int8 needs four vectors and a row ahead of the row's length")
	}
	done := dot4Int8(vectors, row, ahead, &products)
	for k := range products {
		var sum float32
		for i, x := range row[done:] {
			sum += vectors[k*n+done+i] * float32(x)
		}
		products[k] += sum
	}
	return products
}
