//go:build !amd64 || purego

package kernel

func minSum(a, b []uint32, n uint32) uint32 { return minSumPlain(a, b, n) }

func minSums(out, a, rows []uint32, stride int, at []uint32, n uint32) (ok bool) {
	return minSumsPlain(out, a, rows, stride, at, n)
}

func relax(dst, src []uint32, w uint32) { relaxPlain(dst, src, w) }
