package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

var lengths = []int{8, 29, 64, 128, 300}

// The functions are called by name: through a variable they would not be
// inlined, as they are where they are used.

func BenchmarkMinSum(b *testing.B) {
	for _, n := range lengths {
		x, y := row(n, 1), row(n, 2)
		b.Run(fmt.Sprint("chosen/", n), func(b *testing.B) {
			for b.Loop() {
				MinSum(x, y, uint32(n))
			}
		})
		b.Run(fmt.Sprint("plain/", n), func(b *testing.B) {
			for b.Loop() {
				minSumPlain(x, y, uint32(n))
			}
		})
	}
}

func BenchmarkRelax(b *testing.B) {
	for _, n := range lengths {
		x, y := row(n, 1), row(n, 2)
		b.Run(fmt.Sprint("chosen/", n), func(b *testing.B) {
			for b.Loop() {
				Relax(x, y, 7)
			}
		})
		b.Run(fmt.Sprint("plain/", n), func(b *testing.B) {
			for b.Loop() {
				relaxPlain(x, y, 7)
			}
		})
	}
}

// BenchmarkBlock is a label beside a block of 250 rows, as in a matrix of
// travel times: side by side, or one after the other.
func BenchmarkBlock(b *testing.B) {
	const rows, stride = 250, 160
	slab, a, out, at := row(rows*stride, 1), row(stride, 2), make([]uint32, rows), make([]uint32, rows)
	for i := range at {
		at[i] = uint32(i * 101 % rows) // in some other order
	}
	for _, n := range []uint32{5, 13, 29, 64, 128} {
		pairs := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/pair")
		}
		b.Run(fmt.Sprint("MinSums/", n), func(b *testing.B) {
			for b.Loop() {
				MinSums(out, a, slab, stride, at, n)
			}
			pairs(b)
		})
		b.Run(fmt.Sprint("MinSum/", n), func(b *testing.B) {
			for b.Loop() {
				for j, r := range at {
					out[j] = MinSum(a, slab[int(r)*stride:], n)
				}
			}
			pairs(b)
		})
		b.Run(fmt.Sprint("plain/", n), func(b *testing.B) {
			for b.Loop() {
				minSumsPlain(out, a, slab, stride, at, n)
			}
			pairs(b)
		})
	}
}

func row(n int, seed uint64) []uint32 {
	r := rand.New(rand.NewPCG(seed, 7))
	s := make([]uint32, n)
	for i := range s {
		s[i] = r.Uint32N(1 << 22)
	}
	return s
}
