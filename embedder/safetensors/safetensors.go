// Package safetensors reads and writes named tensors in the safetensors
// format (https://github.com/huggingface/safetensors#format): eight bytes of
// header length, a JSON header, raw little-endian data. Start at [Parse] and
// [Encode].
//
// A file is untrusted input: every length, offset, shape and name is checked before
// it is used. The tensors must cover the data without a gap or an overlap, as the
// reference demands, so that a file has only one meaning.
package safetensors

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrFormat is matched by every error about a file's content.
var ErrFormat = errors.New("not a valid safetensors file")

// Limits of a file that is read. They are far above the models that Dalil loads,
// and keep a hostile header from using memory.
const (
	MaxHeader  = 8 << 20 // bytes of JSON
	MaxTensors = 65536
	MaxRank    = 8
)

// DType is the type of a tensor's elements.
type DType string

// The element types that this package supports. Floats are IEEE 754, integers are
// two's complement, all little-endian.
const (
	Bool DType = "BOOL"
	U8   DType = "U8"
	I8   DType = "I8"
	U16  DType = "U16"
	I16  DType = "I16"
	F16  DType = "F16"
	BF16 DType = "BF16"
	U32  DType = "U32"
	I32  DType = "I32"
	F32  DType = "F32"
	U64  DType = "U64"
	I64  DType = "I64"
	F64  DType = "F64"
)

var sizes = map[DType]int{
	Bool: 1, U8: 1, I8: 1, U16: 2, I16: 2, F16: 2, BF16: 2,
	U32: 4, I32: 4, F32: 4, U64: 8, I64: 8, F64: 8,
}

// Size is the number of bytes of one element; 0: not a known type.
func (d DType) Size() int { return sizes[d] }

// Tensor is one named array in row-major order.
type Tensor struct {
	DType DType
	Shape []int  // each ≥ 0; none: a scalar
	Data  []byte // len = product of Shape × DType.Size()
}

// Elements is the number of elements.
func (t Tensor) Elements() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// File is the content of one safetensors file.
type File struct {
	Tensors  map[string]Tensor
	Metadata map[string]string // free text; nil: none
}

// Tensor gives a tensor by name and holds it to a type and a shape. A
// dimension of -1 in shape is any; no types: any type.
func (f *File) Tensor(name string, shape []int, types ...DType) (Tensor, error) {
	t, ok := f.Tensors[name]
	if !ok {
		return Tensor{}, fmt.Errorf("%w: no tensor %q (it holds %q)", ErrFormat, name, slices.Sorted(maps.Keys(f.Tensors)))
	}
	if len(types) > 0 && !slices.Contains(types, t.DType) {
		return Tensor{}, fmt.Errorf("%w: tensor %q is %s, not one of %v", ErrFormat, name, t.DType, types)
	}
	fits := len(t.Shape) == len(shape)
	for i := 0; fits && i < len(shape); i++ {
		fits = shape[i] == -1 || shape[i] == t.Shape[i]
	}
	if !fits {
		return Tensor{}, fmt.Errorf("%w: tensor %q has shape %v, not %v (-1: any)", ErrFormat, name, t.Shape, shape)
	}
	return t, nil
}
