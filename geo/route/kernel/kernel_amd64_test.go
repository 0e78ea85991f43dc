//go:build !purego

package kernel

// A machine without AVX2 comes by the same door and goes on in Go.
func init() {
	without := func() (restore func()) {
		had := hasAVX2
		hasAVX2 = false
		return func() { hasAVX2 = had }
	}
	implementations = append(implementations, implementation{
		name: "without AVX2",
		minSum: func(a, b []uint32, n uint32) uint32 {
			defer without()()
			return MinSum(a, b, n)
		},
		minSums: func(out, a, rows []uint32, stride int, at []uint32, n uint32) {
			defer without()()
			MinSums(out, a, rows, stride, at, n)
		},
		relax: func(dst, src []uint32, w uint32) {
			defer without()()
			Relax(dst, src, w)
		},
		minInto: func(dst, src []uint32) {
			defer without()()
			MinInto(dst, src)
		},
	})
}
