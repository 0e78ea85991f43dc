package area

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"callbox/geo"
)

// toE7 rounds the positions of a shape. It notes the first that is not on the
// earth, or a shape that lies where no city is.
func toE7(shape orb.MultiPolygon, where Where, report *Report) [][][]geo.Point {
	points := make([][][]geo.Point, len(shape))
	box := geo.BoundOf()
	for i, rings := range shape {
		points[i] = make([][]geo.Point, len(rings))
		for j, r := range rings {
			points[i][j] = make([]geo.Point, len(r))
			for k, at := range r {
				p, ok := round(at, where.In(i, j), report)
				if !ok {
					return nil
				}
				points[i][j][k] = p
				box = box.With(p)
			}
		}
	}
	checkPlace(box, where, report)
	return points
}

// Point rounds a position in degrees to E7. It notes a position that is not on
// the earth, or lies where no city is, and then returns false.
func Point(at orb.Point, where Where, report *Report) (geo.Point, bool) {
	p, ok := round(at, where, report)
	return p, ok && checkPlace(geo.BoundOf(p), where, report)
}

func round(at orb.Point, where Where, report *Report) (geo.Point, bool) {
	p, err := geo.FromDegrees(at.Lat(), at.Lon())
	if err != nil {
		report.Add(misplaced(at, where))
	}
	return p, err == nil
}

// checkPlace notes a box that lies where no city is until its coordinates are
// exchanged.
func checkPlace(box geo.Bound, where Where, report *Report) bool {
	if box.Empty() || !remote(box) || remote(transposed(box)) {
		return true
	}
	report.Add(where.Fault(Swapped, fmt.Sprintf("all of it lies between %s and %s, where there is no city; exchange latitude and longitude: GeoJSON puts longitude first", position(box.Min), position(box.Max))))
	return false
}

// misplaced is the fault of a position that is not on the earth.
func misplaced(at orb.Point, where Where) Fault {
	x, y := at[0], at[1]
	given := fmt.Sprintf("[%v, %v]", x, y)
	switch {
	case math.IsNaN(x) || math.IsNaN(y) || math.IsInf(x, 0) || math.IsInf(y, 0):
		return where.Fault(NotFinite, "the position "+given+" is not a pair of finite numbers; write longitude and latitude in degrees")
	case math.Abs(x) <= 90 && math.Abs(y) <= 180:
		return where.Fault(Swapped, "the position "+given+" has a latitude above 90; exchange latitude and longitude: GeoJSON puts longitude first")
	}
	return where.Fault(Projected, "the position "+given+" is not in degrees but in metres or feet, such as EPSG:2263 or EPSG:3857; reproject the file to WGS 84 (EPSG:4326)")
}

// remote reports whether all of b lies where there is no city: south of 60
// degrees south or north of 80 degrees north.
func remote(b geo.Bound) bool { return b.Max.Lat < -60*geo.E7 || b.Min.Lat > 80*geo.E7 }

// transposed is b with latitude and longitude exchanged. Its latitudes may be
// beyond the poles.
func transposed(b geo.Bound) geo.Bound {
	return geo.Bound{Min: geo.Point{Lat: b.Min.Lon, Lon: b.Min.Lat}, Max: geo.Point{Lat: b.Max.Lon, Lon: b.Max.Lat}}
}

// LooksSwapped reports whether b lies elsewhere than a reference, such as the
// roads of the same city, and would touch it with latitude and longitude
// exchanged.
func LooksSwapped(b, reference geo.Bound) bool {
	return !b.Touches(reference) && transposed(b).Touches(reference)
}

// degrees is the shape of parts, each ring closed.
func degrees(parts []polygon) orb.MultiPolygon {
	shape := make(orb.MultiPolygon, len(parts))
	for i, part := range parts {
		shape[i] = make(orb.Polygon, len(part))
		for j, r := range part {
			line := make(orb.Ring, 0, len(r)+1)
			for _, p := range r {
				lat, lon := p.Degrees()
				line = append(line, orb.Point{lon, lat})
			}
			shape[i][j] = append(line, line[0])
		}
	}
	return shape
}

// position writes p as GeoJSON does, longitude first, so that it can be found
// in the file.
func position(p geo.Point) string {
	lat, lon := p.Degrees()
	return "[" + strconv.FormatFloat(lon, 'f', -1, 64) + ", " + strconv.FormatFloat(lat, 'f', -1, 64) + "]"
}
