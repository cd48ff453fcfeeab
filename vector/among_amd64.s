#include "textflag.h"

DATA lanes<>+0(SB)/4, $0
DATA lanes<>+4(SB)/4, $1
DATA lanes<>+8(SB)/4, $2
DATA lanes<>+12(SB)/4, $3
DATA lanes<>+16(SB)/4, $4
DATA lanes<>+20(SB)/4, $5
DATA lanes<>+24(SB)/4, $6
DATA lanes<>+28(SB)/4, $7
DATA lanes<>+32(SB)/4, $8
DATA lanes<>+36(SB)/4, $9
DATA lanes<>+40(SB)/4, $10
DATA lanes<>+44(SB)/4, $11
DATA lanes<>+48(SB)/4, $12
DATA lanes<>+52(SB)/4, $13
DATA lanes<>+56(SB)/4, $14
DATA lanes<>+60(SB)/4, $15
GLOBL lanes<>(SB), RODATA|NOPTR, $64

// func findAmongAVX512(set *Among, numbers *byte, n int, to *int32) int
//
// The upper 9 bits of a number are the place of 32 bits of the set, the 5 below them one of these.
TEXT ·findAmongAVX512(SB), NOSPLIT, $0-40
	MOVQ         set+0(FP), DI
	MOVQ         numbers+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         to+24(FP), R8
	MOVQ         R8, R9
	VMOVDQU32    lanes<>(SB), Z5
	MOVL         $1, AX
	VPBROADCASTD AX, Z6
	MOVL         $16, AX
	VPBROADCASTD AX, Z7
	MOVL         $31, AX
	VPBROADCASTD AX, Z8

among:
	MOVL  $0xffff, AX
	CMPQ  CX, $16
	JGE   full
	MOVL  $1, AX
	SHLL  CX, AX
	DECL  AX

full:
	KMOVW        AX, K1
	KMOVW        AX, K2
	VMOVDQU32.Z  (SI), K1, Z0
	VPSRLD       $23, Z0, Z1
	VPSRLD       $18, Z0, Z2
	VPANDD       Z8, Z2, Z2
	VPXORD       Z3, Z3, Z3
	VPGATHERDD   (DI)(Z1*4), K1, Z3
	VPSRLVD      Z2, Z3, Z3
	VPTESTMD     Z6, Z3, K2, K3
	VPCOMPRESSD  Z5, K3, Z4
	VMOVDQU32    Z4, (R8)
	KMOVW        K3, AX
	POPCNTL      AX, AX
	LEAQ         (R8)(AX*4), R8
	VPADDD       Z7, Z5, Z5
	ADDQ         $64, SI
	SUBQ         $16, CX
	JG           among
	SUBQ         R9, R8
	SHRQ         $2, R8
	MOVQ         R8, ret+32(FP)
	VZEROUPPER
	RET
