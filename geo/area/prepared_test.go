package area

import (
	"math"
	"math/rand/v2"
	"testing"

	"callbox/geo"
)

// star is a polygon whose points lie at random distances from a centre, with a
// hole of the same shape at a third of the size.
func star(r *rand.Rand, n int, center geo.Point, reach float64) polygon {
	rim, hole := make([]geo.Point, n), make([]geo.Point, n)
	for i := range rim {
		a, d := 2*math.Pi*float64(i)/float64(n), reach*(0.4+0.6*r.Float64())
		at := func(d float64) geo.Point {
			return geo.Point{Lat: center.Lat + int32(d*math.Sin(a)), Lon: center.Lon + int32(d*math.Cos(a))}
		}
		rim[i], hole[i] = at(d), at(d/3)
	}
	g := polygon{tidy(rim)}
	if h := tidy(hole); h != nil {
		g = append(g, h)
	}
	return g
}

// holds is the plain form of prepared.holds.
func (g polygon) holds(p geo.Point) bool {
	in := false
	for _, r := range g {
		if onLine(r, p) {
			return true
		}
		in = in != odd(r, p)
	}
	return in
}

func TestHoldsAgainstTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(91, 1))
	for _, reach := range []float64{4, 30, 1e5, 8e8} {
		inside, rim := 0, 0
		for range 300 {
			g := star(r, 5+r.IntN(60), geo.Point{Lat: r.Int32N(1e6), Lon: r.Int32N(1e6)}, reach)
			if g[0] == nil {
				continue
			}
			x := prepare(g, 0)
			ask := func(p geo.Point) {
				want := g.holds(p)
				if got := x.holds(p); got != want {
					t.Fatalf("%v in %v: got %v", p, g, got)
				}
				if want {
					inside++
				}
			}
			for _, e := range g.edges() {
				// The ends of each edge, its middle where it has one on the grid, and
				// the points about them.
				middle := geo.Point{Lat: e.a.Lat/2 + e.b.Lat/2, Lon: e.a.Lon/2 + e.b.Lon/2}
				if geo.Turn(e.a, e.b, middle) == 0 {
					rim++
				}
				for _, p := range []geo.Point{e.a, middle} {
					for d := range int32(9) {
						ask(geo.Point{Lat: p.Lat + d/3 - 1, Lon: p.Lon + d%3 - 1})
					}
				}
			}
			for range 50 {
				b := x.bound
				ask(geo.Point{
					Lat: b.Min.Lat + int32(r.Int64N(int64(b.Max.Lat)-int64(b.Min.Lat)+1)),
					Lon: b.Min.Lon + int32(r.Int64N(int64(b.Max.Lon)-int64(b.Min.Lon)+1)),
				})
			}
			ask(geo.Point{Lat: 5e8, Lon: -1e9})
		}
		if inside < 1000 || rim == 0 {
			t.Errorf("reach %v: %d inside, %d on a rim: too few to tell", reach, inside, rim)
		}
	}
}

// TestSlabsStayInBounds prepares shapes whose edges all cross all slabs.
func TestSlabsStayInBounds(t *testing.T) {
	r := rand.New(rand.NewPCG(92, 1))
	for name, g := range map[string]polygon{
		"coast":      {coast(r, 20_000)},
		"comb":       {comb(20_000, 0)},
		"triangle":   {ring{{}, {Lon: 10}, {Lat: 10}}},
		"flat":       {ring{{}, {Lon: 1000}, {Lat: 1, Lon: 500}}},
		"the earth":  {ring{{Lat: -9e8, Lon: -18e8}, {Lat: -9e8, Lon: 18e8}, {Lat: 9e8, Lon: 18e8}, {Lat: 9e8, Lon: -18e8}}},
		"many holes": star(r, 500, geo.Point{}, 1e6),
	} {
		x := prepare(g, 0)
		if len(x.refs) > maxRefs*len(x.edges) || len(x.first) > len(x.edges)+1 {
			t.Errorf("%s: %d edges are listed %d times in %d slabs", name, len(x.edges), len(x.refs), len(x.first)-1)
		}
		for range 200 {
			p := geo.Point{
				Lat: x.bound.Min.Lat + int32(r.Int64N(int64(x.bound.Max.Lat)-int64(x.bound.Min.Lat)+1)),
				Lon: x.bound.Min.Lon + int32(r.Int64N(int64(x.bound.Max.Lon)-int64(x.bound.Min.Lon)+1)),
			}
			if x.holds(p) != g.holds(p) {
				t.Fatalf("%s: %v", name, p)
			}
		}
	}
}

// TestDistanceAgainstTwin compares the walk over slabs with one over all edges,
// and both with points set closely along the edges.
func TestDistanceAgainstTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(93, 1))
	center := geo.Point{Lat: 407000000, Lon: -740000000}
	found := 0
	for range 400 {
		g := star(r, 4+r.IntN(40), center, 1e5)
		x := prepare(g, 0)
		p := geo.Point{Lat: center.Lat + r.Int32N(400000) - 200000, Lon: center.Lon + r.Int32N(400000) - 200000}
		within := geo.Meters(float64(r.IntN(2000)))
		best, dense := geo.Distance(math.MaxInt64), geo.Distance(math.MaxInt64)
		f := footFrom(p)
		for _, e := range x.edges {
			best = min(best, geo.Between(p, f.on(&e)))
			for k := range 200 {
				s := float64(k) / 199
				dense = min(dense, geo.Between(p, geo.Point{
					Lat: e.a.Lat + int32(s*float64(e.b.Lat-e.a.Lat)),
					Lon: e.a.Lon + int32(s*float64(e.b.Lon-e.a.Lon)),
				}))
			}
		}
		got, ok := x.distance(p, within)
		if ok != (best <= within) || ok && got != best {
			t.Fatalf("%v within %v: got %v %v, want %v", p, within, got, ok, best)
		}
		// The foot must be as near as any point set along an edge, to 2 cm.
		if best > dense+20 {
			t.Fatalf("%v: the nearest is %v away, yet a point of an edge is %v", p, best, dense)
		}
		if ok {
			found++
		}
	}
	if found < 50 || found > 350 {
		t.Errorf("%d of 400 are near enough: one-sided cases", found)
	}
}

func TestFootAtThePole(t *testing.T) {
	f := footFrom(geo.Point{Lat: 900000000})
	e := line{geo.Point{Lat: 899990000, Lon: -10}, geo.Point{Lat: 899990000, Lon: 1700000000}}
	if q := f.on(&e); q.Lat != 899990000 {
		t.Errorf("the foot on a parallel is %v", q)
	}
	f = footFrom(geo.Point{})
	e = line{geo.Point{Lon: -1800000000}, geo.Point{Lon: 1800000000}}
	if q := f.on(&e); q != (geo.Point{}) {
		t.Errorf("the foot in the middle of the equator is %v", q)
	}
}

// FuzzShape draws rings of any bytes and checks that what Mend lets through is
// answered as the plain form answers it.
func FuzzShape(f *testing.F) {
	f.Add([]byte{0, 0, 9, 0, 9, 9, 0, 9, 0, 0})
	f.Add([]byte{0, 0, 9, 9, 9, 0, 0, 9, 0, 0, 255, 3, 3, 3, 5, 5, 5, 3, 3})
	f.Add([]byte{0, 0, 0, 9, 9, 9, 9, 0, 0, 0, 255, 3, 3, 3, 5, 5, 5, 3, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		var rings [][]geo.Point
		var line []geo.Point
		for i := 0; i+1 < len(data) && i < 400; i += 2 {
			if data[i] == 255 {
				rings, line = append(rings, line), nil
				i--
				continue
			}
			line = append(line, geo.Point{Lat: int32(data[i]) * 20, Lon: int32(data[i+1]) * 20})
		}
		rings = append(rings, line)
		var report Report
		g := mendPolygon(rings, Feature(0, "x"), &report)
		if g == nil {
			return
		}
		var again [][]geo.Point
		for _, r := range g {
			again = append(again, append(r[:len(r):len(r)], r[0]))
		}
		if h := mendPolygon(again, Feature(0, "x"), &report); report.Len() > 0 || len(h) != len(g) {
			t.Fatalf("mended to %v, then to %v: %v", g, h, report.Err())
		}
		x := prepare(g, 0)
		for lat := int32(-10); lat < 5200; lat += 130 {
			for lon := int32(-10); lon < 5200; lon += 130 {
				if p := (geo.Point{Lat: lat, Lon: lon}); x.holds(p) != g.holds(p) {
					t.Fatalf("%v in %v: got %v", p, g, x.holds(p))
				}
			}
		}
	})
}
