package ort

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"unsafe"
)

// Tensor is one input of a run: a table of Rows × Columns, row by row.
type Tensor struct {
	Name          string
	Data          []int64
	Rows, Columns int
}

// Run gives one output of floats and its shape. A context that ends stops the
// run at the next node of the model.
func (s *Session) Run(ctx context.Context, inputs []Tensor, output string) (data []float32, shape []int64, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	api := s.library.api
	var pinned runtime.Pinner // C reads this memory for longer than one call
	defer pinned.Unpin()
	names := make([]*byte, len(inputs))
	values := make([]unsafe.Pointer, len(inputs))
	defer func() {
		for _, v := range values {
			api.release(fnReleaseValue, v)
		}
	}()
	for i, input := range inputs {
		if len(input.Data) == 0 || len(input.Data) != input.Rows*input.Columns {
			return nil, nil, fmt.Errorf("input %s: %d numbers for %d × %d", input.Name, len(input.Data), input.Rows, input.Columns)
		}
		names[i] = &cString(input.Name)[0]
		pinned.Pin(names[i])
		pinned.Pin(&input.Data[0])
		dimensions := [2]int64{int64(input.Rows), int64(input.Columns)}
		if err := api.call(fnCreateTensorWithDataAsOrtValue, uintptr(s.library.memory), uintptr(unsafe.Pointer(&input.Data[0])),
			uintptr(8*len(input.Data)), uintptr(unsafe.Pointer(&dimensions[0])), uintptr(len(dimensions)), elementInt64, uintptr(unsafe.Pointer(&values[i]))); err != nil {
			return nil, nil, err
		}
	}
	wanted := &cString(output)[0]
	pinned.Pin(wanted)
	var result, options unsafe.Pointer
	if err := api.call(fnCreateRunOptions, uintptr(unsafe.Pointer(&options))); err != nil {
		return nil, nil, err
	}
	defer api.release(fnReleaseRunOptions, options)
	stopped := make(chan struct{})
	unwatch := context.AfterFunc(ctx, func() {
		defer close(stopped)
		_ = api.call(fnRunOptionsSetTerminate, uintptr(options)) // the run ends by itself otherwise
	})
	err = api.call(fnRun, uintptr(s.session), uintptr(options), uintptr(unsafe.Pointer(&names[0])), uintptr(unsafe.Pointer(&values[0])), uintptr(len(inputs)),
		uintptr(unsafe.Pointer(&wanted)), 1, uintptr(unsafe.Pointer(&result)))
	if !unwatch() {
		<-stopped // the options must not be freed under it
	}
	defer api.release(fnReleaseValue, result)
	if err != nil {
		if ended := ctx.Err(); ended != nil {
			return nil, nil, ended
		}
		return nil, nil, err
	}
	return s.library.floats(result)
}

// floats copies a tensor into Go's memory.
func (l *Library) floats(value unsafe.Pointer) ([]float32, []int64, error) {
	var info, data unsafe.Pointer
	if err := l.api.call(fnGetTensorTypeAndShape, uintptr(value), uintptr(unsafe.Pointer(&info))); err != nil {
		return nil, nil, err
	}
	defer l.api.release(fnReleaseTensorTypeAndShapeInfo, info)
	kind, shape, err := l.shape(info)
	if err != nil {
		return nil, nil, err
	}
	if kind != elementFloat {
		return nil, nil, errors.New("the output does not hold float32")
	}
	if err := l.api.call(fnGetTensorMutableData, uintptr(value), uintptr(unsafe.Pointer(&data))); err != nil {
		return nil, nil, err
	}
	n := 1
	for _, d := range shape {
		n *= int(d)
	}
	if n == 0 {
		return nil, shape, nil
	}
	return append([]float32{}, unsafe.Slice((*float32)(data), n)...), shape, nil
}
