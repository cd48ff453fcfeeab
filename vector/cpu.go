package vector

// Features reports which kernels this process runs.
type Features struct {
	AVX2   bool // with FMA
	AVX512 bool // F, BW, DQ and VL
	VNNI   bool // AVX-512 VNNI; only where AVX512 is
	GFNI   bool // AVX-512 GFNI; only where VNNI is
}

// Detected returns what the processor and the operating system support. All
// false: plain Go runs.
func Detected() Features { return features }

// features is asked for once: CPUID traps under hypervisors and takes
// microseconds.
var features = detect()

func (f Features) String() string {
	switch {
	case f.VNNI:
		return "avx512-vnni"
	case f.AVX512:
		return "avx512"
	case f.AVX2:
		return "avx2"
	}
	return "go"
}
