package city

import "callbox/geo"

// The measures of the sample city, in millimetres.
const (
	kilometre = 1_000_000
	block     = 160_000    // between two streets
	precinct  = 20 * block // the side of a precinct
)

// sampleCorner is the south-west corner of the sample city: in the Atlantic,
// 140 km from the nearest coast.
var sampleCorner = geo.Point{Lat: 40 * geo.E7, Lon: -70 * geo.E7}

// Steps of E7 in a kilometre at the corner. Farther north a step of longitude
// is shorter, by 0.3 % over the 22 km of the reference city, so that no street
// is shorter than the straight line between its ends.
const (
	latPerKilometre = 89_932
	lonPerKilometre = 117_398
)

// spot is a place in the plane of the sample city: millimetres east and north
// of its corner.
type spot struct{ x, y int64 }

func (s spot) point() geo.Point {
	return geo.Point{
		Lat: sampleCorner.Lat + int32(s.y*latPerKilometre/kilometre),
		Lon: sampleCorner.Lon + int32(s.x*lonPerKilometre/kilometre),
	}
}

// spotOf is the spot of a point, to a step of E7.
func spotOf(p geo.Point) spot {
	return spot{
		x: int64(p.Lon-sampleCorner.Lon) * kilometre / lonPerKilometre,
		y: int64(p.Lat-sampleCorner.Lat) * kilometre / latPerKilometre,
	}
}

// square is the square of the distance from s to t.
func (s spot) square(t spot) int64 { return (s.x-t.x)*(s.x-t.x) + (s.y-t.y)*(s.y-t.y) }

// distance is that from s to t, rounded up to the millimetre.
func (s spot) distance(t spot) geo.Distance {
	square := s.square(t)
	low, high := int64(0), int64(1)<<31
	for low < high {
		if mid := (low + high) / 2; mid*mid < square {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return geo.Distance(low)
}
