#include "textflag.h"

// func dotInt8AtVNNI(query, rows *int8, width int, at *uint32, n int, bias int32, out *int32)
//
// A row at a time, as dotInt8RowsVNNI does. at has gatherAhead more elements than n.
TEXT ·dotInt8AtVNNI(SB), NOSPLIT, $0-56
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ width+16(FP), DX
	MOVQ at+24(FP), R9
	MOVQ n+32(FP), CX
	MOVL bias+40(FP), R13
	MOVQ out+48(FP), R8
	MOVL $0x80808080, AX
	VPBROADCASTD AX, Z14
gather5row:
	MOVL 32(R9), AX
	IMULQ DX, AX
	ADDQ DI, AX
	MOVL (R9), R11
	IMULQ DX, R11
	ADDQ DI, R11
	MOVQ SI, R10
	MOVQ DX, R12
	VPXORQ Z0, Z0, Z0
gather5block:
	PREFETCHT0 (AX)
	VPXORQ (R11), Z14, Z5
	VMOVDQU64 (R10), Z4
	VPDPBUSD Z4, Z5, Z0
	ADDQ $64, AX
	ADDQ $64, R10
	ADDQ $64, R11
	SUBQ $64, R12
	JNZ gather5block
	VEXTRACTI64X4 $1, Z0, Y1
	VPADDD Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD X1, X0, X0
	VPHADDD X0, X0, X0
	VPHADDD X0, X0, X0
	VMOVD X0, AX
	SUBL R13, AX
	MOVL AX, (R8)
	ADDQ $4, R8
	ADDQ $4, R9
	DECQ CX
	JNZ gather5row
	VZEROUPPER
	RET
