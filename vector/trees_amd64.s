#include "textflag.h"

// COMPARED sets Y to the bit of the leaf's number, for the comparison at two places of the tree.
#define COMPARED(feature, threshold, bit, Y) \
	MOVLQSX      feature(R9), R10     \
	IMULQ        DX, R10              \
	VMOVUPS      (SI)(R10*1), Y       \
	VBROADCASTSS threshold(R9), Y7    \
	VCMPPS       $0x1e, Y7, Y, Y      \
	VPAND        bit, Y, Y

// func sumTreesAVX2(sums, columns *float32, stride int, trees *Tree, n int)
//
// A comparison that is true has all bits set. The number of the leaf chooses one of the
// eight in one instruction.
TEXT ·sumTreesAVX2(SB), NOSPLIT, $0-40
	MOVQ     sums+0(FP), DI
	MOVQ     columns+8(FP), SI
	MOVQ     stride+16(FP), DX
	MOVQ     trees+24(FP), R9
	MOVQ     n+32(FP), CX
	VPXOR    Y0, Y0, Y0
	VPCMPEQD Y8, Y8, Y8
	VPSRLD   $31, Y8, Y8 // 1
	VPSLLD   $1, Y8, Y9  // 2
	VPSLLD   $2, Y8, Y10 // 4

tree:
	COMPARED(0, 12, Y8, Y1)
	COMPARED(4, 16, Y9, Y2)
	COMPARED(8, 20, Y10, Y3)
	VPOR   Y2, Y1, Y1
	VPOR   Y3, Y1, Y1
	VPERMPS 24(R9), Y1, Y1
	VADDPS Y1, Y0, Y0
	ADDQ   $56, R9
	DECQ   CX
	JNZ    tree
	VMOVUPS Y0, (DI)
	VZEROUPPER
	RET
