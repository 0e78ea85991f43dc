package area

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/geo"
)

// TestSweepAgainstAllPairs compares the sweep with a walk over all pairs.
func TestSweepAgainstAllPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(81, 1))
	crossed := 0
	for range 3000 {
		var g polygon
		for range 1 + r.IntN(3) {
			if line := tidy(grid(r, 3+r.IntN(20), 2+r.Int32N(9))); line != nil {
				g = append(g, line)
			}
		}
		type pair struct{ e, f edge }
		order := func(a, b pair) int {
			return slices.Compare([]int{a.e.ring, a.e.at, a.f.ring, a.f.at}, []int{b.e.ring, b.e.at, b.f.ring, b.f.at})
		}
		var got, want []pair
		if !g.crossings(func(e, f *edge) { got = append(got, pair{*e, *f}) }) {
			t.Fatal("gave up")
		}
		edges := g.edges()
		for i := range edges {
			for j := i + 1; j < len(edges); j++ {
				if g.cross(&edges[i], &edges[j]) {
					want = append(want, pair{edges[i], edges[j]})
				}
			}
		}
		slices.SortFunc(got, order)
		slices.SortFunc(want, order)
		if !slices.Equal(got, want) {
			t.Fatalf("%v: got %v, want %v", g, got, want)
		}
		if len(want) > 0 {
			crossed++
		}
	}
	if crossed < 500 || crossed > 2900 {
		t.Errorf("%d of 3000 cross: the cases are one-sided", crossed)
	}
}

// winding is how many times a line goes around p, counter-clockwise.
func winding(r ring, p geo.Point) int {
	n := 0
	for i, a := range r {
		b := r[(i+1)%len(r)]
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && (geo.Turn(a, b, p) > 0) == (b.Lat > a.Lat) {
			if b.Lat > a.Lat {
				n++
			} else {
				n--
			}
		}
	}
	return n
}

// TestSelfCrossingAgainstWinding takes the plain definition: a ring that does
// not cross itself goes around every point once or not at all, and always in
// the same sense. It is tried about all places where two edges meet: wherever
// the definition is broken, it is broken next to one.
func TestSelfCrossingAgainstWinding(t *testing.T) {
	r := rand.New(rand.NewPCG(84, 1))
	sound, crossed := 0, 0
	for range 6_000 {
		const cell = 100_000 // no lobe between such points is thin
		var points []geo.Point
		for range 3 + r.IntN(6) {
			points = append(points, geo.Point{Lat: cell * r.Int32N(5), Lon: cell * r.Int32N(5)})
		}
		line := tidy(points)
		if line == nil {
			continue
		}
		var report Report
		checkCrossings(polygon{line}, []int{0}, Feature(0, "x"), &report)
		seen := map[int]bool{}
		retraced, three := false, false
		var knots []knot
		edges := polygon{line}.edges()
		for i := range edges {
			for j := i + 1; j < len(edges); j++ {
				retraced = retraced || shared(&edges[i], &edges[j]) > 0
				k := tie(&edges[i], &edges[j])
				if (polygon{line}).cross(&edges[i], &edges[j]) {
					three = three || slices.ContainsFunc(knots, func(m knot) bool { return line.confused(k, m) })
					knots = append(knots, k)
				}
				at := k.at
				for k := range 200 {
					a, d := float64(k)*math.Pi/100+0.01, 50*(1+r.Float64())
					p := geo.Point{Lat: at.Lat + int32(d*math.Sin(a)), Lon: at.Lon + int32(d*math.Cos(a))}
					if !onLine(line, p) {
						seen[winding(line, p)] = true
					}
				}
			}
		}
		delete(seen, 0)
		once := len(seen) == 0 || len(seen) == 1 && (seen[1] || seen[-1])
		if three && once {
			continue // lines that cross in one point may be refused for nothing
		}
		if fault := report.Len() > 0; fault != (retraced || !once) {
			t.Fatalf("%v goes around points %v times, retraced %v; the faults are %v", line, seen, retraced, report.Err())
		} else if fault {
			crossed++
		} else {
			sound++
		}
	}
	if sound < 500 || crossed < 500 {
		t.Errorf("%d sound, %d crossed: one-sided cases", sound, crossed)
	}
}

// TestCrossingKnownCases uses steps of a centimetre.
func TestCrossingKnownCases(t *testing.T) {
	at := func(xy ...int32) []geo.Point {
		var r []geo.Point
		for i := 0; i < len(xy); i += 2 {
			r = append(r, geo.Point{Lat: xy[i+1], Lon: xy[i]})
		}
		return append(r, r[0])
	}
	square := at(0, 0, 900, 0, 900, 900, 0, 900)
	for name, c := range map[string]struct {
		rings [][]geo.Point
		want  Rule
	}{
		"square":                         {[][]geo.Point{square}, ""},
		"triangle":                       {[][]geo.Point{at(0, 0, 900, 0, 900, 900)}, ""},
		"bow-tie of equal lobes":         {[][]geo.Point{at(0, 0, 900, 900, 900, 0, 0, 900)}, SelfCrossing},
		"bow-tie":                        {[][]geo.Point{at(0, 0, 900, 900, 900, 0, 0, 600)}, SelfCrossing},
		"bow-tie through a point":        {[][]geo.Point{at(0, 0, 450, 450, 900, 900, 900, 0, 450, 450, 0, 600)}, SelfCrossing},
		"bow-tie, a point at the knot":   {[][]geo.Point{at(0, 0, 452, 452, 900, 900, 900, 0, 0, 900)}, SelfCrossing},
		"bow-tie, a point past the knot": {[][]geo.Point{at(0, 0, 453, 451, 900, 900, 900, 0, 447, 448, 0, 900)}, SelfCrossing},
		"bow-tie as thin as the slack":   {[][]geo.Point{at(0, 0, 900, 9, 900, 0, 0, 9)}, ""},
		"bow-tie with one thin lobe":     {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 450, -9, 0, 900)}, ""},
		"bow-tie with a larger lobe":     {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 450, -40, 0, 900)}, SelfCrossing},
		"a curl":                         {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 600, 900, 600, 300, 300, 300, 300, 600, 800, 600, 800, 800, 0, 800)}, SelfCrossing},
		"a knot of a few steps":          {[][]geo.Point{at(0, 0, 900, 0, 900, 450, 895, 455, 895, 450, 900, 455, 900, 900, 0, 900)}, ""},
		"pentagram":                      {[][]geo.Point{at(0, 900, 600, -900, -900, 300, 900, 300, -600, -900)}, SelfCrossing},
		"touches its side with a point":  {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 450, 0, 0, 900)}, ""},
		"passes through its side":        {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 450, 0, 0, -900)}, SelfCrossing},
		"two lobes that share a point":   {[][]geo.Point{at(0, 0, 450, 450, 0, 900, 900, 900, 450, 450, 900, 0)}, ""},
		"an inner lobe that does":        {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 450, 900, 600, 300, 300, 300, 450, 900, 0, 900)}, ""},
		"a waist that overlaps a bit":    {[][]geo.Point{at(0, 0, 900, 0, 447, 450, 900, 900, 0, 900, 453, 450)}, ""},
		"a waist that overlaps":          {[][]geo.Point{at(0, 0, 900, 0, 400, 450, 900, 900, 0, 900, 500, 450)}, SelfCrossing},
		"runs along its side":            {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 600, 0, 300, 0, 0, 900)}, SelfCrossing},
		"runs along its side for a step": {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 310, 0, 300, 0, 0, 900)}, ""},
		"a cut to a hole and back":       {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 0, 900, 0, 450, 300, 450, 300, 600, 600, 600, 600, 300, 300, 300, 300, 450, 0, 450)}, SelfCrossing},
		"hole inside":                    {[][]geo.Point{square, at(300, 300, 300, 600, 600, 600)}, ""},
		"hole across the rim":            {[][]geo.Point{square, at(300, 300, 300, 600, 1600, 600)}, HoleOutside},
		"hole past the rim by a step":    {[][]geo.Point{square, at(300, 300, 300, 600, 901, 600)}, ""},
		"hole past it bit by bit":        {[][]geo.Point{square, at(300, 300, 300, 600, 905, 600, 1600, 500, 905, 500)}, HoleOutside},
		"hole along the rim":             {[][]geo.Point{square, at(300, 0, 300, 600, 600, 0)}, ""},
		"hole around the rim":            {[][]geo.Point{square, at(-100, -100, 1000, -100, 1000, 1000, -100, 1000)}, HoleOutside},
		"hole around a notch of the rim": {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 460, 900, 450, 300, 440, 900, 0, 900), at(200, 200, 700, 200, 700, 600, 200, 600)}, HoleOutside},
		"hole about a thin notch":        {[][]geo.Point{at(0, 0, 900, 0, 900, 900, 452, 900, 450, 300, 448, 900, 0, 900), at(200, 200, 700, 200, 700, 600, 200, 600)}, HoleOutside},
	} {
		for turn := range 4 { // a quarter turn each, so that the sweep changes its axis
			var report Report
			mendPolygon(c.rings, Feature(0, "x"), &report)
			switch err := report.Err(); {
			case c.want == "" && err != nil:
				t.Errorf("%s, turned %d times: %v", name, turn, err)
			case c.want != "" && !errors.Is(err, c.want):
				t.Errorf("%s, turned %d times: got %v, want %s", name, turn, err, c.want)
			}
			for i, r := range c.rings {
				c.rings[i] = slices.Clone(r)
				for j, q := range r {
					c.rings[i][j] = geo.Point{Lat: q.Lon, Lon: -q.Lat}
				}
			}
		}
	}
}

// coast is a closed line of n points around a centre whose radius wanders, as
// a shore does.
func coast(r *rand.Rand, n int) ring {
	line := make(ring, n)
	radius := 2e6
	for i := range line {
		radius += r.NormFloat64() * 300
		a := 2 * math.Pi * float64(i) / float64(n)
		line[i] = geo.Point{Lat: 407000000 + int32(radius*math.Sin(a)), Lon: -740000000 + int32(radius*math.Cos(a))}
	}
	return line
}

// comb is a closed line of long teeth; slant tilts them.
func comb(n int, slant int32) ring {
	var line ring
	for i := range int32(n / 2) {
		line = append(line, geo.Point{Lat: 0, Lon: 40 * i}, geo.Point{Lat: 40 * int32(n), Lon: 40*i + slant})
	}
	return append(line, geo.Point{Lat: 40 * int32(n), Lon: 40*int32(n) + slant}, geo.Point{Lat: -1000, Lon: 0})
}

// TestLargeRingsAreCheckedOrRefused counts the work, since time is not to be
// trusted: a ring of a hundred thousand points is either checked or refused
// for its tangle within the bound of the sweep.
func TestLargeRingsAreCheckedOrRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(82, 1))
	for name, c := range map[string]struct {
		line ring
		done bool
	}{
		"coast":        {coast(r, 100_000), true},
		"upright comb": {comb(100_000, 0), true},
		"slanted comb": {comb(100_000, 40*100_000), false},
		"small comb":   {comb(500, 40*500), true},
	} {
		start := time.Now()
		found := 0
		done := polygon{c.line}.crossings(func(e, f *edge) { found++ })
		t.Logf("%s: %d points, %d crossings, %v", name, len(c.line), found, time.Since(start))
		if done != c.done {
			t.Errorf("%s: done %v, want %v", name, done, c.done)
		}
	}
}

func BenchmarkCrossings(b *testing.B) {
	r := rand.New(rand.NewPCG(83, 1))
	for _, n := range []int{1000, 10_000, 100_000} {
		g := polygon{coast(r, n)}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				g.crossings(func(e, f *edge) {})
			}
		})
	}
}
