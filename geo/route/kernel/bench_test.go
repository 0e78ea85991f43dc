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
				MinSum(x, y)
			}
		})
		b.Run(fmt.Sprint("plain/", n), func(b *testing.B) {
			for b.Loop() {
				minSumPlain(x, y)
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
// travel times: one row after the other, or all at once.
func BenchmarkBlock(b *testing.B) {
	const rows, stride = 250, 160
	r := rand.New(rand.NewPCG(3, 1))
	slab, a, out := row(rows*stride, 1), row(stride, 2), make([]uint32, rows)
	for _, mix := range []struct {
		name   string
		length func() float64
	}{
		{"29", func() float64 { return 29 }},
		{"around29", func() float64 { return min(8+21*r.ExpFloat64(), stride) }},
	} {
		var n [64][]uint32
		for i := range n {
			n[i] = make([]uint32, rows)
			for j := range n[i] {
				n[i][j] = uint32(mix.length())
			}
		}
		pairs := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/pair")
		}
		b.Run(mix.name+"/MinSums", func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				MinSums(out, a, slab, stride, n[i%64])
			}
			pairs(b)
		})
		b.Run(mix.name+"/MinSum", func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				for j, k := range n[i%64] {
					out[j] = MinSum(a[:k], slab[j*stride:])
				}
			}
			pairs(b)
		})
		b.Run(mix.name+"/plain", func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				minSumsPlain(out, a, slab, stride, n[i%64])
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
