// Package ort runs models with ONNX Runtime, from a shared library that is
// loaded while the program runs. It binds the few functions of the C API that a
// text encoder needs, without cgo. Start at [Open], then
// [Library.OpenSession].
package ort

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"github.com/ebitengine/purego"
)

// ErrLibrary is matched by errors about the shared library, ErrModel by those
// about a model file.
var (
	ErrLibrary = errors.New("the ONNX Runtime library can't be used")
	ErrModel   = errors.New("the model can't be used")
)

// Library is a loaded ONNX Runtime. A process loads it once and keeps it.
type Library struct {
	api     *table
	version string
	env     unsafe.Pointer
	memory  unsafe.Pointer // describes plain memory of the processor
	alloc   unsafe.Pointer
}

const whatToDo = `give the file of ONNX Runtime 1.16 or later for this machine: "pip install onnxruntime" has it as onnxruntime/capi/libonnxruntime.so.*`

// Open loads the library. Every error matches ErrLibrary, names the file and
// says what to do.
func Open(path string) (*Library, error) {
	fail := func(why string) (*Library, error) {
		return nil, fmt.Errorf("%w: %s: %s; %s", ErrLibrary, path, why, whatToDo)
	}
	info, err := os.Stat(path)
	if err != nil { // dlopen would look for a bare name elsewhere
		return fail(fmt.Sprint(errors.Unwrap(err)))
	}
	if !info.Mode().IsRegular() {
		return fail("is not a file")
	}
	if path[0] != '/' {
		path = "./" + path // or dlopen looks for it in the system's folders
	}
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return fail(err.Error())
	}
	entry, err := purego.Dlsym(handle, "OrtGetApiBase")
	if err != nil {
		return fail("it has no OrtGetApiBase, so it is another library")
	}
	address, _, _ := purego.SyscallN(entry)
	if address == 0 {
		return fail("OrtGetApiBase gave nothing")
	}
	base := (*[2]uintptr)(pointer(address)) // struct OrtApiBase: GetApi, GetVersionString
	version, _, _ := purego.SyscallN(base[1])
	l := &Library{version: goString(pointer(version))}
	api, _, _ := purego.SyscallN(base[0], apiVersion)
	if api == 0 {
		return fail(fmt.Sprintf("version %s is too old", l.version))
	}
	l.api = (*table)(pointer(api))
	name := cString("dalil-onnx")
	err = errors.Join(
		l.api.call(fnCreateEnv, logErrors, uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&l.env))),
		l.api.call(fnCreateCPUMemoryInfo, arenaAllocator, memoryTypeDefault, uintptr(unsafe.Pointer(&l.memory))),
		l.api.call(fnGetAllocatorWithDefaultOptions, uintptr(unsafe.Pointer(&l.alloc))))
	if err != nil {
		return fail(err.Error())
	}
	return l, nil
}

// Version is the library's own, "1.23.2".
func (l *Library) Version() string { return l.version }
