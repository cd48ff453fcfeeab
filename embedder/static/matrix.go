package static

import (
	"fmt"
	"math"
	"slices"

	"dalil/corpus"
	"dalil/embedder/safetensors"
	"dalil/pages"
	"dalil/vector"
)

// matrix holds one vector a row.
type matrix interface {
	rows() int
	// add adds the rows of tokens, each times its weight, to v, one after the other, to the
	// same bits on every machine.
	add(v []float32, ids []int32, e *Embedder)
	// dotsAt sets out to the inner products of scattered rows, times their factors, with
	// vectors that lie one after another; see [vector.DotsAt].
	dotsAt(vectors []float32, at []int32, factors, out []float32)
	// prefetch asks the memory for rows.
	prefetch(at []int32)
	// dot is the inner product of two rows.
	dot(i, j int32) float64
}

// bytesMatrix is a table of int8, as in the built-in model.
type bytesMatrix struct {
	width int
	data  []int8
}

func (m *bytesMatrix) rows() int { return len(m.data) / m.width }

func (m *bytesMatrix) add(v []float32, ids []int32, e *Embedder) {
	const piece = 128 // tokens
	var at [piece]int32
	var weights [piece]float32
	for len(ids) > 0 {
		n := min(piece, len(ids))
		for i, id := range ids[:n] {
			at[i], weights[i] = int32(e.place(id)), e.weight(id)
		}
		vector.AddRowsInt8(v, m.data, at[:n], weights[:n])
		ids = ids[n:]
	}
}

func (m *bytesMatrix) dotsAt(vectors []float32, at []int32, factors, out []float32) {
	vector.DotsAt(vectors, m.width, m.data, at, factors, out)
}

func (m *bytesMatrix) prefetch(at []int32) { vector.PrefetchAt(m.data, m.width, at) }

func (m *bytesMatrix) dot(i, j int32) float64 {
	return float64(vector.DotInt8(m.data[int(i)*m.width:][:m.width], m.data[int(j)*m.width:][:m.width]))
}

// floatMatrix is a table of float32.
type floatMatrix struct {
	width int
	data  []float32
}

func (m *floatMatrix) rows() int { return len(m.data) / m.width }

func (m *floatMatrix) add(v []float32, ids []int32, e *Embedder) {
	for _, id := range ids {
		vector.AddScaled(v, m.data[e.place(id)*m.width:][:m.width], e.weight(id))
	}
}

func (m *floatMatrix) dotsAt(vectors []float32, at []int32, factors, out []float32) {
	for i, row := range at {
		values := m.data[int(row)*m.width:][:m.width]
		for from := 0; from < len(vectors); from += m.width {
			out[0] = factors[i] * vector.DotFloat32(vectors[from:][:m.width], values)
			out = out[1:]
		}
	}
}

func (m *floatMatrix) prefetch([]int32) {}

func (m *floatMatrix) dot(i, j int32) float64 {
	return float64(vector.DotFloat32(m.data[int(i)*m.width:][:m.width], m.data[int(j)*m.width:][:m.width]))
}

const maxDimensions = 1 << 14

// newMatrix reads the table of vectors, whatever its type.
func newMatrix(t safetensors.Tensor) (matrix, error) {
	if width := t.Shape[1]; width < 1 || width > maxDimensions {
		return nil, fmt.Errorf("%w: vectors of %d dimensions, not 1 to %d", corpus.ErrInvalid, width, maxDimensions)
	}
	if t.DType == safetensors.I8 {
		m := &bytesMatrix{width: t.Shape[1], data: pages.Make[int8](len(t.Data))}
		for i, b := range t.Data {
			m.data[i] = int8(b)
		}
		return m, nil
	}
	data, err := finite(t)
	if err != nil {
		return nil, err
	}
	return &floatMatrix{width: t.Shape[1], data: data}, nil
}

// finite reads floats that are numbers.
func finite(t safetensors.Tensor) ([]float32, error) {
	data, err := t.Floats()
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(data, func(x float32) bool { return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) }); i >= 0 {
		return nil, fmt.Errorf("%w: element %d is %v", corpus.ErrInvalid, i, data[i])
	}
	return data, nil
}
