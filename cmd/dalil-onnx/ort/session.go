package ort

import (
	"errors"
	"fmt"
	"os"
	"unsafe"
)

// Port is an input or output of a model. A dimension that varies is -1.
type Port struct {
	Name  string
	Type  int // ONNXTensorElementDataType
	Shape []int64
}

// Floats and Integers distinguish the types of ports that a text encoder has.
func (p Port) Floats() bool { return p.Type == elementFloat }

// Integers: see Floats.
func (p Port) Integers() bool { return p.Type == elementInt64 }

// Session is a loaded model, safe for concurrent use.
type Session struct {
	library         *Library
	session         unsafe.Pointer
	inputs, outputs []Port
}

// OpenSession loads a model file; threads work on one run together, 0: as many
// as there are cores. Errors match ErrModel and name the file.
func (l *Library) OpenSession(path string, threads int) (*Session, error) {
	fail := func(err error) (*Session, error) {
		return nil, fmt.Errorf("%w: %s: %w", ErrModel, path, err)
	}
	if info, err := os.Stat(path); err != nil {
		return fail(errors.Unwrap(err))
	} else if !info.Mode().IsRegular() {
		return fail(errors.New("is not a file"))
	}
	var options unsafe.Pointer
	if err := l.api.call(fnCreateSessionOptions, uintptr(unsafe.Pointer(&options))); err != nil {
		return fail(err)
	}
	defer l.api.release(fnReleaseSessionOptions, options)
	s := &Session{library: l}
	file := cString(path)
	for _, err := range []error{
		l.api.call(fnSetIntraOpNumThreads, uintptr(options), uintptr(threads)),
		l.api.call(fnSetGraphOptimizationLevel, uintptr(options), optimizeAll),
		l.api.call(fnCreateSession, uintptr(l.env), uintptr(unsafe.Pointer(&file[0])), uintptr(options), uintptr(unsafe.Pointer(&s.session))),
	} {
		if err != nil {
			return fail(err)
		}
	}
	var err error
	if s.inputs, err = s.ports(fnSessionGetInputCount, fnSessionGetInputName, fnSessionGetInputTypeInfo); err == nil {
		s.outputs, err = s.ports(fnSessionGetOutputCount, fnSessionGetOutputName, fnSessionGetOutputTypeInfo)
	}
	if err != nil {
		s.Close()
		return fail(err)
	}
	return s, nil
}

// Inputs are the model's.
func (s *Session) Inputs() []Port { return s.inputs }

// Outputs are the model's.
func (s *Session) Outputs() []Port { return s.outputs }

// Close frees the model; no run may be under way.
func (s *Session) Close() {
	s.library.api.release(fnReleaseSession, s.session)
	s.session = nil
}

func (s *Session) ports(count, name, typeInfo int) ([]Port, error) {
	api := s.library.api
	var n uintptr
	if err := api.call(count, uintptr(s.session), uintptr(unsafe.Pointer(&n))); err != nil {
		return nil, err
	}
	ports := make([]Port, n)
	for i := range ports {
		var text, info, tensor unsafe.Pointer
		if err := api.call(name, uintptr(s.session), uintptr(i), uintptr(s.library.alloc), uintptr(unsafe.Pointer(&text))); err != nil {
			return nil, err
		}
		ports[i].Name = goString(text)
		if err := api.call(fnAllocatorFree, uintptr(s.library.alloc), uintptr(text)); err != nil {
			return nil, err
		}
		if err := api.call(typeInfo, uintptr(s.session), uintptr(i), uintptr(unsafe.Pointer(&info))); err != nil {
			return nil, err
		}
		err := api.call(fnCastTypeInfoToTensorInfo, uintptr(info), uintptr(unsafe.Pointer(&tensor)))
		if err == nil && tensor != nil { // nil: a list or a map
			ports[i].Type, ports[i].Shape, err = s.library.shape(tensor)
		}
		api.release(fnReleaseTypeInfo, info)
		if err != nil {
			return nil, err
		}
	}
	return ports, nil
}

// shape reads a tensor's description.
func (l *Library) shape(tensor unsafe.Pointer) (elements int, dimensions []int64, err error) {
	var kind int32
	var n uintptr
	if err := l.api.call(fnGetTensorElementType, uintptr(tensor), uintptr(unsafe.Pointer(&kind))); err != nil {
		return 0, nil, err
	}
	if err := l.api.call(fnGetDimensionsCount, uintptr(tensor), uintptr(unsafe.Pointer(&n))); err != nil {
		return 0, nil, err
	}
	if n > largestDimensions {
		return 0, nil, fmt.Errorf("a tensor of %d dimensions", n)
	}
	var all [largestDimensions]int64
	if err := l.api.call(fnGetDimensions, uintptr(tensor), uintptr(unsafe.Pointer(&all[0])), n); err != nil {
		return 0, nil, err
	}
	return int(kind), append([]int64{}, all[:n]...), nil
}
