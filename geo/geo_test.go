package geo_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"callbox/geo"
)

func ExampleFromDegrees() {
	p, err := geo.FromDegrees(40.6782, -73.9442)
	fmt.Println(p, err)
	_, err = geo.FromDegrees(-73.9442, 240.6782)
	fmt.Println(err)
	// Output:
	// 40.6782000,-73.9442000 <nil>
	// longitude is outside -180 to 180: 240.6782
}

func TestFromDegreesRefusesWhatIsNotOnEarth(t *testing.T) {
	for _, c := range []struct {
		lat, lon float64
		want     error
	}{
		{math.NaN(), 0, geo.ErrNotFinite},
		{0, math.Inf(1), geo.ErrNotFinite},
		{90.0000001, 0, geo.ErrLatitude},
		{-90.1, 0, geo.ErrLatitude},
		{0, 180.0000001, geo.ErrLongitude},
		{40.7, -1e9, geo.ErrLongitude},
	} {
		if _, err := geo.FromDegrees(c.lat, c.lon); !errors.Is(err, c.want) {
			t.Errorf("FromDegrees(%v, %v): got %v, want %v", c.lat, c.lon, err, c.want)
		}
	}
}

func TestDegreesRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 10_000 {
		p := randomPoint(r)
		back, err := geo.FromDegrees(p.Degrees())
		if err != nil || back != p {
			t.Fatalf("%v came back as %v, %v", p, back, err)
		}
	}
}

// TestTurnIsExact compares Turn with integers that cannot overflow.
func TestTurnIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	for range 20_000 {
		a, b, c := randomPoint(r), randomPoint(r), randomPoint(r)
		if r.IntN(3) == 0 { // nearly on the line
			c = geo.Point{Lat: a.Lat/2 + b.Lat/2, Lon: a.Lon/2 + b.Lon/2}
		}
		product := func(x1, x0, y1, y0 int32) *big.Int {
			x, y := big.NewInt(int64(x1)-int64(x0)), big.NewInt(int64(y1)-int64(y0))
			return x.Mul(x, y)
		}
		want := product(b.Lon, a.Lon, c.Lat, a.Lat).Cmp(product(b.Lat, a.Lat, c.Lon, a.Lon))
		if got := geo.Turn(a, b, c); got != want {
			t.Fatalf("Turn(%v, %v, %v) = %d, want %d", a, b, c, got, want)
		}
	}
}

func TestBetweenKnownDistances(t *testing.T) {
	degree := geo.EarthRadius * math.Pi / 180
	at := func(lat, lon float64) geo.Point {
		p, err := geo.FromDegrees(lat, lon)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, c := range []struct {
		a, b geo.Point
		want float64
	}{
		{at(0, 0), at(0, 0), 0},
		{at(0, 0), at(1, 0), degree},
		{at(0, 10), at(0, 11), degree},
		{at(0, 179.5), at(0, -179.5), degree}, // across the antimeridian
		{at(90, 0), at(-90, 77), 180 * degree},
		{at(40.7128, -74.0060), at(40.7484, -73.9857), 4311.6}, // City Hall to the Empire State Building
	} {
		if got := geo.Between(c.a, c.b).Meters(); math.Abs(got-c.want) > 1+c.want*1e-4 {
			t.Errorf("%v to %v: %.1f m, want %.1f m", c.a, c.b, got, c.want)
		}
		if geo.Between(c.a, c.b) != geo.Between(c.b, c.a) {
			t.Errorf("%v to %v is not symmetric", c.a, c.b)
		}
	}
}

func TestAroundHoldsEveryPointWithin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 20_000 {
		p := randomPoint(r)
		if p.Lon > 170*geo.E7 || p.Lon < -170*geo.E7 {
			continue // boxes are cut at the antimeridian, as documented
		}
		q := geo.Point{Lat: p.Lat + int32(r.IntN(2e6)-1e6), Lon: p.Lon + int32(r.IntN(2e6)-1e6)}
		if !q.Valid() {
			continue
		}
		if d := geo.Between(p, q); !geo.Around(p, d).Contains(q) {
			t.Fatalf("the box around %v of %v m misses %v", p, d.Meters(), q)
		}
	}
}

func TestBound(t *testing.T) {
	a, b, c := geo.Point{Lat: 1, Lon: 1}, geo.Point{Lat: 5, Lon: 3}, geo.Point{Lat: 2, Lon: 9}
	box := geo.BoundOf(a, b)
	if !box.Contains(a) || !box.Contains(b) || box.Contains(c) {
		t.Errorf("%v should hold %v and %v and not %v", box, a, b, c)
	}
	if !box.Touches(geo.BoundOf(b, c)) || box.Touches(geo.BoundOf(c)) {
		t.Error("boxes that share a corner touch, others do not")
	}
	if empty := geo.BoundOf(); !empty.Empty() || empty.Touches(box) || empty.Union(box) != box {
		t.Error("the bound of nothing holds nothing and adds nothing")
	}
}

func TestSpeedRoundsUp(t *testing.T) {
	if got := geo.MetersPerSecond(10).Time(geo.Meters(25)); got != 2500*time.Millisecond {
		t.Errorf("25 m at 10 m/s: %v", got)
	}
	if got := geo.MetersPerSecond(1000).Time(1); got != time.Millisecond {
		t.Errorf("a way of 1 mm takes %v; it must not be free", got)
	}
}

func randomPoint(r *rand.Rand) geo.Point {
	return geo.Point{
		Lat: int32(r.Int64N(180*geo.E7+1) - 90*geo.E7),
		Lon: int32(r.Int64N(360*geo.E7+1) - 180*geo.E7),
	}
}
