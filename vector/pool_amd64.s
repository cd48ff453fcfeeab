#include "textflag.h"

// func poolRunsAVX512(first *float32, width int, scales *float32, rows int, at, ends *int32, runs int, mask uint32, most, sums *float32) int
TEXT ·poolRunsAVX512(SB), NOSPLIT, $0-88
	MOVQ  first+0(FP), SI
	MOVQ  width+8(FP), DX
	MOVQ  scales+16(FP), DI
	MOVQ  at+32(FP), R9
	MOVQ  ends+40(FP), R12
	MOVQ  runs+48(FP), R13
	MOVL  mask+56(FP), AX
	MOVQ  most+64(FP), R8
	MOVQ  sums+72(FP), R10
	KMOVW AX, K1
	SHLQ  $2, DX
	XORL  BX, BX // rows that are pooled

poolrun:
	VPXOR   X0, X0, X0
	VPXOR   X1, X1, X1
	MOVLQSX (R12), CX
	CMPQ    BX, CX
	JGE     poolend

poolrow:
	MOVLQSX      (R9)(BX*4), R11
	CMPQ         R11, rows+24(FP)
	JCC          poolbad // as numbers without a sign
	VBROADCASTSS (DI)(R11*4), Z3
	IMULQ        DX, R11
	VMOVUPS.Z    (SI)(R11*1), K1, Z2
	VADDPS       Z2, Z1, Z1
	VMULPS       Z3, Z2, Z2
	VMAXPS       Z0, Z2, Z0
	INCQ         BX
	CMPQ         BX, CX
	JLT          poolrow

poolend:
	VMOVUPS Z0, K1, (R8)
	VMOVUPS Z1, K1, (R10)
	ADDQ    DX, R8
	ADDQ    DX, R10
	ADDQ    $4, R12
	DECQ    R13
	JNZ     poolrun
	MOVQ    $-1, BX

poolbad:
	MOVQ BX, ret+80(FP)
	VZEROUPPER
	RET
