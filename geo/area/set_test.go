package area_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"callbox/geo"
	"callbox/geo/area"
)

// town is four precincts of one degree, 1 and 2 in the south, 3 and 4 in the
// north, each with two sectors side by side, A in the west.
func town() []area.Area {
	var areas []area.Area
	for i := range 4 {
		x, y := float64(i%2), float64(i/2)
		id := fmt.Sprint(i + 1)
		areas = append(areas,
			area.Area{ID: id, Kind: area.Precinct, Shape: one(rect(x, y, x+1, y+1))},
			area.Area{ID: id + "A", Kind: area.Sector, Shape: one(rect(x, y, x+0.5, y+1))},
			area.Area{ID: id + "B", Kind: area.Sector, Shape: one(reversed(rect(x+0.5, y, x+1, y+1)))})
	}
	return areas
}

func at(lat, lon float64) geo.Point {
	p, err := geo.FromDegrees(lat, lon)
	if err != nil {
		panic(err)
	}
	return p
}

func ExampleSet_Locate() {
	s, err := area.NewSet(town())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Locate(at(0.5, 0.7), 0))
	fmt.Println(s.Locate(at(1, 1), 0)) // where all four meet
	fmt.Println(s.Locate(at(0.5, 2.001), geo.Meters(500)))
	fmt.Println(s.Locate(at(0.5, 2.001), geo.Meters(100)))
	// Output:
	// {[1B 1] 0} true
	// {[1B 1] 0} true
	// {[2B 2] 111191} true
	// {[] 0} false
}

func TestSetListsAreasInOrder(t *testing.T) {
	areas := town()
	s := set(t, areas)
	var ids []string
	for _, a := range s.All() {
		ids = append(ids, a.ID)
		if a.Kind == area.Sector && a.Parent != a.ID[:1] {
			t.Errorf("the parent of %s is %q", a.ID, a.Parent)
		}
		if got, ok := s.Get(a.ID); !ok || got.ID != a.ID || got.Parent != a.Parent {
			t.Errorf("Get(%s): %v %v", a.ID, got, ok)
		}
	}
	if want := []string{"1A", "1B", "2A", "2B", "3A", "3B", "4A", "4B", "1", "2", "3", "4"}; !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
	if s.Len() != 12 || s.Bound() != geo.BoundOf(at(0, 0), at(2, 2)) {
		t.Errorf("%d areas in %v", s.Len(), s.Bound())
	}
	if _, ok := s.Get("5"); ok || s.Contains("5", at(0.5, 0.5)) {
		t.Error("there is no 5")
	}
	slices.Reverse(areas)
	if again := set(t, areas); !slices.EqualFunc(again.All(), s.All(), func(a, b area.Area) bool { return a.ID == b.ID && a.Parent == b.Parent }) {
		t.Error("the order of the input shows")
	}
}

func TestEmptySet(t *testing.T) {
	s := set(t, nil)
	if _, ok := s.Locate(at(0, 0), geo.Meters(1e9)); ok || s.Len() != 0 || len(s.At(at(0, 0))) != 0 || !s.Bound().Empty() {
		t.Error("something out of nothing")
	}
}

func TestAtTheRim(t *testing.T) {
	s := set(t, town())
	for _, c := range []struct {
		lat, lon float64
		want     []string
	}{
		{0.5, 0.25, []string{"1A", "1"}},
		{0.5, 0.5, []string{"1A", "1B", "1"}},
		{1, 1, []string{"1B", "2A", "3B", "4A", "1", "2", "3", "4"}},
		{0, 0, []string{"1A", "1"}},
		{0.5, 0, []string{"1A", "1"}},
		{0, 0.3, []string{"1A", "1"}},
		{2, 1.3, []string{"4A", "4"}},
		{0.5, -1e-7, nil},
		{-1e-7, 0.3, nil},
		{2.0000001, 1.3, nil},
	} {
		if got := s.At(at(c.lat, c.lon)); !slices.Equal(got, c.want) {
			t.Errorf("at %v,%v: got %v, want %v", c.lat, c.lon, got, c.want)
		}
	}
}

func TestHolesAndIslands(t *testing.T) {
	s := set(t, []area.Area{precinct("1", orb.MultiPolygon{
		{rect(0, 0, 9, 9), rect(3, 3, 6, 6)},
		{rect(4, 4, 5, 5)},
	})})
	for _, c := range []struct {
		lat, lon float64
		want     bool
	}{{1, 1, true}, {3.5, 3.5, false}, {3, 4, true}, {4.5, 4.5, true}, {4, 4, true}, {10, 4, false}} {
		if s.Contains("1", at(c.lat, c.lon)) != c.want {
			t.Errorf("%v,%v: want %v", c.lat, c.lon, c.want)
		}
	}
}

// TestRealPointsAgainstTwins compares random points, and points at vertices, on
// edges and on shared borders, with a plain walk over the integers of the
// shapes and with orb/planar. The latter works with floats and may differ at
// the rim.
func TestRealPointsAgainstTwins(t *testing.T) {
	for _, file := range []string{"nypd_precincts_78_simplified.geojson", "nypd_precincts_77_2018.geojson.gz"} {
		areas := realAreas(t, file, "precinct", area.Precinct)
		s := set(t, areas)
		r := rand.New(rand.NewPCG(101, 1))
		b := s.Bound()
		shared, outside := 0, 0
		twins := twinsOf(s)
		check := func(p geo.Point) {
			got := s.At(p)
			var plain, float []string
			for _, twin := range twins {
				if !twin.bound.Contains(p) {
					continue
				}
				where := twin.holds(p)
				if where >= 0 {
					plain = append(plain, twin.ID)
				}
				lat, lon := p.Degrees()
				// Floats have no say at the rim.
				if where == 0 || planar.MultiPolygonContains(twin.Shape, orb.Point{lon, lat}) {
					float = append(float, twin.ID)
				}
			}
			if !slices.Equal(got, plain) || !slices.Equal(got, float) {
				t.Fatalf("%s: %v: got %v, plain %v, float %v", file, p, got, plain, float)
			}
			for _, id := range got {
				if !s.Contains(id, p) {
					t.Fatalf("%v is at %s, which does not contain it", p, id)
				}
			}
			if len(got) > 1 {
				shared++
			}
			if len(got) == 0 {
				outside++
			}
		}
		for range 300 {
			check(geo.Point{Lat: b.Min.Lat + r.Int32N(b.Max.Lat-b.Min.Lat), Lon: b.Min.Lon + r.Int32N(b.Max.Lon-b.Min.Lon)})
			part := s.All()[r.IntN(s.Len())].Shape
			ring := part[r.IntN(len(part))][0]
			k := r.IntN(len(ring) - 1)
			p, q := at(ring[k][1], ring[k][0]), at(ring[k+1][1], ring[k+1][0])
			check(p)
			check(geo.Point{Lat: p.Lat/2 + q.Lat/2, Lon: p.Lon/2 + q.Lon/2})
			check(geo.Point{Lat: p.Lat + r.Int32N(3) - 1, Lon: p.Lon + r.Int32N(3) - 1})
		}
		if shared < 50 || outside < 50 {
			t.Errorf("%s: %d points in two precincts, %d outside: too few to tell", file, shared, outside)
		}
	}
}

// twin is the plain form of an area: its rings in integers.
type twin struct {
	area.Area
	bound geo.Bound
	rings [][][]geo.Point
}

func twinsOf(s *area.Set) []twin {
	var twins []twin
	for _, a := range s.All() {
		w := twin{Area: a, bound: geo.BoundOf()}
		for _, polygon := range a.Shape {
			var rings [][]geo.Point
			for _, ring := range polygon {
				var points []geo.Point
				for _, p := range ring {
					points = append(points, at(p[1], p[0]))
				}
				w.bound = w.bound.Union(geo.BoundOf(points...))
				rings = append(rings, points)
			}
			w.rings = append(w.rings, rings)
		}
		twins = append(twins, w)
	}
	return twins
}

// holds is +1 for a point inside, 0 on the rim, -1 outside: a walk over all
// edges.
func (w twin) holds(p geo.Point) int {
	found := -1
	for _, polygon := range w.rings {
		in := false
		for _, ring := range polygon {
			for i, b := range ring[1:] {
				a := ring[i]
				if geo.Turn(a, b, p) == 0 && geo.BoundOf(a, b).Contains(p) {
					return 0
				}
				if (a.Lat > p.Lat) != (b.Lat > p.Lat) && (geo.Turn(a, b, p) > 0) == (b.Lat > a.Lat) {
					in = !in
				}
			}
		}
		if in {
			found = 1
		}
	}
	return found
}

func TestKindsAreOrdered(t *testing.T) {
	square := func(id string, kind area.Kind, size float64) area.Area {
		return area.Area{ID: id, Kind: kind, Shape: one(rect(0, 0, size, size))}
	}
	s := set(t, []area.Area{
		square("a", "borough", 40), square("b", area.Precinct, 30), square("c", area.Sector, 20),
		square("d", "post", 5), square("e", area.Beat, 10),
	})
	if got, want := s.At(at(1, 1)), []string{"d", "e", "c", "b", "a"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// Beats that are larger than precincts are beats none the less.
	s = set(t, []area.Area{square("a", area.Beat, 40), square("b", area.Precinct, 10), square("c", "zone", 20)})
	if got, want := s.At(at(1, 1)), []string{"a", "c", "b"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	// The whole earth, three times over.
	s = set(t, []area.Area{
		{ID: "earth", Kind: "planet", Shape: orb.MultiPolygon{{rect(-180, -90, 180, 90)}, {rect(-180, -90, 180, 90)}, {rect(-180, -90, 180, 90)}}},
		{ID: "half", Kind: "half", Shape: one(rect(-180, -90, 0, 90))},
	})
	if got, want := s.At(at(1, -1)), []string{"half", "earth"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestParentsAreFound(t *testing.T) {
	sector := func(id, parent string, r orb.Ring) area.Area {
		return area.Area{ID: id, Kind: area.Sector, Parent: parent, Shape: one(r)}
	}
	s := set(t, []area.Area{
		precinct("1", one(rect(0, 0, 1, 1))),
		precinct("2", one(rect(1, 0, 2, 1))),
		{ID: "north", Kind: "borough", Shape: one(rect(0, 0, 5, 5))},
		sector("mostly", "", rect(0.2, 0.2, 1.3, 0.8)),
		sector("half", "", rect(0.5, 0.2, 1.5, 0.8)),
		sector("named", "2", rect(0.1, 0.1, 0.2, 0.2)),
		sector("outside", "", rect(3, 3, 4, 4)),
		sector("sea", "", rect(8, 8, 9, 9)),
		sector("thin", "", orb.Ring{{1.1, 0.1}, {1.93, 0.5}, {1.2, 0.9}, {1.9299998, 0.5}, {1.1, 0.1}}),
	})
	for id, want := range map[string]string{"mostly": "1", "half": "1", "named": "2", "outside": "north", "sea": "", "thin": "2", "1": "north", "north": ""} {
		if a, ok := s.Get(id); !ok || a.Parent != want {
			t.Errorf("the parent of %s is %q, want %q", id, a.Parent, want)
		}
	}
}

func TestSetIsSafeForConcurrentUse(t *testing.T) {
	s := set(t, town())
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			r := rand.New(rand.NewPCG(102, uint64(i)))
			for range 300 {
				p := at(r.Float64()*2.2-0.1, r.Float64()*2.2-0.1)
				place, ok := s.Locate(p, geo.Meters(50_000))
				if ok && place.Off == 0 && !slices.Contains(s.At(p), place.Areas[0]) {
					t.Error("two answers")
				}
			}
		})
	}
	wait.Wait()
}

// BenchmarkPrecinct asks for the precinct of random points of the full file,
// 98,060 vertices: with a Set, and with orb/planar over all precincts.
func BenchmarkPrecinct(b *testing.B) {
	areas := realAreas(b, "nypd_precincts_78_full.geojson.gz", "precinct", area.Precinct)
	s := set(b, areas)
	r := rand.New(rand.NewPCG(103, 1))
	box := s.Bound()
	points := make([]geo.Point, 1000)
	for i := range points {
		for len(s.At(points[i])) == 0 {
			points[i] = geo.Point{Lat: box.Min.Lat + r.Int32N(box.Max.Lat-box.Min.Lat), Lon: box.Min.Lon + r.Int32N(box.Max.Lon-box.Min.Lon)}
		}
	}
	b.Run("At", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			s.At(points[i%len(points)])
		}
	})
	b.Run("Locate", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			s.Locate(points[i%len(points)], geo.Meters(500))
		}
	})
	b.Run("Locate outside", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			s.Locate(geo.Point{Lat: 405000000 + int32(i%1000)*1000, Lon: -740000000}, geo.Meters(500))
		}
	})
	b.Run("Contains", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			s.Contains("75", points[i%len(points)])
		}
	})
	b.Run("planar", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			lat, lon := points[i%len(points)].Degrees()
			for _, a := range s.All() {
				if planar.MultiPolygonContains(a.Shape, orb.Point{lon, lat}) {
					break
				}
			}
		}
	})
	b.Run("NewSet", func(b *testing.B) {
		for b.Loop() {
			if _, err := area.NewSet(areas); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkSectors locates points in the chain of sector and precinct.
func BenchmarkSectors(b *testing.B) {
	s := set(b, realAreas(b, "nypd_sectors_303_simplified.geojson", "sector", area.Sector),
		realAreas(b, "nypd_precincts_78_simplified.geojson", "precinct", area.Precinct))
	r := rand.New(rand.NewPCG(104, 1))
	points := make([]geo.Point, 1000)
	for i := range points {
		points[i] = geo.Point{Lat: 406000000 + r.Int32N(2000000), Lon: -740000000 + r.Int32N(2000000)}
	}
	for i := 0; b.Loop(); i++ {
		s.Locate(points[i%len(points)], geo.Meters(math.MaxInt16))
	}
}
