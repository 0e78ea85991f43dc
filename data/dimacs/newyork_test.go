package dimacs_test

import (
	"testing"
	"time"

	"callbox/data/dimacs"
	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
)

// TestNewYork checks the figures that are known of the New York graph.
func TestNewYork(t *testing.T) {
	g, r, err := dimacs.ReadFiles(dimacstest.NewYorkFiles(t), dimacs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Nodes != 264_346 || r.Arcs != 733_846 || r.Parallel != 3_746 || r.Loops+r.OneWay+r.DroppedNodes+r.DroppedArcs != 0 {
		t.Errorf("%+v", r)
	}
	if g.Nodes() != r.Nodes || g.Arcs() != r.Arcs {
		t.Errorf("%d nodes, %d arcs", g.Nodes(), g.Arcs())
	}
	if ratio := float64(r.Length) / float64(r.Straight); ratio < 0.99 || ratio > 1.01 {
		t.Errorf("lengths are %.3f of the straight lines", ratio)
	}
	local := 0
	for a := range road.Arc(g.Arcs()) {
		if g.Time(a, geo.Routine) == 0 || g.Length(a) == 0 {
			t.Fatalf("arc %d is free", a)
		}
		if b := g.Twin(a); g.Time(b, geo.Routine) != g.Time(a, geo.Routine) {
			t.Fatalf("arc %d takes another time than its twin", a)
		}
		speed := g.Length(a).Meters() / g.Time(a, geo.Routine).Seconds()
		if speed > 27.9 {
			t.Fatalf("arc %d is driven at %.1f m/s", a, speed)
		}
		if e := g.Time(a, geo.Emergency) - g.Time(a, geo.Routine)*3/4; e < 0 || e >= time.Millisecond {
			t.Fatalf("arc %d: %v off in an emergency", a, e)
		}
		if speed < 11.5 {
			local++
		}
	}
	if share := float64(local) / float64(g.Arcs()); share < 0.92 || share > 0.95 {
		t.Errorf("%.3f of the arcs are local streets, want about 0.93", share)
	}
}

func BenchmarkReadNewYork(b *testing.B) {
	paths := dimacstest.NewYorkFiles(b)
	for b.Loop() {
		if _, _, err := dimacs.ReadFiles(paths, dimacs.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
