//go:build !amd64

package simd

func dotInt8Rows(q, rows []int8, out []int32) { dotInt8RowsGo(q, rows, out) }

func dotFloat32(a, b []float32) float32 { return dotFloat32Go(a, b) }
