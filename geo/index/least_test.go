package index

import (
	"math/rand/v2"
	"testing"

	"callbox/geo"
)

// TestLeastIsALowerBound tries boxes of every size, from a step to half the
// earth, near and far, at the poles and at the antipode of the origin.
func TestLeastIsALowerBound(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	clamp := func(v, limit int64) int32 { return int32(max(-limit, min(limit, v))) }
	spread := func() int64 { return r.Int64N(1 << (1 + r.IntN(31))) }
	near := func(p geo.Point) geo.Point {
		return geo.Point{
			Lat: clamp(int64(p.Lat)+spread()-spread(), 90*geo.E7),
			Lon: clamp(int64(p.Lon)+spread()-spread(), 180*geo.E7),
		}
	}
	starts := []geo.Point{{}, {Lat: 900000000}, {Lat: -899999990, Lon: 5}, {Lat: 407000000, Lon: -740000000}, {Lon: 1800000000}}
	for range 100_000 {
		p := near(starts[r.IntN(len(starts))])
		c := near(p)
		if r.IntN(4) == 0 { // about the antipode
			c = geo.Point{Lat: -p.Lat, Lon: p.Lon - 180*geo.E7}
			if p.Lon < 0 {
				c.Lon = p.Lon + 180*geo.E7
			}
			c = near(c)
		}
		b := geo.BoundOf(c, near(c))
		least := geo.Distance(from(p).least(b))
		for range 4 {
			q := geo.Point{
				Lat: b.Min.Lat + int32(r.Int64N(int64(b.Max.Lat)-int64(b.Min.Lat)+1)),
				Lon: b.Min.Lon + int32(r.Int64N(int64(b.Max.Lon)-int64(b.Min.Lon)+1)),
			}
			for _, q := range []geo.Point{q, b.Min, b.Max, {Lat: b.Min.Lat, Lon: q.Lon}, {Lat: q.Lat, Lon: b.Max.Lon}} {
				if d := geo.Between(p, q); d < least {
					t.Fatalf("from %v the box %v is said to be %d mm away, but %v is %d mm", p, b, least, q, d)
				}
			}
		}
	}
}

// TestLeastIsTight holds the bound of boxes of a city's size against the
// nearest point that a search of their rim finds: a bound that is far too low
// is true, but of no use.
func TestLeastIsTight(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 1))
	city := func() geo.Point {
		return geo.Point{Lat: 405000000 + r.Int32N(4000000), Lon: -742000000 + r.Int32N(5000000)}
	}
	for range 2000 {
		p, c := city(), city()
		b := geo.BoundOf(c, geo.Point{Lat: c.Lat + r.Int32N(100000), Lon: c.Lon + r.Int32N(100000)})
		q := geo.Point{Lat: max(b.Min.Lat, min(b.Max.Lat, p.Lat)), Lon: max(b.Min.Lon, min(b.Max.Lon, p.Lon))}
		best := geo.Between(p, q)
		if least := geo.Distance(from(p).least(b)); least < best*99/100-2 || least > best {
			t.Fatalf("%v to %v: least %d, the nearest corner or side is at %d", p, b, least, best)
		}
	}
}
