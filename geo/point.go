package geo

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// E7 is the number of integer steps in one degree.
const E7 = 10_000_000

// Point is a place in WGS 84, in steps of 1e-7 degree. Its zero value is the
// Gulf of Guinea, a place like any other: use a pointer where a point may be
// absent.
type Point struct {
	Lat int32 `json:"lat_e7"` // -90e7 to 90e7, north positive
	Lon int32 `json:"lon_e7"` // -180e7 to 180e7, east positive
}

// Errors of FromDegrees. They are matched with errors.Is.
var (
	ErrNotFinite = errors.New("coordinate is not a finite number")
	ErrLatitude  = errors.New("latitude is outside -90 to 90")
	ErrLongitude = errors.New("longitude is outside -180 to 180")
)

// FromDegrees rounds a latitude and a longitude in degrees to the nearest
// point. It returns ErrNotFinite, ErrLatitude or ErrLongitude (wrapped with
// the value) for a pair that is not on the earth.
func FromDegrees(lat, lon float64) (Point, error) {
	for _, v := range [2]float64{lat, lon} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Point{}, fmt.Errorf("%w: %v", ErrNotFinite, v)
		}
	}
	if lat < -90 || lat > 90 {
		return Point{}, fmt.Errorf("%w: %v", ErrLatitude, lat)
	}
	if lon < -180 || lon > 180 {
		return Point{}, fmt.Errorf("%w: %v", ErrLongitude, lon)
	}
	return Point{
		Lat: int32(math.Round(lat * E7)),
		Lon: int32(math.Round(lon * E7)),
	}, nil
}

// Degrees gives the latitude and the longitude in degrees. FromDegrees of the
// result is p again.
func (p Point) Degrees() (lat, lon float64) {
	return float64(p.Lat) / E7, float64(p.Lon) / E7
}

// Valid reports whether p lies within the ranges of latitude and longitude.
func (p Point) Valid() bool {
	return p.Lat >= -90*E7 && p.Lat <= 90*E7 && p.Lon >= -180*E7 && p.Lon <= 180*E7
}

// Compare orders points from south to north, then from west to east.
func (p Point) Compare(q Point) int {
	return cmp.Or(cmp.Compare(p.Lat, q.Lat), cmp.Compare(p.Lon, q.Lon))
}

// String writes "lat,lon" in degrees with all seven decimals.
func (p Point) String() string {
	return degrees(p.Lat) + "," + degrees(p.Lon)
}

func degrees(v int32) string {
	sign, a := "", int64(v)
	if a < 0 {
		sign, a = "-", -a
	}
	return fmt.Sprintf("%s%d.%07d", sign, a/E7, a%E7)
}

// Turn tells on which side of the directed line a to b the point c lies, in
// the plane of longitude (x) and latitude (y): +1 left, -1 right, 0 on the
// line. It is exact for all valid points: the two products are compared and
// never subtracted, since their difference can leave 64 bits.
func Turn(a, b, c Point) int {
	abx, aby := int64(b.Lon)-int64(a.Lon), int64(b.Lat)-int64(a.Lat)
	acx, acy := int64(c.Lon)-int64(a.Lon), int64(c.Lat)-int64(a.Lat)
	return cmp.Compare(abx*acy, aby*acx)
}
