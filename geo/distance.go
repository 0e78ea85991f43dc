package geo

import (
	"math"
	"time"
)

// EarthRadius is the mean radius of the earth in metres (IUGG R1).
const EarthRadius = 6_371_008.8

// Distance is a length in millimetres.
type Distance int64

// Meters turns metres into a Distance, rounded to the millimetre.
func Meters(m float64) Distance { return Distance(math.Round(m * 1000)) }

// Meters gives the distance in metres.
func (d Distance) Meters() float64 { return float64(d) / 1000 }

// Between is the great-circle distance from a to b on a sphere of EarthRadius
// (haversine formula: Sinnott, "Virtues of the Haversine", Sky and Telescope
// 68, 1984), at most 0.5 % from the distance on the ellipsoid. Products are
// rounded one by one, so that no machine fuses them into another result.
func Between(a, b Point) Distance {
	const radians = math.Pi / 180 / E7
	lat1, lat2 := float64(a.Lat)*radians, float64(b.Lat)*radians
	sLat := math.Sin(float64(int64(b.Lat)-int64(a.Lat)) * radians / 2)
	sLon := math.Sin(float64(int64(b.Lon)-int64(a.Lon)) * radians / 2)
	h := float64(sLat*sLat) + float64(math.Cos(lat1)*math.Cos(lat2)*float64(sLon*sLon))
	return Meters(2 * EarthRadius * math.Asin(min(1, math.Sqrt(h))))
}

// Speed is a speed in millimetres per second.
type Speed int64

// MetersPerSecond turns metres per second into a Speed.
func MetersPerSecond(v float64) Speed { return Speed(math.Round(v * 1000)) }

// KilometersPerHour turns kilometres per hour into a Speed.
func KilometersPerHour(v float64) Speed { return MetersPerSecond(v / 3.6) }

// Time is the time that distance d takes at speed v, rounded up to the
// millisecond. It panics if v is not positive: a speed is a setting, checked
// where it is read.
func (v Speed) Time(d Distance) time.Duration {
	if v <= 0 {
		panic("geo: a speed must be above zero")
	}
	ms := (int64(d)*1000 + int64(v) - 1) / int64(v)
	return time.Duration(ms) * time.Millisecond
}
