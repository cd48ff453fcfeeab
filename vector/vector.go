// Package vector holds the inner loops of search and training: dot products of
// int8 and float32 vectors and scans of one query against many rows. Every
// kernel stands beside the plain Go that defines its meaning; which one runs is
// decided when the program starts, by what the processor can do. Start with
// [DotInt8Rows] and [DotFloat32].
package vector
