package local

import (
	"encoding/binary"
	"fmt"
	"math"

	"dalil/corpus"
)

// Vectors lie in the database as little-endian numbers: a dense one as its
// float32s, a sparse one as its uint32 dimensions and then its float32 weights.

func encodeDense(v corpus.Vector) []byte {
	b := make([]byte, 0, 4*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func decodeDense(b []byte, dimensions int) (corpus.Vector, error) {
	if len(b) != 4*dimensions {
		return nil, fmt.Errorf("%w: a dense vector of %d bytes, not %d", corpus.ErrCorrupt, len(b), 4*dimensions)
	}
	v := make(corpus.Vector, dimensions)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v, nil
}

func encodeSparse(s corpus.Sparse) []byte {
	b := make([]byte, 0, 8*s.Len())
	for _, d := range s.Dimensions {
		b = binary.LittleEndian.AppendUint32(b, d)
	}
	for _, w := range s.Weights {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(w))
	}
	return b
}

func decodeSparse(b []byte) (corpus.Sparse, error) {
	if len(b)%8 != 0 {
		return corpus.Sparse{}, fmt.Errorf("%w: a sparse vector of %d bytes", corpus.ErrCorrupt, len(b))
	}
	n := len(b) / 8
	s := corpus.Sparse{Dimensions: make([]uint32, n), Weights: make([]float32, n)}
	for i := range n {
		s.Dimensions[i] = binary.LittleEndian.Uint32(b[4*i:])
		s.Weights[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*(n+i):]))
	}
	return s, nil
}
