package area

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/geo"
)

// grid is a random closed line over a small grid, where repeats, spikes and
// touches abound.
func grid(r *rand.Rand, n int, size int32) []geo.Point {
	points := make([]geo.Point, n)
	for i := range points {
		points[i] = geo.Point{Lat: 100 * r.Int32N(size), Lon: 100 * r.Int32N(size)}
	}
	return points
}

func anywhere(r *rand.Rand) geo.Point {
	return geo.Point{Lat: int32(r.Int64N(180*geo.E7+1) - 90*geo.E7), Lon: int32(r.Int64N(360*geo.E7+1) - 180*geo.E7)}
}

// onLine and odd are the plain form of a question about a point: a walk over
// all edges.
func onLine(r []geo.Point, p geo.Point) bool {
	for i, a := range r {
		if b := r[(i+1)%len(r)]; geo.Turn(a, b, p) == 0 && geo.BoundOf(a, b).Contains(p) {
			return true
		}
	}
	return false
}

func odd(r []geo.Point, p geo.Point) bool {
	in := false
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && (geo.Turn(a, b, p) > 0) == (b.Lat > a.Lat) {
			in = !in
		}
	}
	return in
}

func TestTidyKeepsTheInside(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 1))
	shorter, gone := 0, 0
	for range 20_000 {
		points := grid(r, 3+r.IntN(9), 2+r.Int32N(4))
		got := tidy(points)
		for i, b := range got {
			a, c := got[(i+len(got)-1)%len(got)], got[(i+1)%len(got)]
			if a == b || spike(a, b, c) {
				t.Fatalf("%v of %v is left in %v", b, points, got)
			}
		}
		for range 10 {
			p := geo.Point{Lat: r.Int32N(700) - 100, Lon: r.Int32N(700) - 100}
			if onLine(points, p) {
				continue
			}
			if odd(points, p) != (got != nil && odd(got, p)) {
				t.Fatalf("%v changed sides when %v became %v", p, points, got)
			}
		}
		if again := tidy(got); !slices.Equal(again, got) {
			t.Fatalf("%v became %v at the second time", got, again)
		}
		if len(got) < len(points) {
			shorter++
		}
		if got == nil {
			gone++
		}
	}
	if shorter < 1000 || gone < 100 {
		t.Errorf("only %d rings lost a point and %d all of them: the cases are too tame", shorter, gone)
	}
}

func TestTidyKnownCases(t *testing.T) {
	p := func(x, y int32) geo.Point { return geo.Point{Lat: y, Lon: x} }
	square := []geo.Point{p(0, 0), p(9, 0), p(9, 9), p(0, 9)}
	for name, c := range map[string]struct {
		points []geo.Point
		want   ring
	}{
		"sound":                  {square, square},
		"closed":                 {append(slices.Clone(square), p(0, 0)), square},
		"a spike":                {[]geo.Point{p(0, 0), p(9, 0), p(20, 0), p(9, 0), p(9, 9), p(0, 9)}, square},
		"a spike of two lines":   {[]geo.Point{p(0, 0), p(9, 0), p(20, 0), p(20, 5), p(20, 0), p(9, 0), p(9, 9), p(0, 9)}, square},
		"a spike along the side": {[]geo.Point{p(0, 0), p(20, 0), p(9, 0), p(9, 9), p(0, 9)}, square},
		"a spike at the seam":    {[]geo.Point{p(-9, 0), p(0, 0), p(9, 0), p(9, 9), p(0, 9), p(0, 0)}, ring{p(0, 0), p(9, 0), p(9, 9), p(0, 9)}},
		"a point in the side":    {[]geo.Point{p(0, 0), p(5, 0), p(9, 0), p(9, 9)}, ring{p(0, 0), p(5, 0), p(9, 0), p(9, 9)}},
		"there and back":         {[]geo.Point{p(0, 0), p(5, 5), p(9, 9), p(5, 5), p(0, 0)}, nil},
		"one point":              {[]geo.Point{p(3, 3), p(3, 3), p(3, 3), p(3, 3)}, nil},
		"nothing":                {nil, nil},
	} {
		if got := tidy(c.points); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestDoubleAreaAgainstBigIntegers(t *testing.T) {
	r := rand.New(rand.NewPCG(72, 1))
	limit := new(big.Int).SetUint64(1<<64 - 1)
	for range 20_000 {
		var line ring
		for range 3 + r.IntN(12) {
			if r.IntN(2) == 0 {
				line = append(line, anywhere(r))
			} else {
				line = append(line, grid(r, 1, 5)...)
			}
		}
		sum := new(big.Int)
		for i, a := range line {
			b := line[(i+1)%len(line)]
			sum.Add(sum, new(big.Int).Mul(big.NewInt(int64(a.Lon)), big.NewInt(int64(b.Lat))))
			sum.Sub(sum, new(big.Int).Mul(big.NewInt(int64(b.Lon)), big.NewInt(int64(a.Lat))))
		}
		want := new(big.Int).Abs(sum)
		if want.Cmp(limit) > 0 {
			want = limit
		}
		abs, sign := line.doubleArea()
		if want.Uint64() != abs || sum.Sign() != sign {
			t.Fatalf("%v: %d, %d; want %v", line, abs, sign, sum)
		}
	}
	earth := ring{{Lat: -900000000, Lon: -1800000000}, {Lat: -900000000, Lon: 1800000000}, {Lat: 900000000, Lon: 1800000000}, {Lat: 900000000, Lon: -1800000000}}
	if abs, sign := earth.doubleArea(); abs != 2*1800000000*3600000000 || sign != 1 {
		t.Errorf("the earth: %d, %d", abs, sign)
	}
}
