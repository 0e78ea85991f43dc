package index

import (
	"math"

	"callbox/geo"
)

// origin is the place distances are measured from.
type origin struct {
	at  geo.Point
	cos float64 // of its latitude
}

func from(p geo.Point) origin { return origin{p, math.Cos(radians(p.Lat))} }

// least is a number of millimetres that geo.Between cannot fall below for any
// point of b, on whichever side of the antimeridian. It is 0 inside b.
//
// It is the haversine formula of geo.Between with each term at its smallest in
// the box: the gap in latitude, the gap in longitude (the shorter way round),
// and the cosine of the box's latitude farthest from the equator. The three
// smallest need not meet in one point, so the true distance can be greater.
func (o origin) least(b geo.Bound) float64 {
	south, north := int64(b.Min.Lat)-int64(o.at.Lat), int64(o.at.Lat)-int64(b.Max.Lat)
	sLat := math.Sin(float64(max(0, south, north)) * step / 2)
	sLon := math.Sin(float64(lonGap(o.at.Lon, b.Min.Lon, b.Max.Lon)) * step / 2)
	cos := max(0, min(math.Cos(radians(b.Min.Lat)), math.Cos(radians(b.Max.Lat))))
	h := float64(sLat*sLat) + float64(o.cos*cos*float64(sLon*sLon))
	// The rounding of h in geo.Between is a few parts in 1e16, and that of the
	// result half a millimetre.
	const slack = 1 - 1e-14
	d := 2000 * geo.EarthRadius * math.Asin(min(1, math.Sqrt(h*slack)))
	return max(0, math.Floor(d*slack)-1)
}

// lonGap is the least difference in longitude, in E7, between lon and the
// range west to east. The shorter way may lead across the antimeridian.
func lonGap(lon, west, east int32) int64 {
	if west <= lon && lon <= east {
		return 0
	}
	const turn = 360 * geo.E7
	eastward := (int64(west) - int64(lon) + turn) % turn
	westward := (int64(lon) - int64(east) + turn) % turn
	return min(eastward, westward)
}

const step = math.Pi / 180 / geo.E7

func radians(v int32) float64 { return float64(v) * step }

// corner and bound pass between points and the corners of the tree's boxes.
func corner(p geo.Point) [2]float64 { return [2]float64{float64(p.Lon), float64(p.Lat)} }

func bound(lo, hi [2]float64) geo.Bound {
	return geo.Bound{
		Min: geo.Point{Lat: int32(lo[1]), Lon: int32(lo[0])},
		Max: geo.Point{Lat: int32(hi[1]), Lon: int32(hi[0])},
	}
}
