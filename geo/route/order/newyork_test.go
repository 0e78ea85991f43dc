package order

import (
	"testing"

	"callbox/data/dimacs/dimacstest"
)

// TestNewYork: the inertial flow of RoutingKit gives this graph an order with
// 1,432,150 arcs, 10.46 million triangles, a depth of 149.0 and at most 285, and
// a search space of 5,340 edges.
func TestNewYork(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	g := FromRoads(dimacstest.NewYork(t))
	order := Compute(g, Options{})
	checkOrder(t, g, order)
	f := Quality(g, order)
	t.Logf("%+v", f)
	if f.Arcs > 1_220_000 || f.Triangles > 6_800_000 || f.Depth > 135 || f.MaxDepth > 285 || f.SearchSpace > 4_540 {
		t.Errorf("a bad order: %+v", f)
	}
}

func BenchmarkNewYork(b *testing.B) {
	g := FromRoads(dimacstest.NewYork(b))
	var f Figures
	for b.Loop() {
		order := Compute(g, Options{})
		b.StopTimer()
		f = Quality(g, order)
		b.StartTimer()
	}
	b.ReportMetric(float64(f.Arcs), "arcs")
	b.ReportMetric(float64(f.Triangles), "triangles")
	b.ReportMetric(f.Depth, "depth")
	b.ReportMetric(float64(f.MaxDepth), "max-depth")
	b.ReportMetric(f.SearchSpace, "searchspace")
}
