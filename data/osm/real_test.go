package osm

import (
	"math/rand/v2"
	"testing"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// TestRealFiles reads what is there of the world, and looks whether it is sane.
func TestRealFiles(t *testing.T) {
	for _, c := range []struct {
		file                    string
		ways, nodes, kilometers int // at least, and at most a quarter more
		honoured, ignored       int // restrictions
	}{
		{"osm_monaco.osm.pbf", 2927, 16_000, 370, 27, 0},
		{"osm_manhattan_midtown_2025.osm.pbf", 9052, 7500, 180, 151, 95},
		{"osm_manhattan_main_roads_2019.osm.gz", 16384, 57_000, 3300, 0, 0},
		{"osm_nyc_west_village_unsorted.osm.pbf", 95, 170, 26, 0, 0}, // it has no restrictions
	} {
		t.Run(c.file, func(t *testing.T) {
			g, r, err := ReadFile(roadtest.DataFile(t, c.file), nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d nodes, %d arcs, %+v", g.Nodes(), g.Arcs(), r)
			km := int(r.Length.Meters() / 1000)
			if r.Ways != c.ways || g.Nodes() < c.nodes || g.Nodes() > c.nodes*5/4 || km < c.kilometers || km > c.kilometers*5/4 {
				t.Errorf("%d ways, %d nodes, %d km", r.Ways, g.Nodes(), km)
			}
			ignored := 0
			for _, reason := range r.Ignored {
				ignored += reason.N
			}
			if r.Honoured != c.honoured || ignored != c.ignored || r.Restrictions != c.honoured+c.ignored {
				t.Errorf("%d restrictions honoured, %d ignored of %d", r.Honoured, ignored, r.Restrictions)
			}
			if r.Dropped*4 > g.Nodes() && c.nodes > 1000 || r.Emergency*4 > g.Nodes() {
				t.Errorf("of %d nodes %d dropped, %d for emergencies", g.Nodes(), r.Dropped, r.Emergency)
			}
			if again, dropped, err := road.LargestComponent(g); again != g || dropped != 0 || err != nil {
				t.Errorf("not strongly connected: %d dropped, %v", dropped, err)
			}
			// Whatever a place is snapped to can be reached and left again.
			q, random := route.New(g).Query(), rand.New(rand.NewPCG(1, 3))
			place := func() geo.Point { return g.Point(road.Node(random.IntN(g.Nodes()))) }
			for range 200 {
				from, to := place(), place()
				routine, ok1 := q.Time(from, to, geo.Routine)
				emergency, ok2 := q.Time(from, to, geo.Emergency)
				if !ok1 || !ok2 || emergency.Time > routine.Time {
					t.Fatalf("from %v to %v: %v and %v, in an emergency %v and %v", from, to, routine, ok1, emergency, ok2)
				}
			}
			for a := range road.Arc(g.Arcs()) {
				routine, emergency := g.Millis(a, geo.Routine), g.Millis(a, geo.Emergency)
				if emergency > routine {
					t.Fatalf("arc %d takes %d ms, in an emergency %d", a, routine, emergency)
				}
				mm := uint64(g.Length(a))
				if mm > 10_000 && emergency != road.Closed && (mm*36/uint64(emergency) > 1310 || mm*36/uint64(emergency) < 49) {
					t.Fatalf("arc %d of %d mm takes %d ms in an emergency", a, mm, emergency)
				}
			}
		})
	}
}

func BenchmarkMidtown(b *testing.B) {
	path := roadtest.DataFile(b, "osm_manhattan_midtown_2025.osm.pbf")
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ReadFile(path, nil); err != nil {
			b.Fatal(err)
		}
	}
}
