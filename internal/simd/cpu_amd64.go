package simd

import "golang.org/x/sys/cpu"

// features are what this processor and its operating system can run.
var features = struct{ avx2, avx512 bool }{
	avx2:   cpu.X86.HasAVX2 && cpu.X86.HasFMA,
	avx512: cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ,
}
