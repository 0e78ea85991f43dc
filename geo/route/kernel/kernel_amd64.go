//go:build !purego

package kernel

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// hasAVX2 is read by the assembly, which goes on in Go where it is false. Were
// it read in Go, MinSum would be too large to inline, and a call more is a
// quarter of its time.
var hasAVX2 = cpu.X86.HasAVX2

// Pointers and one length are half as much to hand over as slices.

func minSum(a, b []uint32, n uint32) uint32 {
	return minSumAVX2(unsafe.SliceData(a), unsafe.SliceData(b), min(len(a), len(b)), n)
}

// minSums takes rows one by one where there are no four.
func minSums(out, a, rows []uint32, stride int, at []uint32, n uint32) (ok bool) {
	if len(out) >= 4 && stride >= 8 && len(a) >= 8 {
		return minSumsAVX2(out, a, rows, stride, at, n)
	}
	for i := range out {
		row, ok := rowAt(rows, stride, at[i])
		if !ok {
			return false
		}
		out[i] = minSum(a, row, n)
	}
	return true
}

func relax(dst, src []uint32, w uint32) {
	relaxAVX2(unsafe.SliceData(dst), unsafe.SliceData(src), len(src), w)
}

//go:noescape
func minSumAVX2(a, b *uint32, room int, n uint32) uint32

//go:noescape
func minSumsAVX2(out, a, rows []uint32, stride int, at []uint32, n uint32) (ok bool)

//go:noescape
func relaxAVX2(dst, src *uint32, n int, w uint32)

// Where the assembly goes on, with the arguments as they came: without AVX2, and
// in a relaxation of fewer than eight entries.

//lint:ignore U1000 the assembly jumps to it
func minSumGo(a, b *uint32, room int, n uint32) uint32 {
	return minSumPlain(unsafe.Slice(a, room), unsafe.Slice(b, room), n)
}

//lint:ignore U1000 the assembly jumps to it
func relaxGo(dst, src *uint32, n int, w uint32) {
	relaxPlain(unsafe.Slice(dst, n), unsafe.Slice(src, n), w)
}
