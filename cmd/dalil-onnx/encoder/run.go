package encoder

import (
	"context"
	"fmt"
	"math"

	"dalil/cmd/dalil-onnx/ort"
)

// The inputs of encoders, as exporters name them.
const (
	inputIDs       = "input_ids"
	inputMask      = "attention_mask"
	inputTypes     = "token_type_ids"
	inputPositions = "position_ids"
)

// Pooling makes one vector of the vectors of a text's tokens.
type Pooling int

// The poolings.
const (
	Auto Pooling = iota // the model's own if it has an output of such vectors, else the mean
	Mean                // of all tokens (Reimers and Gurevych, EMNLP 2019)
	CLS                 // the first token's
)

func (p Pooling) String() string { return [...]string{"auto", "mean", "cls"}[p] }

// run gives a unit vector for each list of ids.
func (e *Encoder) run(ctx context.Context, ids [][]int32) ([][]float32, error) {
	rows, columns := len(ids), 0
	for _, row := range ids {
		columns = max(columns, len(row))
	}
	tensors := make([]ort.Tensor, len(e.inputs))
	for i, name := range e.inputs {
		tensors[i] = ort.Tensor{Name: name, Data: e.filled(name, ids, columns), Rows: rows, Columns: columns}
	}
	data, shape, err := e.runner.Run(ctx, tensors, e.output)
	if err != nil {
		return nil, err
	}
	tokens := columns
	if e.pooled {
		tokens = 1
	}
	if len(data) == 0 || len(data)%(rows*tokens) != 0 || shape[0] != int64(rows) || !e.pooled && (len(shape) != 3 || shape[1] != int64(columns)) {
		return nil, fmt.Errorf("%w: it answered %d texts of %d tokens with the shape %v", ErrModel, rows, columns, shape)
	}
	width := len(data) / (rows * tokens)
	vectors := make([][]float32, rows)
	for i := range vectors {
		n := len(ids[i])
		if e.pooled || e.options.Pooling == CLS {
			n = 1
		}
		v := mean(data[i*tokens*width:][:n*width], width)
		if !unit(v) {
			return nil, fmt.Errorf("%w: its vector is zero or not finite", ErrModel)
		}
		vectors[i] = v
	}
	return vectors, nil
}

func (e *Encoder) filled(name string, ids [][]int32, columns int) []int64 {
	data := make([]int64, len(ids)*columns) // token types are zero: there is one text in a row
	for i, row := range ids {
		to := data[i*columns:][:columns]
		for j := range to {
			switch {
			case name == inputPositions:
				to[j] = int64(j)
			case name == inputMask && j < len(row):
				to[j] = 1
			case name == inputIDs && j < len(row):
				to[j] = int64(row[j])
			case name == inputIDs:
				to[j] = e.pad
			}
		}
	}
	return data
}

// mean of rows of the given width.
func mean(data []float32, width int) []float32 {
	v := make([]float32, width)
	for ; len(data) > 0; data = data[width:] {
		for j, x := range data[:width] {
			v[j] += x
		}
	}
	return v // its length does not matter: it becomes unit
}

// unit makes the vector unit; false: it has no direction.
func unit(v []float32) bool {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if !(sum > 1e-24) || math.IsInf(sum, 0) {
		return false
	}
	scale := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= scale
	}
	return true
}

// Shortened keeps the first dimensions and makes unit again (Matryoshka
// representation learning, Kusupati et al., NeurIPS 2022). False: what is kept
// is zero.
func Shortened(v []float32, dimensions int) ([]float32, bool) {
	if dimensions == len(v) {
		return v, true
	}
	v = v[:dimensions:dimensions]
	return v, unit(v)
}
