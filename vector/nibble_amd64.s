#include "textflag.h"

// func dotNibbleRowsAVX2(query *int8, rows *byte, stride, n int, out *int32)
//
// A row at a time. VPMADDUBSW adds pairs of products to 16 bits: of 64 bytes there
// are four, 4·2·15·128 < 2¹⁵, so that they are widened once a block.
TEXT ·dotNibbleRowsAVX2(SB), NOSPLIT, $0-40
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ stride+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), R8
	MOVL $0x0f0f0f0f, AX
	VMOVD AX, X14
	VPBROADCASTD X14, Y14
	MOVL $0x00010001, AX
	VMOVD AX, X15
	VPBROADCASTD X15, Y15
nibble2row:
	VPXOR Y0, Y0, Y0
	MOVQ SI, R10
	MOVQ DX, R12
nibble2block:
	PREFETCHT0 4096(DI)
	VMOVDQU (DI), Y1
	VMOVDQU 32(DI), Y2
	VPSRLW $4, Y1, Y3
	VPSRLW $4, Y2, Y4
	VPAND Y14, Y1, Y1
	VPAND Y14, Y2, Y2
	VPAND Y14, Y3, Y3
	VPAND Y14, Y4, Y4
	VPMADDUBSW (R10), Y1, Y1
	VPMADDUBSW 32(R10), Y2, Y2
	VPMADDUBSW 64(R10), Y3, Y3
	VPMADDUBSW 96(R10), Y4, Y4
	VPADDW Y2, Y1, Y1
	VPADDW Y4, Y3, Y3
	VPADDW Y3, Y1, Y1
	VPMADDWD Y15, Y1, Y1
	VPADDD Y1, Y0, Y0
	ADDQ $64, DI
	ADDQ $128, R10
	SUBQ $64, R12
	JNZ nibble2block
	VEXTRACTI128 $1, Y0, X1
	VPADDD X1, X0, X0
	VPHADDD X0, X0, X0
	VPHADDD X0, X0, X0
	VMOVD X0, (R8)
	ADDQ $4, R8
	DECQ CX
	JNZ nibble2row
	VZEROUPPER
	RET

// func dotNibbleRowsVNNI(query *int8, rows *byte, stride, n int, out *int32)
//
// Four rows at a time, so that their sums are added together. VPDPBUSD multiplies the
// unsigned elements of a row by the signed ones of the query. The rows are read in the
// order of their addresses and asked for 4 KB before: the kernel waits for memory most of
// the time, and reading four rows side by side is a third slower.
TEXT ·dotNibbleRowsVNNI(SB), NOSPLIT, $0-40
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ stride+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), R8
	MOVL $0x0f0f0f0f, AX
	VPBROADCASTD AX, Z14
nibble5rows:
	VPXORQ Z0, Z0, Z0
	MOVQ SI, R10
	MOVQ DX, R12
nibble5row0:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $4, Z6, Z7
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPDPBUSD (R10), Z6, Z0
	VPDPBUSD 64(R10), Z7, Z0
	ADDQ $64, DI
	ADDQ $128, R10
	SUBQ $64, R12
	JNZ nibble5row0
	VPXORQ Z1, Z1, Z1
	MOVQ SI, R10
	MOVQ DX, R12
nibble5row1:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $4, Z6, Z7
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPDPBUSD (R10), Z6, Z1
	VPDPBUSD 64(R10), Z7, Z1
	ADDQ $64, DI
	ADDQ $128, R10
	SUBQ $64, R12
	JNZ nibble5row1
	VPXORQ Z2, Z2, Z2
	MOVQ SI, R10
	MOVQ DX, R12
nibble5row2:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $4, Z6, Z7
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPDPBUSD (R10), Z6, Z2
	VPDPBUSD 64(R10), Z7, Z2
	ADDQ $64, DI
	ADDQ $128, R10
	SUBQ $64, R12
	JNZ nibble5row2
	VPXORQ Z3, Z3, Z3
	MOVQ SI, R10
	MOVQ DX, R12
nibble5row3:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $4, Z6, Z7
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPDPBUSD (R10), Z6, Z3
	VPDPBUSD 64(R10), Z7, Z3
	ADDQ $64, DI
	ADDQ $128, R10
	SUBQ $64, R12
	JNZ nibble5row3
	VEXTRACTI64X4 $1, Z0, Y4
	VEXTRACTI64X4 $1, Z1, Y5
	VEXTRACTI64X4 $1, Z2, Y6
	VEXTRACTI64X4 $1, Z3, Y7
	VPADDD Y4, Y0, Y0
	VPADDD Y5, Y1, Y1
	VPADDD Y6, Y2, Y2
	VPADDD Y7, Y3, Y3
	VPHADDD Y1, Y0, Y0
	VPHADDD Y3, Y2, Y2
	VPHADDD Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD X1, X0, X0
	VMOVDQU X0, (R8)
	ADDQ $16, R8
	SUBQ $4, CX
	JNZ nibble5rows
	VZEROUPPER
	RET
