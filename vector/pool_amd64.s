#include "textflag.h"

// func poolAtAVX512(rows *float32, width int, scales *float32, at *int32, n int, mask uint32, most, sum *float32)
TEXT ·poolAtAVX512(SB), NOSPLIT, $0-64
	MOVQ      rows+0(FP), SI
	MOVQ      width+8(FP), DX
	MOVQ      scales+16(FP), DI
	MOVQ      at+24(FP), R9
	MOVQ      n+32(FP), CX
	MOVL      mask+40(FP), AX
	MOVQ      most+48(FP), R8
	MOVQ      sum+56(FP), R10
	KMOVW     AX, K1
	SHLQ      $2, DX
	VMOVUPS.Z (R8), K1, Z0
	VMOVUPS.Z (R10), K1, Z1

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
	VMOVUPS      Z0, K1, (R8)
	VMOVUPS      Z1, K1, (R10)
	VZEROUPPER
	RET
