//go:build !purego

#include "textflag.h"

// Eight lanes at a time, and no loop over single entries at the end: the last
// vector is moved back so that it ends with the slice. It then takes some
// entries twice, which does not matter to a minimum.

// Words 8-n to 15-n are a mask of n lanes, and words 16-n to 23-n its
// complement, for n up to 8.
DATA lanes<>+0x00(SB)/8, $0xffffffffffffffff
DATA lanes<>+0x08(SB)/8, $0xffffffffffffffff
DATA lanes<>+0x10(SB)/8, $0xffffffffffffffff
DATA lanes<>+0x18(SB)/8, $0xffffffffffffffff
DATA lanes<>+0x20(SB)/8, $0
DATA lanes<>+0x28(SB)/8, $0
DATA lanes<>+0x30(SB)/8, $0
DATA lanes<>+0x38(SB)/8, $0
DATA lanes<>+0x40(SB)/8, $0xffffffffffffffff
DATA lanes<>+0x48(SB)/8, $0xffffffffffffffff
DATA lanes<>+0x50(SB)/8, $0xffffffffffffffff
DATA lanes<>+0x58(SB)/8, $0xffffffffffffffff
GLOBL lanes<>(SB), RODATA|NOPTR, $96

// Registers of the minima: DI and SI point to the two rows, CX is their length,
// X5 is Inf in each lane, R8 and R9 are offsets.

#define INFS \
	MOVL $0x40000000, AX; \
	VMOVD AX, X5; \
	VPBROADCASTD X5, X5

// S = a + b, the eight lanes from OFF.
#define SUM(OFF, S) \
	VMOVDQU (DI)(OFF*4), S; \
	VPADDD (SI)(OFF*4), S, S

// S to V = a + b, the 32 lanes from OFF.
#define SUM32(OFF, S, T, U, V) \
	VMOVDQU (DI)(OFF*4), S; \
	VMOVDQU 32(DI)(OFF*4), T; \
	VMOVDQU 64(DI)(OFF*4), U; \
	VMOVDQU 96(DI)(OFF*4), V; \
	VPADDD (SI)(OFF*4), S, S; \
	VPADDD 32(SI)(OFF*4), T, T; \
	VPADDD 64(SI)(OFF*4), U, U; \
	VPADDD 96(SI)(OFF*4), V, V

// OFF = min(OFF, CX)
#define ATMOSTCX(OFF) \
	CMPQ CX, OFF; \
	CMOVQLT CX, OFF

// The least sum, to the first lane of X0. Lengths of 8 to 32 are the common
// ones: four vectors without a branch, of which the last ends with the rows and
// the two in the middle are moved back as far as need be. Shorter rows (few)
// are one masked vector, in which the other lanes become 2^32-1. Longer ones
// (many) go by 32 lanes, the last 32 moved back.
#define LEAST \
	SUBQ $8, CX; \
	JLT few; \
	CMPQ CX, $24; \
	JGT many; \
	MOVL $8, R8; \
	ATMOSTCX(R8); \
	MOVL $16, R9; \
	ATMOSTCX(R9); \
	VMOVDQU (DI), Y0; \
	VPADDD (SI), Y0, Y0; \
	SUM(R8, Y1); \
	SUM(R9, Y2); \
	SUM(CX, Y3); \
	JMP merge; \
few: \
	NEGQ CX; \
	LEAQ lanes<>(SB), R8; \
	VMOVDQU (R8)(CX*4), Y4; \
	VPMASKMOVD (DI), Y4, Y0; \
	VPMASKMOVD (SI), Y4, Y1; \
	VPADDD Y1, Y0, Y0; \
	VPOR 32(R8)(CX*4), Y0, Y0; \
	JMP across; \
many: \
	SUBQ $24, CX; \
	XORL R8, R8; \
	SUM32(R8, Y0, Y1, Y2, Y3); \
loop: \
	ADDQ $32, R8; \
	ATMOSTCX(R8); \
	SUM32(R8, Y6, Y7, Y8, Y9); \
	VPMINUD Y6, Y0, Y0; \
	VPMINUD Y7, Y1, Y1; \
	VPMINUD Y8, Y2, Y2; \
	VPMINUD Y9, Y3, Y3; \
	CMPQ R8, CX; \
	JLT loop; \
merge: \
	VPMINUD Y1, Y0, Y0; \
	VPMINUD Y3, Y2, Y2; \
	VPMINUD Y2, Y0, Y0; \
across: \
	VEXTRACTI128 $1, Y0, X1; \
	VPMINUD X5, X0, X0; \
	VPMINUD X1, X0, X0; \
	VPSHUFD $0x4E, X0, X1; \
	VPMINUD X1, X0, X0; \
	VPSHUFD $0xB1, X0, X1; \
	VPMINUD X1, X0, X0

// func minSumAVX2(a, b *uint32, n int) uint32
TEXT ·minSumAVX2(SB), NOSPLIT, $0-28
	CMPB ·hasAVX2(SB), $1
	JNE  plain
	MOVQ a+0(FP), DI
	MOVQ b+8(FP), SI
	MOVQ n+16(FP), CX
	INFS
	LEAST
	VMOVD X0, AX
	VZEROUPPER
	MOVL AX, ret+24(FP)
	RET

plain:
	JMP ·minSumGo(SB)

// func minSums(out, a, rows []uint32, stride int, n []uint32)
//
// Row after row: the processor goes on with the next while the minimum of one
// is still on its way across the lanes.
TEXT ·minSums(SB), NOSPLIT, $0-104
	CMPB ·hasAVX2(SB), $1
	JNE  plain
	MOVQ out_base+0(FP), DX
	MOVQ out_len+8(FP), R13
	MOVQ a_base+24(FP), DI
	MOVQ a_len+32(FP), R12
	MOVQ rows_base+48(FP), SI
	MOVQ stride+72(FP), R10
	MOVQ n_base+80(FP), R11
	CMPQ R10, R12
	CMOVQLT R10, R12        // R12: entries at most
	SHLQ $2, R10            // R10: bytes from row to row
	INFS

row:
	MOVL (R11), CX
	CMPQ R12, CX
	CMOVQLT R12, CX
	LEAST
	VMOVD X0, (DX)
	ADDQ $4, DX
	ADDQ $4, R11
	ADDQ R10, SI
	SUBQ $1, R13
	JNE  row
	VZEROUPPER
	RET

plain:
	JMP ·minSumsPlain(SB)

// func relaxAVX2(dst, src *uint32, n int, w uint32)
//
// The last vector is read before the loop writes to a part of it: reading back
// what has just been written in other portions is slow, as is masked writing.
TEXT ·relaxAVX2(SB), NOSPLIT, $0-28
	CMPB ·hasAVX2(SB), $1
	JNE  plain
	MOVQ n+16(FP), CX
	SUBQ $8, CX
	JLT  plain
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVL w+24(FP), AX
	VMOVD AX, X0
	VPBROADCASTD X0, Y0
	VPADDD (SI)(CX*4), Y0, Y1
	VPMINUD (DI)(CX*4), Y1, Y1
	XORL R8, R8
	CMPQ R8, CX
	JGE  last

loop:
	VPADDD (SI)(R8*4), Y0, Y2
	VPMINUD (DI)(R8*4), Y2, Y2
	VMOVDQU Y2, (DI)(R8*4)
	ADDQ $8, R8
	CMPQ R8, CX
	JLT  loop

last:
	VMOVDQU Y1, (DI)(CX*4)
	VZEROUPPER
	RET

plain:
	JMP ·relaxGo(SB)
