#include "textflag.h"

// func prefetch(first *byte, n int)
//
// A prefetch of an address that cannot be read does nothing.
TEXT ·prefetch(SB), NOSPLIT, $0-16
	MOVQ first+0(FP), SI
	MOVQ n+8(FP), CX

prefetchline:
	PREFETCHT0 (SI)
	ADDQ       $64, SI
	SUBQ       $64, CX
	JG         prefetchline
	RET

// func prefetchAt(rows *int8, width int, at *int32, n int)
TEXT ·prefetchAt(SB), NOSPLIT, $0-32
	MOVQ rows+0(FP), DI
	MOVQ width+8(FP), DX
	MOVQ at+16(FP), R9
	MOVQ n+24(FP), CX

prefetchrow:
	MOVLQSX (R9), SI
	IMULQ   DX, SI
	ADDQ    DI, SI
	MOVQ    DX, AX

prefetchpart:
	PREFETCHT1 (SI)
	ADDQ       $64, SI
	SUBQ       $64, AX
	JG         prefetchpart
	ADDQ       $4, R9
	DECQ       CX
	JNZ        prefetchrow
	RET

// func prefetchEach(table unsafe.Pointer, size int, at *int32, n int, shift uint8)
TEXT ·prefetchEach(SB), NOSPLIT, $0-33
	MOVQ    table+0(FP), DI
	MOVQ    size+8(FP), DX
	MOVQ    at+16(FP), R9
	MOVQ    n+24(FP), R10
	MOVBLZX shift+32(FP), CX

prefetchelement:
	MOVL       (R9), SI
	SHRL       CX, SI
	IMULQ      DX, SI
	PREFETCHT0 (DI)(SI*1)
	ADDQ       $4, R9
	DECQ       R10
	JNZ        prefetchelement
	RET
