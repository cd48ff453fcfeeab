#include "textflag.h"

// SIGNS5 adds the entries of a column of 64 rows: those of the lower halves to Z0, those of the
// upper ones to Z1.
#define SIGNS5(column) \
	PREFETCHT0 (4096+64*column)(DI); \
	VMOVDQU64 (64*column)(DI), Z16; \
	VPSRLW $4, Z16, Z17; \
	VPANDQ Z14, Z16, Z16; \
	VPANDQ Z14, Z17, Z17; \
	VBROADCASTI32X4 (32*column)(R10), Z18; \
	VBROADCASTI32X4 (32*column+16)(R10), Z19; \
	VPSHUFB Z16, Z18, Z18; \
	VPSHUFB Z17, Z19, Z19; \
	VPADDB Z18, Z0, Z0; \
	VPADDB Z19, Z1, Z1

// WIDEN5 adds the bytes of a sum to 16 bits: those of rows with even numbers to Z4, the others to Z5.
#define WIDEN5(sum) \
	VPANDQ Z15, sum, Z16; \
	VPSRLW $8, sum, sum; \
	VPADDW Z16, Z4, Z4; \
	VPADDW sum, Z5, Z5

// REACH5 writes the marks of 16 rows, whose sums are in Y16.
#define REACH5(place) \
	VPMOVZXWD Y16, Z16; \
	VCVTDQ2PS Z16, Z16; \
	VMULPS Z10, Z16, Z16; \
	VADDPS Z11, Z16, Z16; \
	VMULPS (4*place)(R9), Z16, Z16; \
	VCMPPS $13, Z12, Z16, K1; \
	KMOVW K1, AX; \
	MOVW AX, (place/8)(R8)

// func signsReachingAVX512(tables, signs *byte, columns int, scales *float32, n int, perStep, bias, least float32, mask *uint64)
TEXT ·signsReachingAVX512(SB), NOSPLIT, $0-64
	MOVQ tables+0(FP), SI
	MOVQ signs+8(FP), DI
	MOVQ columns+16(FP), DX
	MOVQ scales+24(FP), R9
	MOVQ n+32(FP), CX
	VBROADCASTSS perStep+40(FP), Z10
	VBROADCASTSS bias+44(FP), Z11
	VBROADCASTSS least+48(FP), Z12
	MOVQ mask+56(FP), R8
	MOVL $0x0f0f0f0f, AX
	VPBROADCASTD AX, Z14
	MOVL $0x00ff00ff, AX
	VPBROADCASTD AX, Z15
	VMOVDQU64 signsFirst<>(SB), Z8
	VMOVDQU64 signsLast<>(SB), Z9
signs5group:
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	MOVQ SI, R10
	MOVQ DX, R12
signs5columns:
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	SIGNS5(0)
	SIGNS5(1)
	SIGNS5(2)
	SIGNS5(3)
	SIGNS5(4)
	SIGNS5(5)
	SIGNS5(6)
	SIGNS5(7)
	WIDEN5(Z0)
	WIDEN5(Z1)
	ADDQ $512, DI
	ADDQ $256, R10
	SUBQ $8, R12
	JNZ signs5columns
	// In the order of the rows: Z6 has the first 8 of each 16 rows, Z7 the last 8.
	VPUNPCKLWD Z5, Z4, Z6
	VPUNPCKHWD Z5, Z4, Z7
	VMOVDQA64 Z8, Z4
	VMOVDQA64 Z9, Z5
	VPERMI2Q Z7, Z6, Z4
	VPERMI2Q Z7, Z6, Z5
	VMOVDQA64 Z4, Z16
	REACH5(0)
	VEXTRACTI64X4 $1, Z4, Y16
	REACH5(16)
	VMOVDQA64 Z5, Z16
	REACH5(32)
	VEXTRACTI64X4 $1, Z5, Y16
	REACH5(48)
	ADDQ $256, R9
	ADDQ $8, R8
	SUBQ $64, CX
	JNZ signs5group
	VZEROUPPER
	RET

// The quarters of Z6 and Z7 in turn: those of the first 32 rows, and those of the last.
DATA signsFirst<>+0(SB)/8, $0
DATA signsFirst<>+8(SB)/8, $1
DATA signsFirst<>+16(SB)/8, $8
DATA signsFirst<>+24(SB)/8, $9
DATA signsFirst<>+32(SB)/8, $2
DATA signsFirst<>+40(SB)/8, $3
DATA signsFirst<>+48(SB)/8, $10
DATA signsFirst<>+56(SB)/8, $11
GLOBL signsFirst<>(SB), RODATA|NOPTR, $64
DATA signsLast<>+0(SB)/8, $4
DATA signsLast<>+8(SB)/8, $5
DATA signsLast<>+16(SB)/8, $12
DATA signsLast<>+24(SB)/8, $13
DATA signsLast<>+32(SB)/8, $6
DATA signsLast<>+40(SB)/8, $7
DATA signsLast<>+48(SB)/8, $14
DATA signsLast<>+56(SB)/8, $15
GLOBL signsLast<>(SB), RODATA|NOPTR, $64

// SIGNS2, WIDEN2 and REACH2 are for 32 rows with AVX2. REACH2 takes 8 sums in X8.
#define SIGNS2(column) \
	PREFETCHT0 (4096+64*column)(DI); \
	VMOVDQU (64*column)(DI), Y6; \
	VPSRLW $4, Y6, Y7; \
	VPAND Y14, Y6, Y6; \
	VPAND Y14, Y7, Y7; \
	VBROADCASTI128 (32*column)(R10), Y8; \
	VBROADCASTI128 (32*column+16)(R10), Y9; \
	VPSHUFB Y6, Y8, Y8; \
	VPSHUFB Y7, Y9, Y9; \
	VPADDB Y8, Y0, Y0; \
	VPADDB Y9, Y1, Y1

#define WIDEN2(sum) \
	VPAND Y15, sum, Y6; \
	VPSRLW $8, sum, sum; \
	VPADDW Y6, Y4, Y4; \
	VPADDW sum, Y5, Y5

#define REACH2(place) \
	VPMOVZXWD X8, Y8; \
	VCVTDQ2PS Y8, Y8; \
	VMULPS Y10, Y8, Y8; \
	VADDPS Y11, Y8, Y8; \
	VMULPS (4*place)(R9), Y8, Y8; \
	VCMPPS $13, Y12, Y8, Y8; \
	VMOVMSKPS Y8, AX; \
	MOVB AX, (place/8)(R8)

// func signsReachingAVX2(tables, signs *byte, columns int, scales *float32, n int, perStep, bias, least float32, mask *uint64)
TEXT ·signsReachingAVX2(SB), NOSPLIT, $0-64
	MOVQ tables+0(FP), SI
	MOVQ signs+8(FP), DI
	MOVQ columns+16(FP), DX
	MOVQ scales+24(FP), R9
	MOVQ n+32(FP), CX
	VBROADCASTSS perStep+40(FP), Y10
	VBROADCASTSS bias+44(FP), Y11
	VBROADCASTSS least+48(FP), Y12
	MOVQ mask+56(FP), R8
	MOVL $0x0f0f0f0f, AX
	VMOVD AX, X14
	VPBROADCASTD X14, Y14
	MOVL $0x00ff00ff, AX
	VMOVD AX, X15
	VPBROADCASTD X15, Y15
	MOVQ DX, R11
	SHLQ $6, R11 // the size of a group
	XORQ R13, R13 // 0 for the first half of a group, 32 for the second
signs2half:
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	MOVQ SI, R10
	MOVQ DX, R12
signs2columns:
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	SIGNS2(0)
	SIGNS2(1)
	SIGNS2(2)
	SIGNS2(3)
	SIGNS2(4)
	SIGNS2(5)
	SIGNS2(6)
	SIGNS2(7)
	WIDEN2(Y0)
	WIDEN2(Y1)
	ADDQ $512, DI
	ADDQ $256, R10
	SUBQ $8, R12
	JNZ signs2columns
	// In the order of the rows: Y6 has the first 8 of each 16 rows, Y7 the last 8.
	VPUNPCKLWD Y5, Y4, Y6
	VPUNPCKHWD Y5, Y4, Y7
	VMOVDQA Y6, Y8
	REACH2(0)
	VMOVDQA Y7, Y8
	REACH2(8)
	VEXTRACTI128 $1, Y6, X8
	REACH2(16)
	VEXTRACTI128 $1, Y7, X8
	REACH2(24)
	ADDQ $128, R9
	ADDQ $4, R8
	ADDQ $32, DI
	XORQ $32, R13
	JZ signs2next
	SUBQ R11, DI
	JMP signs2half
signs2next:
	SUBQ $64, DI
	SUBQ $64, CX
	JNZ signs2half
	VZEROUPPER
	RET
