#include "textflag.h"

// func dotInt8RowsAVX2(q, rows *int8, stride, n int, out *int32)
// stride is a multiple of 32.
TEXT ·dotInt8RowsAVX2(SB), NOSPLIT, $0-40
	MOVQ q+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ stride+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), BX

row:
	TESTQ CX, CX
	JZ    done
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	XORQ  AX, AX

block:
	VPMOVSXBW (SI)(AX*1), Y2
	VPMOVSXBW (DI)(AX*1), Y3
	VPMOVSXBW 16(SI)(AX*1), Y4
	VPMOVSXBW 16(DI)(AX*1), Y5
	VPMADDWD  Y2, Y3, Y3
	VPMADDWD  Y4, Y5, Y5
	VPADDD    Y3, Y0, Y0
	VPADDD    Y5, Y1, Y1
	ADDQ      $32, AX
	CMPQ      AX, DX
	JLT       block

	VPADDD       Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0x4E, X0, X1
	VPADDD       X1, X0, X0
	VPSHUFD      $0xB1, X0, X1
	VPADDD       X1, X0, X0
	VMOVD        X0, (BX)
	ADDQ         $4, BX
	ADDQ         DX, DI
	DECQ         CX
	JMP          row

done:
	VZEROUPPER
	RET

// func dotInt8RowsAVX512(q, rows *int8, stride, n int, out *int32)
// stride is a multiple of 32; 32 bytes widen to one 512-bit register.
TEXT ·dotInt8RowsAVX512(SB), NOSPLIT, $0-40
	MOVQ q+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ stride+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), BX

row5:
	TESTQ  CX, CX
	JZ     done5
	VPXORQ Z0, Z0, Z0
	XORQ   AX, AX

block5:
	VPMOVSXBW (SI)(AX*1), Z2
	VPMOVSXBW (DI)(AX*1), Z3
	VPMADDWD  Z2, Z3, Z3
	VPADDD    Z3, Z0, Z0
	ADDQ      $32, AX
	CMPQ      AX, DX
	JLT       block5

	VEXTRACTI64X4 $1, Z0, Y1
	VPADDD        Y1, Y0, Y0
	VEXTRACTI128  $1, Y0, X1
	VPADDD        X1, X0, X0
	VPSHUFD       $0x4E, X0, X1
	VPADDD        X1, X0, X0
	VPSHUFD       $0xB1, X0, X1
	VPADDD        X1, X0, X0
	VMOVD         X0, (BX)
	ADDQ          $4, BX
	ADDQ          DX, DI
	DECQ          CX
	JMP           row5

done5:
	VZEROUPPER
	RET

// func dotFloat32AVX2(a, b *float32, n int) float32
// n is a multiple of 16.
TEXT ·dotFloat32AVX2(SB), NOSPLIT, $0-28
	MOVQ   a+0(FP), SI
	MOVQ   b+8(FP), DI
	MOVQ   n+16(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	XORQ   AX, AX

blockf:
	CMPQ         AX, CX
	JGE          donef
	VMOVUPS      (SI)(AX*4), Y2
	VMOVUPS      32(SI)(AX*4), Y3
	VFMADD231PS  (DI)(AX*4), Y2, Y0
	VFMADD231PS  32(DI)(AX*4), Y3, Y1
	ADDQ         $16, AX
	JMP          blockf

donef:
	VADDPS       Y1, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VHADDPS      X0, X0, X0
	VHADDPS      X0, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET
