package geo_test

import (
	"math/rand/v2"
	"testing"

	"callbox/geo"
)

// meet solves for the point that two segments share.
func meet(a, b, c, d geo.Point) bool {
	type vector struct{ x, y int64 }
	to := func(p, q geo.Point) vector { return vector{int64(q.Lon) - int64(p.Lon), int64(q.Lat) - int64(p.Lat)} }
	cross := func(u, v vector) int64 { return u.x*v.y - u.y*v.x }
	dot := func(u, v vector) int64 { return u.x*v.x + u.y*v.y }
	on := func(p, a, b geo.Point) bool { return cross(to(a, b), to(a, p)) == 0 && dot(to(p, a), to(p, b)) <= 0 }
	if on(a, c, d) || on(b, c, d) || on(c, a, b) || on(d, a, b) {
		return true
	}
	r, s := to(a, b), to(c, d)
	n := cross(r, s)
	if n == 0 {
		return false
	}
	t, u := cross(to(a, c), s), cross(to(a, c), r)
	if n < 0 {
		n, t, u = -n, -t, -u
	}
	return t >= 0 && t <= n && u >= 0 && u <= n
}

func TestMeetIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	met := 0
	for range 100_000 {
		span := []int32{3, 8, 1_000_000}[r.IntN(3)]
		var p [4]geo.Point
		for i := range p {
			p[i] = geo.Point{Lat: r.Int32N(span), Lon: r.Int32N(span)}
		}
		got := geo.Meet(p[0], p[1], p[2], p[3])
		if want := meet(p[0], p[1], p[2], p[3]); got != want {
			t.Fatalf("%v: got %v, want %v", p, got, want)
		}
		if got {
			met++
		}
	}
	if met < 20_000 || met > 80_000 {
		t.Errorf("%d of 100,000 pairs meet: too one-sided a test", met)
	}
}

// TestInside compares with counting in a box that has a hole with an island.
func TestInside(t *testing.T) {
	box := func(low, high int32) []geo.Point {
		return []geo.Point{{Lat: low, Lon: low}, {Lat: low, Lon: high}, {Lat: high, Lon: high}, {Lat: high, Lon: low}}
	}
	polygon := [][]geo.Point{box(0, 20), box(4, 16), box(8, 12)}
	for lat := int32(-3); lat <= 23; lat++ {
		for lon := int32(-3); lon <= 23; lon++ {
			within, rim := 0, false
			for _, ring := range polygon {
				low, high := ring[0].Lat, ring[2].Lat
				if lat >= low && lat <= high && lon >= low && lon <= high {
					within++
					rim = rim || lat == low || lat == high || lon == low || lon == high
				}
			}
			if got := geo.Inside(geo.Point{Lat: lat, Lon: lon}, polygon); !rim && got != (within%2 == 1) {
				t.Errorf("%d,%d: %v", lat, lon, got)
			}
		}
	}
}

func TestShapeCountsAll(t *testing.T) {
	p := func(lat, lon int32) geo.Point { return geo.Point{Lat: lat, Lon: lon} }
	s := geo.Shape{
		Points: []geo.Point{p(1, 1)}, Lines: [][]geo.Point{{p(0, 2), p(3, 3)}},
		Polygons: [][][]geo.Point{{{p(5, -1), p(6, 6), p(-7, 0)}, {p(1, 1)}}},
	}
	want := geo.Bound{Min: p(-7, -1), Max: p(6, 6)}
	if s.Vertices() != 7 || s.Bound() != want || !(geo.Shape{}).Bound().Empty() {
		t.Errorf("%d vertices in %v", s.Vertices(), s.Bound())
	}
}
