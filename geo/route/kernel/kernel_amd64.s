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

// X5 = Inf in each lane
#define INFS \
	MOVL $0x40000000, AX; \
	VMOVD AX, X5; \
	VPBROADCASTD X5, X5

// OFF = min(OFF, CX)
#define ATMOSTCX(OFF) \
	CMPQ CX, OFF; \
	CMOVQLT CX, OFF

// CX, a length, becomes where its last vector begins: at 0 if it is less than
// eight. Then Y10 has ones in the lanes beyond the length, else it is 0.
#define LASTVECTOR \
	MOVL $8, R9; \
	ATMOSTCX(R9); \
	NEGQ R9; \
	LEAQ lanes<>(SB), R8; \
	VMOVDQU 64(R8)(R9*4), Y10; \
	XORL R9, R9; \
	SUBQ $8, CX; \
	CMOVQLT R9, CX

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

// func minSumAVX2(a, b *uint32, room int, n uint32) uint32
//
// Which way it goes shall depend little on n, which cannot be foretold. Up to 32
// entries are four vectors without a branch, moved back as far as need be so
// that the last ends with the entries; longer rows (many) go by four vectors, of
// which the last four are moved back. Rows that have no room for eight entries
// (few) are read through a mask.
TEXT ·minSumAVX2(SB), NOSPLIT, $0-36
	CMPB ·hasAVX2(SB), $1
	JNE  plain
	MOVQ a+0(FP), DI
	MOVQ b+8(FP), SI
	MOVQ room+16(FP), R12
	MOVL n+24(FP), CX
	CMPQ R12, CX
	CMOVQLT R12, CX
	INFS
	CMPQ R12, $8
	JLT few
	LASTVECTOR
	CMPQ CX, $24
	JGT many
	VMOVDQU (DI), Y0
	VPADDD (SI), Y0, Y0
	MOVL $8, R8
	ATMOSTCX(R8)
	SUM(R8, Y1)
	MOVL $16, R9
	ATMOSTCX(R9)
	SUM(R9, Y2)
	SUM(CX, Y3)
	JMP merge

few:
	NEGQ CX
	LEAQ lanes<>(SB), R8
	VMOVDQU 32(R8)(CX*4), Y4
	VPMASKMOVD (DI), Y4, Y0
	VPMASKMOVD (SI), Y4, Y1
	VPADDD Y1, Y0, Y0
	VPOR 64(R8)(CX*4), Y0, Y0
	JMP across

many:
	SUBQ $24, CX
	XORL R8, R8
	SUM32(R8, Y0, Y1, Y2, Y3)

loop:
	ADDQ $32, R8
	ATMOSTCX(R8)
	SUM32(R8, Y6, Y7, Y8, Y9)
	VPMINUD Y6, Y0, Y0
	VPMINUD Y7, Y1, Y1
	VPMINUD Y8, Y2, Y2
	VPMINUD Y9, Y3, Y3
	CMPQ R8, CX
	JLT  loop

merge:
	VPMINUD Y1, Y0, Y0
	VPMINUD Y3, Y2, Y2
	VPMINUD Y2, Y0, Y0
	VPOR Y10, Y0, Y0

across:
	VEXTRACTI128 $1, Y0, X1
	VPMINUD X5, X0, X0
	VPMINUD X1, X0, X0
	VPSHUFD $0x4E, X0, X1
	VPMINUD X1, X0, X0
	VPSHUFD $0xB1, X0, X1
	VPMINUD X1, X0, X0
	VMOVD X0, AX
	VZEROUPPER
	MOVL AX, ret+32(FP)
	RET

plain:
	JMP ·minSumGo(SB)

// SUMS sets Y9 to the eight entries of a from OFF, and S to V to their sums with
// four rows.
#define SUMS(OFF, S, T, U, V) \
	VMOVDQU (DI)(OFF*4), Y9; \
	VPADDD (R8)(OFF*4), Y9, S; \
	VPADDD (R9)(OFF*4), Y9, T; \
	VPADDD (R12)(OFF*4), Y9, U; \
	VPADDD (R13)(OFF*4), Y9, V

// ROW sets R to where the row begins whose number is in memory at M.
#define ROW(M, R) \
	MOVL M, R; \
	IMULQ R10, R; \
	CMPQ R, R14; \
	JHI  beyond; \
	ADDQ AX, R

// func minSumsAVX2(out, a, rows []uint32, stride int, at []uint32, n uint32) (ok bool)
//
// Four rows at a time, the last four moved back so that they end with the rows.
TEXT ·minSumsAVX2(SB), NOSPLIT, $0-113
	CMPB ·hasAVX2(SB), $1
	JNE  plain
	INFS
	MOVQ out_base+0(FP), DX
	MOVQ out_len+8(FP), BX
	MOVQ a_base+24(FP), DI
	MOVQ rows_base+48(FP), AX
	MOVQ rows_len+56(FP), R14
	MOVQ stride+72(FP), R10
	MOVQ at_base+80(FP), R11
	LEAQ -16(R11)(BX*4), BX // BX: the last four of at
	SUBQ R10, R14
	SHLQ $2, R14            // R14: where the last row begins
	SHLQ $2, R10            // R10: bytes from row to row
	MOVL n+104(FP), CX
	LASTVECTOR

four:
	ROW((R11), R8)
	ROW(4(R11), R9)
	ROW(8(R11), R12)
	ROW(12(R11), R13)
	XORL SI, SI
	SUMS(SI, Y0, Y1, Y2, Y3)
	VPOR Y10, Y0, Y0
	VPOR Y10, Y1, Y1
	VPOR Y10, Y2, Y2
	VPOR Y10, Y3, Y3
	CMPQ SI, CX
	JGE  across

loop:
	ADDQ $8, SI
	ATMOSTCX(SI)
	SUMS(SI, Y4, Y6, Y7, Y8)
	VPMINUD Y4, Y0, Y0
	VPMINUD Y6, Y1, Y1
	VPMINUD Y7, Y2, Y2
	VPMINUD Y8, Y3, Y3
	CMPQ SI, CX
	JLT  loop

	// The minima of rows a to d, across the lanes: abab and cdcd, then abcd, each
	// twice, and the lesser of the two.
across:
	VPUNPCKLDQ Y1, Y0, Y4
	VPUNPCKHDQ Y1, Y0, Y6
	VPMINUD Y4, Y6, Y0
	VPUNPCKLDQ Y3, Y2, Y4
	VPUNPCKHDQ Y3, Y2, Y6
	VPMINUD Y4, Y6, Y2
	VPUNPCKLQDQ Y2, Y0, Y4
	VPUNPCKHQDQ Y2, Y0, Y6
	VPMINUD Y4, Y6, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMINUD X1, X0, X0
	VPMINUD X5, X0, X0
	VMOVDQU X0, (DX)
	CMPQ R11, BX
	JEQ  done
	ADDQ $16, R11
	ADDQ $16, DX
	MOVQ R11, SI
	SUBQ BX, SI
	JLS  four
	SUBQ SI, R11
	SUBQ SI, DX
	JMP  four

done:
	VZEROUPPER
	MOVB $1, ok+112(FP)
	RET

beyond:
	VZEROUPPER
	MOVB $0, ok+112(FP)
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
