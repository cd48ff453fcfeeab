package vector

import "golang.org/x/sys/cpu"

// detect asks x/sys/cpu rather than CPUID itself, because that package also
// checks (XGETBV) that the operating system saves the wide registers.
func detect() Features {
	x := &cpu.X86
	f := Features{AVX2: x.HasAVX2 && x.HasFMA}
	f.AVX512 = f.AVX2 && x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL
	f.VNNI = f.AVX512 && x.HasAVX512VNNI
	f.GFNI = f.VNNI && x.HasAVX512GFNI
	return f
}
