#include "textflag.h"

// func poolRunsAVX512(rows *float32, width int, scales *float32, at, ends *int32, runs int, mask uint32, most, sums *float32)
TEXT ·poolRunsAVX512(SB), NOSPLIT, $0-72
	MOVQ  rows+0(FP), SI
	MOVQ  width+8(FP), DX
	MOVQ  scales+16(FP), DI
	MOVQ  at+24(FP), R9
	MOVQ  ends+32(FP), R12
	MOVQ  runs+40(FP), R13
	MOVL  mask+48(FP), AX
	MOVQ  most+56(FP), R8
	MOVQ  sums+64(FP), R10
	KMOVW AX, K1
	SHLQ  $2, DX
	XORL  BX, BX // rows that are pooled

poolrun:
	VPXOR   X0, X0, X0
	VPXOR   X1, X1, X1
	MOVLQSX (R12), CX
	SUBQ    BX, CX
	ADDQ    CX, BX
	TESTQ   CX, CX
	JZ      poolend

poolrow:
	MOVLQSX      (R9), R11
	VBROADCASTSS (DI)(R11*4), Z3
	IMULQ        DX, R11
	VMOVUPS.Z    (SI)(R11*1), K1, Z2
	VADDPS       Z2, Z1, Z1
	VMULPS       Z3, Z2, Z2
	VMAXPS       Z0, Z2, Z0
	ADDQ         $4, R9
	DECQ         CX
	JNZ          poolrow

poolend:
	VMOVUPS Z0, K1, (R8)
	VMOVUPS Z1, K1, (R10)
	ADDQ    DX, R8
	ADDQ    DX, R10
	ADDQ    $4, R12
	DECQ    R13
	JNZ     poolrun
	VZEROUPPER
	RET
