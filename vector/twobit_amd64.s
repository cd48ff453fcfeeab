#include "textflag.h"

// func dotTwoBitRowsAVX2(query *int8, rows *byte, stride, n int, out *int32)
//
// A row at a time. VPMADDUBSW adds pairs of products to 16 bits: of 64 bytes there
// are eight, 8·2·3·128 < 2¹⁵, so that they are widened once a block.
TEXT ·dotTwoBitRowsAVX2(SB), NOSPLIT, $0-40
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ stride+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), R8
	MOVL $0x03030303, AX
	VMOVD AX, X14
	VPBROADCASTD X14, Y14
	MOVL $0x00010001, AX
	VMOVD AX, X15
	VPBROADCASTD X15, Y15
twobit2row:
	VPXOR Y0, Y0, Y0
	MOVQ SI, R10
	MOVQ DX, R12
twobit2block:
	PREFETCHT0 4096(DI)
	VMOVDQU (DI), Y1
	VMOVDQU 32(DI), Y2
	VPSRLW $2, Y1, Y3
	VPSRLW $2, Y2, Y4
	VPSRLW $4, Y1, Y5
	VPSRLW $4, Y2, Y6
	VPSRLW $6, Y1, Y7
	VPSRLW $6, Y2, Y8
	VPAND Y14, Y1, Y1
	VPAND Y14, Y2, Y2
	VPAND Y14, Y3, Y3
	VPAND Y14, Y4, Y4
	VPAND Y14, Y5, Y5
	VPAND Y14, Y6, Y6
	VPAND Y14, Y7, Y7
	VPAND Y14, Y8, Y8
	VPMADDUBSW (R10), Y1, Y1
	VPMADDUBSW 32(R10), Y2, Y2
	VPMADDUBSW 64(R10), Y3, Y3
	VPMADDUBSW 96(R10), Y4, Y4
	VPMADDUBSW 128(R10), Y5, Y5
	VPMADDUBSW 160(R10), Y6, Y6
	VPMADDUBSW 192(R10), Y7, Y7
	VPMADDUBSW 224(R10), Y8, Y8
	VPADDW Y2, Y1, Y1
	VPADDW Y4, Y3, Y3
	VPADDW Y6, Y5, Y5
	VPADDW Y8, Y7, Y7
	VPADDW Y3, Y1, Y1
	VPADDW Y7, Y5, Y5
	VPADDW Y5, Y1, Y1
	VPMADDWD Y15, Y1, Y1
	VPADDD Y1, Y0, Y0
	ADDQ $64, DI
	ADDQ $256, R10
	SUBQ $64, R12
	JNZ twobit2block
	VEXTRACTI128 $1, Y0, X1
	VPADDD X1, X0, X0
	VPHADDD X0, X0, X0
	VPHADDD X0, X0, X0
	VMOVD X0, (R8)
	ADDQ $4, R8
	DECQ CX
	JNZ twobit2row
	VZEROUPPER
	RET

// func dotTwoBitRowsVNNI(query *int8, rows *byte, stride, n int, out *int32)
//
// Four rows at a time, so that their sums are added together. VPDPBUSD multiplies the
// unsigned elements of a row by the signed ones of the query. The rows are read in the
// order of their addresses and asked for 4 KB before: the kernel waits for memory most of
// the time, and reading four rows side by side is slower.
TEXT ·dotTwoBitRowsVNNI(SB), NOSPLIT, $0-40
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ stride+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), R8
	MOVL $0x03030303, AX
	VPBROADCASTD AX, Z14
twobit5rows:
	VPXORQ Z0, Z0, Z0
	MOVQ SI, R10
	MOVQ DX, R12
twobit5row0:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $2, Z6, Z7
	VPSRLW $4, Z6, Z8
	VPSRLW $6, Z6, Z9
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPANDQ Z14, Z8, Z8
	VPANDQ Z14, Z9, Z9
	VPDPBUSD (R10), Z6, Z0
	VPDPBUSD 64(R10), Z7, Z0
	VPDPBUSD 128(R10), Z8, Z0
	VPDPBUSD 192(R10), Z9, Z0
	ADDQ $64, DI
	ADDQ $256, R10
	SUBQ $64, R12
	JNZ twobit5row0
	VPXORQ Z1, Z1, Z1
	MOVQ SI, R10
	MOVQ DX, R12
twobit5row1:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $2, Z6, Z7
	VPSRLW $4, Z6, Z8
	VPSRLW $6, Z6, Z9
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPANDQ Z14, Z8, Z8
	VPANDQ Z14, Z9, Z9
	VPDPBUSD (R10), Z6, Z1
	VPDPBUSD 64(R10), Z7, Z1
	VPDPBUSD 128(R10), Z8, Z1
	VPDPBUSD 192(R10), Z9, Z1
	ADDQ $64, DI
	ADDQ $256, R10
	SUBQ $64, R12
	JNZ twobit5row1
	VPXORQ Z2, Z2, Z2
	MOVQ SI, R10
	MOVQ DX, R12
twobit5row2:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $2, Z6, Z7
	VPSRLW $4, Z6, Z8
	VPSRLW $6, Z6, Z9
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPANDQ Z14, Z8, Z8
	VPANDQ Z14, Z9, Z9
	VPDPBUSD (R10), Z6, Z2
	VPDPBUSD 64(R10), Z7, Z2
	VPDPBUSD 128(R10), Z8, Z2
	VPDPBUSD 192(R10), Z9, Z2
	ADDQ $64, DI
	ADDQ $256, R10
	SUBQ $64, R12
	JNZ twobit5row2
	VPXORQ Z3, Z3, Z3
	MOVQ SI, R10
	MOVQ DX, R12
twobit5row3:
	PREFETCHT0 4096(DI)
	VMOVDQU64 (DI), Z6
	VPSRLW $2, Z6, Z7
	VPSRLW $4, Z6, Z8
	VPSRLW $6, Z6, Z9
	VPANDQ Z14, Z6, Z6
	VPANDQ Z14, Z7, Z7
	VPANDQ Z14, Z8, Z8
	VPANDQ Z14, Z9, Z9
	VPDPBUSD (R10), Z6, Z3
	VPDPBUSD 64(R10), Z7, Z3
	VPDPBUSD 128(R10), Z8, Z3
	VPDPBUSD 192(R10), Z9, Z3
	ADDQ $64, DI
	ADDQ $256, R10
	SUBQ $64, R12
	JNZ twobit5row3
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
	JNZ twobit5rows
	VZEROUPPER
	RET

// TWOBIT256 sets a sum to the product of the query and of the row in Z16.
#define TWOBIT256(sum) \
	VGF2P8AFFINEQB $0, Z15, Z16, Z17; \
	VGF2P8AFFINEQB $0, Z28, Z16, Z18; \
	VGF2P8AFFINEQB $0, Z29, Z16, Z19; \
	VPANDQ Z14, Z16, Z16; \
	VPXORQ sum, sum, sum; \
	VPDPBUSD Z10, Z16, sum; \
	VPDPBUSD Z11, Z17, sum; \
	VPDPBUSD Z12, Z18, sum; \
	VPDPBUSD Z13, Z19, sum

// TWOBIT256ROW does so for the row that begins at a place.
#define TWOBIT256ROW(place, sum) \
	PREFETCHT0 (4096+place)(DI); \
	VMOVDQU64 place(DI), Z16; \
	TWOBIT256(sum)

// TWOBIT256AT does so for the row whose number is at a place, and asks for the row whose
// number is 64 bytes behind it.
#define TWOBIT256AT(place, sum) \
	MOVL place(R9), AX; \
	SHLQ $6, AX; \
	MOVL (64+place)(R9), BX; \
	SHLQ $6, BX; \
	PREFETCHT0 (DI)(BX*1); \
	VMOVDQU64 (DI)(AX*1), Z16; \
	TWOBIT256(sum)

// TWOBIT256BEGIN keeps the query and the matrices in registers.
#define TWOBIT256BEGIN \
	VMOVDQU64 (SI), Z10; \
	VMOVDQU64 64(SI), Z11; \
	VMOVDQU64 128(SI), Z12; \
	VMOVDQU64 192(SI), Z13; \
	MOVL $0x03030303, AX; \
	VPBROADCASTD AX, Z14; \
	MOVQ $0x0408000000000000, AX; \
	VPBROADCASTQ AX, Z15; \
	MOVQ $0x1020000000000000, AX; \
	VPBROADCASTQ AX, Z28; \
	MOVQ $0x4080000000000000, AX; \
	VPBROADCASTQ AX, Z29

// TWOBIT256END adds the four sums together and writes them.
#define TWOBIT256END \
	VEXTRACTI64X4 $1, Z0, Y4; \
	VEXTRACTI64X4 $1, Z1, Y5; \
	VEXTRACTI64X4 $1, Z2, Y6; \
	VEXTRACTI64X4 $1, Z3, Y7; \
	VPADDD Y4, Y0, Y0; \
	VPADDD Y5, Y1, Y1; \
	VPADDD Y6, Y2, Y2; \
	VPADDD Y7, Y3, Y3; \
	VPHADDD Y1, Y0, Y0; \
	VPHADDD Y3, Y2, Y2; \
	VPHADDD Y2, Y0, Y0; \
	VEXTRACTI128 $1, Y0, X1; \
	VPADDD X1, X0, X0; \
	VMOVDQU X0, (R8)

// func dotTwoBitRows256GFNI(query *int8, rows *byte, n int, out *int32)
//
// Rows of 256 elements, four at a time as in dotTwoBitRowsVNNI. The query stays in registers.
// VGF2P8AFFINEQB multiplies each byte by a matrix of bits: these move two bits to the lowest
// places, which takes one instruction instead of a shift and a mask.
TEXT ·dotTwoBitRows256GFNI(SB), NOSPLIT, $0-32
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ n+16(FP), CX
	MOVQ out+24(FP), R8
	TWOBIT256BEGIN
twobit256rows:
	TWOBIT256ROW(0, Z0)
	TWOBIT256ROW(64, Z1)
	TWOBIT256ROW(128, Z2)
	TWOBIT256ROW(192, Z3)
	TWOBIT256END
	ADDQ $256, DI
	ADDQ $16, R8
	SUBQ $4, CX
	JNZ twobit256rows
	VZEROUPPER
	RET

// func dotTwoBitAt256GFNI(query *int8, rows *byte, at *uint32, n int, out *int32)
//
// The rows with given numbers. A row is asked for 16 rows before its turn.
TEXT ·dotTwoBitAt256GFNI(SB), NOSPLIT, $0-40
	MOVQ query+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ at+16(FP), R9
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), R8
	TWOBIT256BEGIN
twobit256at:
	TWOBIT256AT(0, Z0)
	TWOBIT256AT(4, Z1)
	TWOBIT256AT(8, Z2)
	TWOBIT256AT(12, Z3)
	TWOBIT256END
	ADDQ $16, R9
	ADDQ $16, R8
	SUBQ $4, CX
	JNZ twobit256at
	VZEROUPPER
	RET
