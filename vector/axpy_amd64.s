#include "textflag.h"

// func addScaledAVX2(dst, row *float32, n int, scale float32)
// n is a multiple of 8 and not 0.
TEXT ·addScaledAVX2(SB), NOSPLIT, $0-28
	MOVQ         dst+0(FP), DI
	MOVQ         row+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS scale+24(FP), Y0

loop:
	VMULPS  (SI), Y0, Y1
	VADDPS  (DI), Y1, Y1
	VMOVUPS Y1, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $8, CX
	JNZ     loop
	VZEROUPPER
	RET

// func addScaledInt8AVX2(dst *float32, row *int8, n int, scale float32)
// n is a multiple of 8 and not 0.
TEXT ·addScaledInt8AVX2(SB), NOSPLIT, $0-28
	MOVQ         dst+0(FP), DI
	MOVQ         row+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSS scale+24(FP), Y0

pairs:
	CMPQ       CX, $16
	JLT        last
	VPMOVSXBD  (SI), Y1
	VPMOVSXBD  8(SI), Y2
	VCVTDQ2PS  Y1, Y1
	VCVTDQ2PS  Y2, Y2
	VMULPS     Y0, Y1, Y1
	VMULPS     Y0, Y2, Y2
	VADDPS     (DI), Y1, Y1
	VADDPS     32(DI), Y2, Y2
	VMOVUPS    Y1, (DI)
	VMOVUPS    Y2, 32(DI)
	ADDQ       $16, SI
	ADDQ       $64, DI
	SUBQ       $16, CX
	JNZ        pairs
	VZEROUPPER
	RET

last:
	VPMOVSXBD (SI), Y1
	VCVTDQ2PS Y1, Y1
	VMULPS    Y0, Y1, Y1
	VADDPS    (DI), Y1, Y1
	VMOVUPS   Y1, (DI)
	VZEROUPPER
	RET

// func dot4Int8AVX2(vectors *float32, row *int8, n, stride int, products *[4]float32)
// n is a multiple of 8 and not 0.
TEXT ·dot4Int8AVX2(SB), NOSPLIT, $0-40
	MOVQ   vectors+0(FP), R8
	MOVQ   row+8(FP), SI
	MOVQ   n+16(FP), CX
	MOVQ   stride+24(FP), DX
	MOVQ   products+32(FP), DI
	SHLQ   $2, DX
	LEAQ   (R8)(DX*1), R9
	LEAQ   (R9)(DX*1), R10
	LEAQ   (R10)(DX*1), R11
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	XORQ   BX, BX

loop:
	VPMOVSXBD    (SI), Y4
	VCVTDQ2PS    Y4, Y4
	VFMADD231PS  (R8)(BX*1), Y4, Y0
	VFMADD231PS  (R9)(BX*1), Y4, Y1
	VFMADD231PS  (R10)(BX*1), Y4, Y2
	VFMADD231PS  (R11)(BX*1), Y4, Y3
	ADDQ         $8, SI
	ADDQ         $32, BX
	SUBQ         $8, CX
	JNZ          loop

	// Four sums of eight become one register of four.
	VHADDPS      Y1, Y0, Y0
	VHADDPS      Y3, Y2, Y2
	VHADDPS      Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VMOVUPS      X0, (DI)
	VZEROUPPER
	RET

// func dot4Int8AVX512(vectors *float32, row *int8, n, stride int, products *[4]float32, ahead *int8)
// n is a multiple of 32 and not 0. Eight sums, two for each vector, because an
// addition takes four cycles and two begin in each. The row ahead is asked for meanwhile.
TEXT ·dot4Int8AVX512(SB), NOSPLIT, $0-48
	MOVQ   vectors+0(FP), R8
	MOVQ   row+8(FP), SI
	MOVQ   n+16(FP), CX
	MOVQ   stride+24(FP), DX
	MOVQ   products+32(FP), DI
	MOVQ   ahead+40(FP), R12
	SHLQ   $2, DX
	LEAQ   (R8)(DX*1), R9
	LEAQ   (R9)(DX*1), R10
	LEAQ   (R10)(DX*1), R11
	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	XORQ   BX, BX

loop512:
	PREFETCHT0   (R12)
	VPMOVSXBD    (SI), Z8
	VPMOVSXBD    16(SI), Z9
	VCVTDQ2PS    Z8, Z8
	VCVTDQ2PS    Z9, Z9
	VFMADD231PS  (R8)(BX*1), Z8, Z0
	VFMADD231PS  (R9)(BX*1), Z8, Z1
	VFMADD231PS  (R10)(BX*1), Z8, Z2
	VFMADD231PS  (R11)(BX*1), Z8, Z3
	VFMADD231PS  64(R8)(BX*1), Z9, Z4
	VFMADD231PS  64(R9)(BX*1), Z9, Z5
	VFMADD231PS  64(R10)(BX*1), Z9, Z6
	VFMADD231PS  64(R11)(BX*1), Z9, Z7
	ADDQ         $32, R12
	ADDQ         $32, SI
	ADDQ         $128, BX
	SUBQ         $32, CX
	JNZ          loop512

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
	VMOVUPS       X0, (DI)
	VZEROUPPER
	RET
