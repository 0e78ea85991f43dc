//go:build !amd64 || purego

package kernel

func minSum(a, b []uint32) uint32 { return minSumPlain(a, b) }

func minSums(out, a, rows []uint32, stride int, n []uint32) { minSumsPlain(out, a, rows, stride, n) }

func relax(dst, src []uint32, w uint32) { relaxPlain(dst, src, w) }
