package road

import (
	"math"

	"callbox/geo"
)

// Position is a place on a street: so many millimetres from the tail of an
// arc, at most the length of the arc. On an arc of length zero it is the tail.
type Position struct {
	Arc   Arc
	Along uint32 // millimetres
}

// PointAt is the point of the position on the straight segment of its arc.
func (g *Graph) PointAt(p Position) geo.Point {
	a, b := g.points[g.tail[p.Arc]], g.points[g.head[p.Arc]]
	length := int64(g.length[p.Arc])
	if length == 0 {
		return a
	}
	along := min(int64(p.Along), length)
	// No product overflows: 3.6e9 steps at most, times 2^31.
	part := func(from, to int32) int32 {
		return int32(int64(from) + floorDiv(2*(int64(to)-int64(from))*along+length, 2*length))
	}
	return geo.Point{Lat: part(a.Lat, b.Lat), Lon: part(a.Lon, b.Lon)}
}

// plane is the local equirectangular projection around one point: it keeps
// lengths to 0.1 % within 10 km of it. Every product is rounded by itself, so
// that no machine fuses two into another result, and lengths leave as whole
// millimetres.
type plane struct {
	centre         geo.Point
	perLon, perLat float64 // millimetres in one step of longitude, of latitude
}

const stepMillimetres = geo.EarthRadius * 1000 * math.Pi / 180 / geo.E7

func planeAround(p geo.Point) plane {
	lat, _ := p.Degrees()
	// Nine decimals of the cosine are the same on every machine.
	cos := math.Round(math.Cos(lat*math.Pi/180)*1e9) / 1e9
	return plane{centre: p, perLon: stepMillimetres * cos, perLat: stepMillimetres}
}

func (pl plane) xy(p geo.Point) (x, y float64) {
	return float64(int64(p.Lon)-int64(pl.centre.Lon)) * pl.perLon,
		float64(int64(p.Lat)-int64(pl.centre.Lat)) * pl.perLat
}

// foot finds the point of the segment a to b that is nearest to the centre:
// how far it is, and which part of the segment lies before it, 0 to 1.
func (pl plane) foot(a, b geo.Point) (off geo.Distance, part float64) {
	ax, ay := pl.xy(a)
	bx, by := pl.xy(b)
	dx, dy := bx-ax, by-ay
	if square := float64(dx*dx) + float64(dy*dy); square > 0 {
		part = -(float64(ax*dx) + float64(ay*dy)) / square
		part = max(0, min(1, part))
	}
	x, y := ax+float64(part*dx), ay+float64(part*dy)
	return geo.Distance(math.Round(math.Sqrt(float64(x*x) + float64(y*y)))), part
}
