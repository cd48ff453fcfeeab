//go:build !amd64

package vector

func dotInt8(a, b []int8) int32                   { return dotInt8Go(a, b) }
func dotInt8Rows(query, rows []int8, out []int32) { dotInt8RowsGo(query, rows, out) }
func dotFloat32(a, b []float32) float32           { return dotFloat32Go(a, b) }
