#include "textflag.h"

// PRODUCTS adds the products of one block of the row in R with four vectors.
#define PRODUCTS(block, R, A, B, C, D) \
	VFMADD231PS block(R10), R, A      \
	VFMADD231PS block+1024(R10), R, B \
	VFMADD231PS block+2048(R10), R, C \
	VFMADD231PS block+3072(R10), R, D

// func dotsAt256AVX512(vectors *float32, groups int, rows *int8, at *int32, n int, factors, out *float32)
//
// The whole row stays in Z16 to Z31 as float32. Eight sums, two for each vector, because
// an addition takes four cycles and two begin in each. The row twelve rows ahead is asked
// for meanwhile. Sums are added as in dot4Int8AVX512.
TEXT ·dotsAt256AVX512(SB), NOSPLIT, $0-56
	MOVQ vectors+0(FP), SI
	MOVQ groups+8(FP), DX
	MOVQ rows+16(FP), DI
	MOVQ at+24(FP), R9
	MOVQ n+32(FP), CX
	MOVQ factors+40(FP), R13
	MOVQ out+48(FP), R8

dotsrow:
	LEAQ         48(R9), AX
	CMPQ         CX, $12
	CMOVQLE      R9, AX
	MOVLQSX      (AX), AX
	SHLQ         $8, AX
	ADDQ         DI, AX
	PREFETCHT0   (AX)
	PREFETCHT0   64(AX)
	PREFETCHT0   128(AX)
	PREFETCHT0   192(AX)
	MOVLQSX      (R9), R11
	SHLQ         $8, R11
	ADDQ         DI, R11
	VPMOVSXBD    (R11), Z16
	VPMOVSXBD    16(R11), Z17
	VPMOVSXBD    32(R11), Z18
	VPMOVSXBD    48(R11), Z19
	VPMOVSXBD    64(R11), Z20
	VPMOVSXBD    80(R11), Z21
	VPMOVSXBD    96(R11), Z22
	VPMOVSXBD    112(R11), Z23
	VPMOVSXBD    128(R11), Z24
	VPMOVSXBD    144(R11), Z25
	VPMOVSXBD    160(R11), Z26
	VPMOVSXBD    176(R11), Z27
	VPMOVSXBD    192(R11), Z28
	VPMOVSXBD    208(R11), Z29
	VPMOVSXBD    224(R11), Z30
	VPMOVSXBD    240(R11), Z31
	VCVTDQ2PS    Z16, Z16
	VCVTDQ2PS    Z17, Z17
	VCVTDQ2PS    Z18, Z18
	VCVTDQ2PS    Z19, Z19
	VCVTDQ2PS    Z20, Z20
	VCVTDQ2PS    Z21, Z21
	VCVTDQ2PS    Z22, Z22
	VCVTDQ2PS    Z23, Z23
	VCVTDQ2PS    Z24, Z24
	VCVTDQ2PS    Z25, Z25
	VCVTDQ2PS    Z26, Z26
	VCVTDQ2PS    Z27, Z27
	VCVTDQ2PS    Z28, Z28
	VCVTDQ2PS    Z29, Z29
	VCVTDQ2PS    Z30, Z30
	VCVTDQ2PS    Z31, Z31
	VBROADCASTSS (R13), X15
	MOVQ         SI, R10
	MOVQ         DX, R12

dotsgroup:
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	PRODUCTS(0, Z16, Z0, Z1, Z2, Z3)
	PRODUCTS(64, Z17, Z4, Z5, Z6, Z7)
	PRODUCTS(128, Z18, Z0, Z1, Z2, Z3)
	PRODUCTS(192, Z19, Z4, Z5, Z6, Z7)
	PRODUCTS(256, Z20, Z0, Z1, Z2, Z3)
	PRODUCTS(320, Z21, Z4, Z5, Z6, Z7)
	PRODUCTS(384, Z22, Z0, Z1, Z2, Z3)
	PRODUCTS(448, Z23, Z4, Z5, Z6, Z7)
	PRODUCTS(512, Z24, Z0, Z1, Z2, Z3)
	PRODUCTS(576, Z25, Z4, Z5, Z6, Z7)
	PRODUCTS(640, Z26, Z0, Z1, Z2, Z3)
	PRODUCTS(704, Z27, Z4, Z5, Z6, Z7)
	PRODUCTS(768, Z28, Z0, Z1, Z2, Z3)
	PRODUCTS(832, Z29, Z4, Z5, Z6, Z7)
	PRODUCTS(896, Z30, Z0, Z1, Z2, Z3)
	PRODUCTS(960, Z31, Z4, Z5, Z6, Z7)
	VADDPS        Z4, Z0, Z0
	VADDPS        Z5, Z1, Z1
	VADDPS        Z6, Z2, Z2
	VADDPS        Z7, Z3, Z3
	VEXTRACTF64X4 $1, Z0, Y4
	VEXTRACTF64X4 $1, Z1, Y5
	VEXTRACTF64X4 $1, Z2, Y6
	VEXTRACTF64X4 $1, Z3, Y7
	VADDPS        Y4, Y0, Y0
	VADDPS        Y5, Y1, Y1
	VADDPS        Y6, Y2, Y2
	VADDPS        Y7, Y3, Y3
	VHADDPS       Y1, Y0, Y0
	VHADDPS       Y3, Y2, Y2
	VHADDPS       Y2, Y0, Y0
	VEXTRACTF128  $1, Y0, X1
	VADDPS        X1, X0, X0
	VMULPS        X15, X0, X0
	VMOVUPS       X0, (R8)
	ADDQ          $16, R8
	ADDQ          $4096, R10
	DECQ          R12
	JNZ           dotsgroup
	ADDQ          $4, R9
	ADDQ          $4, R13
	DECQ          CX
	JNZ           dotsrow
	VZEROUPPER
	RET
