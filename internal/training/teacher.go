package training

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"slices"

	"dalil/corpus"
	"dalil/embedder/safetensors"
)

// Teacher gives the vectors that the source sides are drawn towards.
type Teacher interface {
	// Vectors returns one vector of the given width a text, of unit length; nil
	// where the teacher has none.
	Vectors(ctx context.Context, texts []string, width int) ([]corpus.Vector, error)
}

// FileTeacher is a table of vectors made beforehand: the tensors key (U64 [N],
// ascending: the first 8 bytes, little-endian, of the SHA-256 of the text),
// vector (I8 [N, D]) and scale (F32 [N]).
type FileTeacher struct {
	keys    []uint64
	vectors []int8
	scales  []float32
	width   int
}

// OpenTeacher reads a table.
func OpenTeacher(path string) (*FileTeacher, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("teacher %s: %w", path, err)
	}
	keys, vectors, scales := f.Tensors["key"], f.Tensors["vector"], f.Tensors["scale"]
	n := len(keys.Data) / 8
	if keys.DType != "U64" || vectors.DType != "I8" || scales.DType != "F32" || len(vectors.Shape) != 2 || n == 0 ||
		vectors.Shape[0] != n || len(scales.Data) != 4*n {
		return nil, fmt.Errorf("teacher %s: wants the tensors key U64 [N], vector I8 [N, D] and scale F32 [N]", path)
	}
	t := &FileTeacher{width: vectors.Shape[1], vectors: make([]int8, len(vectors.Data))}
	for i := range n {
		t.keys = append(t.keys, binary.LittleEndian.Uint64(keys.Data[8*i:]))
	}
	if !slices.IsSorted(t.keys) {
		return nil, fmt.Errorf("teacher %s: the keys do not ascend", path)
	}
	for i, b := range vectors.Data {
		t.vectors[i] = int8(b)
	}
	if t.scales, err = scales.Floats(); err != nil {
		return nil, fmt.Errorf("teacher %s: scale: %w", path, err)
	}
	return t, nil
}

// Vectors looks the texts up and cuts their vectors to the width: the
// directions of a table are in order of falling variance.
func (t *FileTeacher) Vectors(_ context.Context, texts []string, width int) ([]corpus.Vector, error) {
	if width > t.width {
		return nil, fmt.Errorf("the teacher has %d dimensions, %d are wanted", t.width, width)
	}
	out := make([]corpus.Vector, len(texts))
	for i, text := range texts {
		at, known := slices.BinarySearch(t.keys, textKey(text))
		if !known {
			continue
		}
		v := make(corpus.Vector, width)
		for j, x := range t.vectors[at*t.width : at*t.width+width] {
			v[j] = float32(x) * t.scales[at]
		}
		if unit(v) > 0 {
			out[i] = v
		}
	}
	return out, nil
}
