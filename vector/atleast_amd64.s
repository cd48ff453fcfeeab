#include "textflag.h"

// func atLeastAVX2(products *int32, scales *float32, n int, bias int32, least float32, mask *uint64)
TEXT ·atLeastAVX2(SB), NOSPLIT, $0-40
	MOVQ products+0(FP), SI
	MOVQ scales+8(FP), DI
	MOVQ n+16(FP), CX
	MOVL bias+24(FP), AX
	VMOVD AX, X0
	VPBROADCASTD X0, Y0
	VBROADCASTSS least+28(FP), Y1
	MOVQ mask+32(FP), R8
atleast2loop:
	VMOVDQU (SI), Y2
	VPSLLD $1, Y2, Y2
	VPSUBD Y0, Y2, Y2
	VCVTDQ2PS Y2, Y2
	VMULPS (DI), Y2, Y2
	VCMPPS $13, Y1, Y2, Y2
	VMOVMSKPS Y2, AX
	MOVB AX, (R8)
	ADDQ $32, SI
	ADDQ $32, DI
	INCQ R8
	SUBQ $8, CX
	JNZ atleast2loop
	VZEROUPPER
	RET

// func atLeastAVX512(products *int32, scales *float32, n int, bias int32, least float32, mask *uint64)
TEXT ·atLeastAVX512(SB), NOSPLIT, $0-40
	MOVQ products+0(FP), SI
	MOVQ scales+8(FP), DI
	MOVQ n+16(FP), CX
	MOVL bias+24(FP), AX
	VPBROADCASTD AX, Z0
	VBROADCASTSS least+28(FP), Z1
	MOVQ mask+32(FP), R8
atleast5loop:
	VMOVDQU32 (SI), Z2
	VPSLLD $1, Z2, Z2
	VPSUBD Z0, Z2, Z2
	VCVTDQ2PS Z2, Z2
	VMULPS (DI), Z2, Z2
	VCMPPS $13, Z1, Z2, K1
	KMOVW K1, AX
	MOVW AX, (R8)
	ADDQ $64, SI
	ADDQ $64, DI
	ADDQ $2, R8
	SUBQ $16, CX
	JNZ atleast5loop
	VZEROUPPER
	RET

// func reachingAVX2(scores *float32, n int, least float32, mask *uint64)
TEXT ·reachingAVX2(SB), NOSPLIT, $0-32
	MOVQ scores+0(FP), SI
	MOVQ n+8(FP), CX
	VBROADCASTSS least+16(FP), Y1
	MOVQ mask+24(FP), R8
reaching2loop:
	VMOVUPS (SI), Y2
	VCMPPS $13, Y1, Y2, Y2
	VMOVMSKPS Y2, AX
	MOVB AX, (R8)
	ADDQ $32, SI
	INCQ R8
	SUBQ $8, CX
	JNZ reaching2loop
	VZEROUPPER
	RET
