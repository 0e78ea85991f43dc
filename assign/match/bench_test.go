package match

import (
	"math/rand/v2"
	"testing"
)

func BenchmarkSparse(b *testing.B) {
	for _, s := range [][2]int{{200, 2000}, {1000, 10000}, {1000, 1000}} {
		p := drawPlane(rand.New(rand.NewPCG(1, 1)), s[0], s[1])
		b.Run("geo", func(b *testing.B) {
			var m *Matching
			for b.Loop() {
				m, _ = Solve(newGrid(p).streams(nil), 1)
			}
			if err := m.Verify(); err != nil {
				b.Fatal(err)
			}
			reads := 0
			for i := range m.rows {
				reads += m.rows[i].reads
			}
			b.ReportMetric(float64(reads), "reads")
			b.ReportMetric(float64(m.Total()[0]), "total")
		})
		b.Run("grid", func(b *testing.B) {
			for b.Loop() {
				newGrid(p).streams(nil)
			}
		})
	}
}
