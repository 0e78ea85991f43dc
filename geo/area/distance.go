package area

import (
	"math"

	"callbox/geo"
)

// near calls look for the edges whose boxes touch b, once each.
func (x *prepared) near(b geo.Bound, look func(e *line)) {
	if !x.bound.Touches(b) {
		return
	}
	from, to := x.slab(max(b.Min.Lat, x.bound.Min.Lat)), x.slab(min(b.Max.Lat, x.bound.Max.Lat))
	for s := from; s <= to; s++ {
		for _, i := range x.in(s) {
			e := &x.edges[i]
			if s > from && x.slab(e.a.Lat) < s {
				continue // seen in the slab before
			}
			if geo.BoundOf(e.a, e.b).Touches(b) {
				look(e)
			}
		}
	}
}

// grazes reports whether p lies within the slack of an edge.
func (x *prepared) grazes(p geo.Point) bool {
	found := false
	x.near(about(p), func(e *line) { found = found || grazes(p, *e) })
	return found
}

// distance is that from p to the nearest point of an edge, if it is not above
// within.
func (x *prepared) distance(p geo.Point, within geo.Distance) (geo.Distance, bool) {
	best, ok := within, false
	f := footFrom(p)
	x.near(geo.Around(p, within), func(e *line) {
		if d := geo.Between(p, f.on(e)); d <= best {
			best, ok = d, true
		}
	})
	return best, ok
}

// foot finds the point of an edge that is nearest to a place, in the plane that
// touches the earth there. The edges of two areas along a common border have
// the same ends in the same order, so both give the same point.
type foot struct {
	at  geo.Point
	cos float64 // a step of longitude in steps of latitude
}

func footFrom(p geo.Point) foot {
	return foot{p, math.Cos(float64(p.Lat) / geo.E7 * math.Pi / 180)}
}

// on is the foot on e, rounded to E7. Products are rounded one by one, so that
// no machine fuses them into another result.
func (f foot) on(e *line) geo.Point {
	dx, dy := float64(int64(e.b.Lon)-int64(e.a.Lon)), float64(int64(e.b.Lat)-int64(e.a.Lat))
	px, py := float64(int64(f.at.Lon)-int64(e.a.Lon)), float64(int64(f.at.Lat)-int64(e.a.Lat))
	c := float64(f.cos * f.cos)
	dot := float64(float64(px*dx)*c) + float64(py*dy)
	square := float64(float64(dx*dx)*c) + float64(dy*dy)
	t := max(0, min(1, dot/square)) // the ends differ, and no float is the cosine 0
	return geo.Point{
		Lat: int32(int64(e.a.Lat) + int64(math.Round(t*dy))),
		Lon: int32(int64(e.a.Lon) + int64(math.Round(t*dx))),
	}
}
