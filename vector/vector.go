// Package vector has the inner loops of search and training: dot products of int8
// and float32 vectors, and scans of one query against many rows. Every kernel has
// a plain Go version beside it that defines its result. The program chooses a
// kernel when it starts, by the abilities of the processor. Start with
// [DotInt8Rows] and [DotFloat32].
package vector
