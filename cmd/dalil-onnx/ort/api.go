package ort

import (
	"errors"
	"unsafe"

	"github.com/ebitengine/purego"
)

// The places of functions in struct OrtApi (onnxruntime_c_api.h). The table
// only ever grows at its end, so they hold for every version from apiVersion.
const (
	fnGetErrorMessage                = 2
	fnCreateEnv                      = 3
	fnCreateSession                  = 7
	fnRun                            = 9
	fnCreateSessionOptions           = 10
	fnSetGraphOptimizationLevel      = 23
	fnSetIntraOpNumThreads           = 24
	fnSessionGetInputCount           = 30
	fnSessionGetOutputCount          = 31
	fnSessionGetInputTypeInfo        = 33
	fnSessionGetOutputTypeInfo       = 34
	fnSessionGetInputName            = 36
	fnSessionGetOutputName           = 37
	fnCreateRunOptions               = 39
	fnRunOptionsSetTerminate         = 46
	fnCreateTensorWithDataAsOrtValue = 49
	fnGetTensorMutableData           = 51
	fnCastTypeInfoToTensorInfo       = 55
	fnGetTensorElementType           = 60
	fnGetDimensionsCount             = 61
	fnGetDimensions                  = 62
	fnGetTensorTypeAndShape          = 65
	fnCreateCPUMemoryInfo            = 69
	fnAllocatorFree                  = 76
	fnGetAllocatorWithDefaultOptions = 78
	fnReleaseEnv                     = 92
	fnReleaseStatus                  = 93
	fnReleaseMemoryInfo              = 94
	fnReleaseSession                 = 95
	fnReleaseValue                   = 96
	fnReleaseRunOptions              = 97
	fnReleaseTypeInfo                = 98
	fnReleaseTensorTypeAndShapeInfo  = 99
	fnReleaseSessionOptions          = 100
	functions                        = 101

	// apiVersion is that of ONNX Runtime 1.16; every later library offers it.
	apiVersion = 16

	logErrors          = 3
	optimizeAll        = 99
	arenaAllocator     = 1
	memoryTypeDefault  = 0
	elementFloat       = 1
	elementInt64       = 7
	largestDimensions  = 16
	largestCStringSize = 1 << 16
)

// table is struct OrtApi.
type table [functions]uintptr

// call runs a function that answers with a status; nil is success. Pointers
// must be converted in the argument list itself: only there does the directive
// keep them alive and in place.
//
//go:uintptrescapes
func (t *table) call(function int, args ...uintptr) error {
	status, _, _ := purego.SyscallN(t[function], args...)
	if status == 0 {
		return nil
	}
	message, _, _ := purego.SyscallN(t[fnGetErrorMessage], status)
	text := goString(pointer(message))
	t.release(fnReleaseStatus, pointer(status))
	return errors.New(text)
}

// release gives one object back; nil is none.
func (t *table) release(function int, object unsafe.Pointer) {
	if object != nil {
		purego.SyscallN(t[function], uintptr(object))
	}
}

// pointer makes an address that C gave a pointer. The memory is C's: Go's
// collector neither moves nor frees it.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// cString ends in NUL.
func cString(s string) []byte { return append([]byte(s), 0) }

func goString(p unsafe.Pointer) string {
	if p == nil {
		return ""
	}
	n := 0
	for n < largestCStringSize && *(*byte)(unsafe.Add(p, n)) != 0 {
		n++
	}
	return string(unsafe.Slice((*byte)(p), n))
}
