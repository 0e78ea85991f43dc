package index_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/geo"
	"callbox/geo/index"
)

func ExamplePoints() {
	var units index.Points
	units.Put("75A1", geo.Point{Lat: 40_6700000, Lon: -73_8800000})
	units.Put("75B1", geo.Point{Lat: 40_6710000, Lon: -73_8800000})
	units.Put("75C1", geo.Point{Lat: 40_6690000, Lon: -73_8800000})
	for n := range units.Nearest(geo.Point{Lat: 40_6700000, Lon: -73_8800000}) {
		fmt.Println(n.ID, n.Distance.Meters())
	}
	// Output:
	// 75A1 0
	// 75B1 111.195
	// 75C1 111.195
}

// regions are where the random points of the tests fall: a city, a whole
// hemisphere, a pole, the antimeridian, and one street where ties abound.
var regions = map[string]geo.Bound{
	"city":         {Min: geo.Point{Lat: 405000000, Lon: -742000000}, Max: geo.Point{Lat: 409000000, Lon: -737000000}},
	"earth":        {Min: geo.Point{Lat: -900000000, Lon: -1800000000}, Max: geo.Point{Lat: 900000000, Lon: 1800000000}},
	"north pole":   {Min: geo.Point{Lat: 899000000, Lon: -1800000000}, Max: geo.Point{Lat: 900000000, Lon: 1800000000}},
	"high south":   {Min: geo.Point{Lat: -899999999, Lon: -1800000000}, Max: geo.Point{Lat: -700000000, Lon: 1800000000}},
	"antimeridian": {Min: geo.Point{Lat: -200000000, Lon: 1799000000}, Max: geo.Point{Lat: -190000000, Lon: 1800000000}},
	"ties":         {Min: geo.Point{Lat: 407000000, Lon: -740000000}, Max: geo.Point{Lat: 407000003, Lon: -739999997}},
}

func in(r *rand.Rand, b geo.Bound) geo.Point {
	p := geo.Point{
		Lat: b.Min.Lat + int32(r.Int64N(int64(b.Max.Lat)-int64(b.Min.Lat)+1)),
		Lon: b.Min.Lon + int32(r.Int64N(int64(b.Max.Lon)-int64(b.Min.Lon)+1)),
	}
	if b == regions["antimeridian"] && r.IntN(2) == 0 {
		p.Lon = -p.Lon
	}
	return p
}

// twin is the slow, honest form of Points.
type twin map[string]geo.Point

func (t twin) nearest(p geo.Point) []index.Neighbor {
	var all []index.Neighbor
	for id, q := range t {
		all = append(all, index.Neighbor{ID: id, Distance: geo.Between(p, q)})
	}
	slices.SortFunc(all, index.Neighbor.Compare)
	return all
}

func (t twin) within(b geo.Bound) []string {
	var ids []string
	for id, q := range t {
		if b.Contains(q) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func TestPointsAgainstTwin(t *testing.T) {
	for name, region := range regions {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, uint64(len(name))))
			var points index.Points
			want := twin{}
			for range 3000 {
				id := fmt.Sprint("u", r.IntN(400))
				if r.IntN(4) == 0 {
					_, there := want[id]
					if points.Delete(id) != there {
						t.Fatalf("Delete(%s) did not say %v", id, there)
					}
					delete(want, id)
				} else {
					p := in(r, region)
					points.Put(id, p)
					want[id] = p
				}
				if r.IntN(20) == 0 {
					compare(t, r, &points, want, region)
				}
			}
		})
	}
}

func compare(t *testing.T, r *rand.Rand, points *index.Points, want twin, region geo.Bound) {
	t.Helper()
	if points.Len() != len(want) {
		t.Fatalf("%d points, want %d", points.Len(), len(want))
	}
	for id, p := range want {
		if got, ok := points.At(id); !ok || got != p {
			t.Fatalf("%s is at %v (%v), want %v", id, got, ok, p)
		}
	}
	p := in(r, region)
	all := want.nearest(p)
	if got := slices.Collect(points.Nearest(p)); !slices.Equal(got, all) {
		t.Fatalf("nearest to %v:\n got %v\nwant %v", p, got, all)
	}
	if len(all) > 0 {
		radius := all[r.IntN(len(all))].Distance
		n, _ := slices.BinarySearchFunc(all, radius, func(n index.Neighbor, d geo.Distance) int {
			if n.Distance <= d {
				return -1
			}
			return 1
		})
		if got := points.Near(p, radius); !slices.Equal(got, all[:n]) {
			t.Fatalf("within %v of %v: got %v, want %v", radius, p, got, all[:n])
		}
	}
	box := geo.BoundOf(p, in(r, region))
	if got, want := points.Within(box), want.within(box); !slices.Equal(got, want) {
		t.Fatalf("in %v: got %v, want %v", box, got, want)
	}
}

// TestOrderDoesNotRememberHistory puts the same points in two orders, one with
// detours, and asks both for ties.
func TestOrderDoesNotRememberHistory(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 1))
	var a, b index.Points
	places := twin{}
	for i := range 300 {
		places[fmt.Sprint("u", i)] = in(r, regions["ties"])
	}
	ids := slices.Sorted(maps.Keys(places))
	for _, id := range ids {
		a.Put(id, places[id])
	}
	r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, id := range ids {
		b.Put(id, in(r, regions["earth"]))
	}
	for _, id := range ids {
		b.Put(id, places[id])
	}
	p := in(r, regions["ties"])
	if x, y := slices.Collect(a.Nearest(p)), slices.Collect(b.Nearest(p)); !slices.Equal(x, y) {
		t.Errorf("two histories, two answers:\n%v\n%v", x, y)
	}
}

func TestNearestMayBeLeftEarly(t *testing.T) {
	var points index.Points
	for i := range 100 {
		points.Put(fmt.Sprint(i), geo.Point{Lat: int32(i)})
	}
	for range 3 {
		n := 0
		for range points.Nearest(geo.Point{}) {
			if n++; n == 5 {
				break
			}
		}
		if n != 5 {
			t.Fatalf("left after %d", n)
		}
	}
}

func TestEmpty(t *testing.T) {
	var points index.Points
	var boxes index.Boxes[int]
	boxes.Add(geo.BoundOf(), 1)
	for range points.Nearest(geo.Point{}) {
		t.Error("a neighbor out of nothing")
	}
	for range boxes.Nearest(geo.Point{}) {
		t.Error("a box out of nothing")
	}
	everywhere := regions["earth"]
	for range boxes.Touching(everywhere) {
		t.Error("a box out of nothing")
	}
	if points.Within(everywhere) != nil || points.Delete("x") || points.Len() != 0 || boxes.Len() != 0 {
		t.Error("an empty index holds something")
	}
	if _, ok := points.At("x"); ok {
		t.Error("x is nowhere, yet found")
	}
	points.Put("x", geo.Point{})
	if points.Within(geo.BoundOf()) != nil {
		t.Error("the empty box holds a point")
	}
}

func TestBoxesAgainstTwin(t *testing.T) {
	for name, region := range regions {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(13, uint64(len(name))))
			var boxes index.Boxes[int]
			var all []geo.Bound
			for i := range 500 {
				b := geo.BoundOf(in(r, region))
				if other := in(r, region); (other.Lon < 0) == (b.Min.Lon < 0) {
					b = b.With(other)
				}
				boxes.Add(b, i)
				all = append(all, b)
			}
			for range 100 {
				ask := geo.BoundOf(in(r, region), in(r, region))
				got := slices.Sorted(boxes.Touching(ask))
				var want []int
				for i, b := range all {
					if b.Touches(ask) {
						want = append(want, i)
					}
				}
				if !slices.Equal(got, want) {
					t.Fatalf("touching %v: got %v, want %v", ask, got, want)
				}
				nearest(t, r, &boxes, all, in(r, region))
			}
		})
	}
}

// nearest checks that the stream is complete, never falls, is zero exactly
// inside a box, and that no point of a box is nearer than the bound given.
func nearest(t *testing.T, r *rand.Rand, boxes *index.Boxes[int], all []geo.Bound, p geo.Point) {
	t.Helper()
	var last geo.Distance
	seen := map[int]bool{}
	for i, least := range boxes.Nearest(p) {
		if least < last {
			t.Fatalf("box %d at %d after one at %d", i, least, last)
		}
		last, seen[i] = least, true
		b := all[i]
		if b.Contains(p) && least != 0 {
			t.Fatalf("%v is in %v, yet %d away", p, b, least)
		}
		for _, q := range []geo.Point{b.Min, b.Max, in(r, b), in(r, b)} {
			if !b.Contains(q) {
				continue // in may mirror a point across the antimeridian
			}
			if d := geo.Between(p, q); d < least {
				t.Fatalf("%v in %v is %d from %v, less than the least %d", q, b, d, p, least)
			}
		}
	}
	if len(seen) != len(all) {
		t.Fatalf("%d of %d boxes", len(seen), len(all))
	}
}
