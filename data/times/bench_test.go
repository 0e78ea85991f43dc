package times_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"callbox/data/times"
	"callbox/geo/road/roadtest"
)

// BenchmarkRead reads a table of some thousand arcs, and BenchmarkHour makes an
// hour of it: both per arc.
func BenchmarkRead(b *testing.B) {
	g := roadtest.Grid(50, 50)
	text := table(rand.New(rand.NewPCG(1, 1)), g)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var w *times.Week
	for b.Loop() {
		w, _ = times.Read(strings.NewReader(text), g)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*w.Report().Arcs), "ns/arc")
}

func BenchmarkHour(b *testing.B) {
	g := roadtest.Grid(300, 300)
	w, err := times.Read(strings.NewReader(table(rand.New(rand.NewPCG(1, 1)), g)), g)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		w.Hour(17)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*w.Report().Arcs), "ns/arc")
}
