package geo

import "math"

// Bound is a box of latitude and longitude with its rim. It never crosses the
// antimeridian: Min is its south-west corner, Max its north-east corner.
type Bound struct {
	Min, Max Point
}

// BoundOf is the smallest box that holds all the points. The bound of no
// points holds nothing and touches nothing.
func BoundOf(points ...Point) Bound {
	b := Bound{
		Min: Point{Lat: math.MaxInt32, Lon: math.MaxInt32},
		Max: Point{Lat: math.MinInt32, Lon: math.MinInt32},
	}
	for _, p := range points {
		b = b.With(p)
	}
	return b
}

// With is b grown to hold p.
func (b Bound) With(p Point) Bound {
	return Bound{
		Min: Point{Lat: min(b.Min.Lat, p.Lat), Lon: min(b.Min.Lon, p.Lon)},
		Max: Point{Lat: max(b.Max.Lat, p.Lat), Lon: max(b.Max.Lon, p.Lon)},
	}
}

// Union is the smallest box that holds both boxes.
func (b Bound) Union(c Bound) Bound {
	return Bound{
		Min: Point{Lat: min(b.Min.Lat, c.Min.Lat), Lon: min(b.Min.Lon, c.Min.Lon)},
		Max: Point{Lat: max(b.Max.Lat, c.Max.Lat), Lon: max(b.Max.Lon, c.Max.Lon)},
	}
}

// Empty reports whether b holds no point.
func (b Bound) Empty() bool { return b.Min.Lat > b.Max.Lat || b.Min.Lon > b.Max.Lon }

// Contains reports whether p lies in b or on its rim.
func (b Bound) Contains(p Point) bool {
	return b.Min.Lat <= p.Lat && p.Lat <= b.Max.Lat && b.Min.Lon <= p.Lon && p.Lon <= b.Max.Lon
}

// Touches reports whether b and c share a point.
func (b Bound) Touches(c Bound) bool {
	return !b.Empty() && !c.Empty() &&
		b.Min.Lat <= c.Max.Lat && c.Min.Lat <= b.Max.Lat &&
		b.Min.Lon <= c.Max.Lon && c.Min.Lon <= b.Max.Lon
}

// Around is a box that holds every point within d of p. It may hold points
// farther away; near a pole it is as wide as the earth. Boxes that would cross
// the antimeridian are cut there.
func Around(p Point, d Distance) Bound {
	const perMeter = 180 / (math.Pi * EarthRadius) * E7
	// One part in a thousand and one step more than the sphere asks for covers
	// the rounding of Between.
	dLat := math.Ceil(d.Meters()*perMeter*1.001) + 1
	top := min(89.9*E7, math.Abs(float64(p.Lat))+dLat)
	dLon := math.Ceil(dLat/math.Cos(top/E7*math.Pi/180)) + 1
	clamp := func(v, limit float64) int32 { return int32(max(-limit, min(limit, v))) }
	b := Bound{
		Min: Point{Lat: clamp(float64(p.Lat)-dLat, 90*E7), Lon: clamp(float64(p.Lon)-dLon, 180*E7)},
		Max: Point{Lat: clamp(float64(p.Lat)+dLat, 90*E7), Lon: clamp(float64(p.Lon)+dLon, 180*E7)},
	}
	if math.Abs(float64(p.Lat))+dLat >= 89.9*E7 {
		b.Min.Lon, b.Max.Lon = -180*E7, 180*E7
	}
	return b
}
