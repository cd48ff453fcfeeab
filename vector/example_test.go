package vector_test

import (
	"fmt"

	"dalil/vector"
)

// The cosine similarity of two vectors of unit length is their dot product.
func ExampleDotFloat32() {
	a := []float32{0.6, 0.8}
	b := []float32{0.8, 0.6}
	fmt.Printf("%.2f\n", vector.DotFloat32(a, b))
	// Output: 0.96
}

// A scan compares one query with many rows that stand one behind the other in
// one slice. Rows are padded with zeros to a multiple of Stride.
func ExampleDotInt8Rows() {
	width := vector.Stride(2)
	query := make([]int8, width)
	rows := make([]int8, 2*width)
	copy(query, []int8{1, 2})
	copy(rows, []int8{3, 4})
	copy(rows[width:], []int8{-1, 5})
	products := make([]int32, 2)
	vector.DotInt8Rows(query, rows, products)
	fmt.Println(products)
	// Output: [11 9]
}
