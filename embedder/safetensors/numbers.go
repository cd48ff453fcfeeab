package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Floats gives the elements of a float tensor (F16, BF16, F32, F64) as
// float32, and of I8 as their whole numbers.
func (t Tensor) Floats() ([]float32, error) {
	out := make([]float32, t.Elements())
	switch t.DType {
	case F32:
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:]))
		}
	case F64:
		for i := range out {
			out[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(t.Data[8*i:])))
		}
	case F16:
		for i := range out {
			out[i] = Float16(binary.LittleEndian.Uint16(t.Data[2*i:]))
		}
	case BF16:
		for i := range out {
			out[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(t.Data[2*i:])) << 16)
		}
	case I8:
		for i := range out {
			out[i] = float32(int8(t.Data[i]))
		}
	default:
		return nil, fmt.Errorf("%w: %s is not a type of floats", ErrFormat, t.DType)
	}
	return out, nil
}

// Integers gives the elements of an integer tensor (I32, I64, U32) as int64.
func (t Tensor) Integers() ([]int64, error) {
	out := make([]int64, t.Elements())
	switch t.DType {
	case I64:
		for i := range out {
			out[i] = int64(binary.LittleEndian.Uint64(t.Data[8*i:]))
		}
	case I32:
		for i := range out {
			out[i] = int64(int32(binary.LittleEndian.Uint32(t.Data[4*i:])))
		}
	case U32:
		for i := range out {
			out[i] = int64(binary.LittleEndian.Uint32(t.Data[4*i:]))
		}
	default:
		return nil, fmt.Errorf("%w: %s is not a type of indexes", ErrFormat, t.DType)
	}
	return out, nil
}

// FromFloat32 makes an F32 tensor.
func FromFloat32(values []float32, shape ...int) Tensor {
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return Tensor{DType: F32, Shape: shape, Data: data}
}

// FromInt8 makes an I8 tensor.
func FromInt8(values []int8, shape ...int) Tensor {
	data := make([]byte, len(values))
	for i, v := range values {
		data[i] = byte(v)
	}
	return Tensor{DType: I8, Shape: shape, Data: data}
}

// Float16 widens an IEEE 754 binary16.
func Float16(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, fraction := uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero and subnormals: fraction × 2⁻²⁴
		f := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(f) | sign)
	case 0x1f: // infinity and NaN
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
