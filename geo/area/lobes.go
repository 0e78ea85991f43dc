package area

import (
	"cmp"
	"math"
	"slices"

	"callbox/geo"
)

// slack is how wide, in steps of E7, a fold in a border may be that is let
// pass: 10 steps are 11 cm or less. Rounding alone can move a point past a
// line, and official borders that were cut along other borders have such
// folds. Nobody can be inside one.
const slack = 10

// maxKnots is how many times a ring may cross itself and still be looked at
// for folds. The worst of the real rings here crosses itself four times.
const maxKnots = 64

// knot is a crossing of two edges of one ring.
type knot struct {
	e, f edge
	at   geo.Point
}

// tie is the knot where e and f cross, rounded to E7. Of edges that run along
// each other it is the end of one on the other.
func tie(e, f *edge) knot {
	if shared(e, f) > 0 {
		at := e.a
		for _, p := range []geo.Point{f.a, f.b} {
			if geo.BoundOf(e.a, e.b).Contains(p) {
				at = p
			}
		}
		return knot{*e, *f, at}
	}
	dx, dy := float64(int64(e.b.Lon)-int64(e.a.Lon)), float64(int64(e.b.Lat)-int64(e.a.Lat))
	fx, fy := float64(int64(f.b.Lon)-int64(f.a.Lon)), float64(int64(f.b.Lat)-int64(f.a.Lat))
	px, py := float64(int64(f.a.Lon)-int64(e.a.Lon)), float64(int64(f.a.Lat)-int64(e.a.Lat))
	t := 0.0
	if det := float64(dx*fy) - float64(dy*fx); det != 0 {
		t = max(0, min(1, (float64(px*fy)-float64(py*fx))/det))
	}
	return knot{*e, *f, geo.Point{
		Lat: int32(int64(e.a.Lat) + int64(math.Round(t*dy))),
		Lon: int32(int64(e.a.Lon) + int64(math.Round(t*dx))),
	}}
}

// lobe is a closed piece of a ring that crosses itself.
type lobe struct {
	line ring
	knot int // one that it passes
	abs  uint64
	sign int
}

// thin reports whether a lobe is a fold: twice its area over its length, the
// mean width of a strip, is within the slack.
func (l lobe) thin() bool {
	var length uint64
	for i, b := range l.line {
		a := l.line[(i+len(l.line)-1)%len(l.line)]
		dx, dy := int64(b.Lon)-int64(a.Lon), int64(b.Lat)-int64(a.Lat)
		length += uint64(max(dx, -dx, dy, -dy))
	}
	return l.abs <= slack*length
}

// lobes takes a ring apart at its knots: each line that enters a knot leaves it
// along the other. The lobes go around each point as often together as the ring
// did, but they cross neither themselves nor each other (Seifert, "Über das
// Geschlecht von Knoten", Mathematische Annalen 110, 1935). O(n + k log k).
func (r ring) lobes(knots []knot) []lobe {
	type visit struct {
		edge   int
		offset int64 // along the edge
		knot   int
	}
	var visits []visit // in the order in which the ring comes to its knots
	for i, k := range knots {
		for _, e := range [2]edge{k.e, k.f} {
			dx, dy := int64(k.at.Lon)-int64(e.a.Lon), int64(k.at.Lat)-int64(e.a.Lat)
			visits = append(visits, visit{e.at, max(dx, -dx, dy, -dy), i})
		}
	}
	slices.SortFunc(visits, func(a, b visit) int {
		return cmp.Or(cmp.Compare(a.edge, b.edge), cmp.Compare(a.offset, b.offset), cmp.Compare(a.knot, b.knot))
	})
	sum := make([]int, len(knots)) // of the two visits to each knot, so that one gives the other
	for i, v := range visits {
		sum[v.knot] += i
	}
	var lobes []lobe
	left := make([]bool, len(visits))
	for start, v := range visits {
		if left[start] {
			continue
		}
		l := lobe{knot: v.knot}
		for i := start; !left[i]; {
			left[i] = true
			from := visits[i]
			l.line = append(l.line, knots[from.knot].at)
			i = (i + 1) % len(visits)
			to := visits[i]
			points := to.edge - from.edge
			if i == 0 {
				points += len(r)
			}
			for k := range points {
				l.line = append(l.line, r[(from.edge+1+k)%len(r)])
			}
			i = sum[to.knot] - i
		}
		l.abs, l.sign = l.line.doubleArea()
		lobes = append(lobes, l)
	}
	return lobes
}

// fold reports whether a ring that crosses itself at the knots does so only in
// folds: without its thin lobes it goes around every point once or not at all,
// and always in the same sense. If not, bad is a knot of a lobe where it does
// otherwise. More than maxKnots are no fold, and neither are knots whose order
// cannot be told.
func (r ring) fold(knots []knot) (bad knot, ok bool) {
	switch {
	case len(knots) == 0:
		return knot{}, true
	case len(knots) > maxKnots:
		return knots[0], false
	}
	for i, k := range knots {
		for _, other := range knots[:i] {
			if r.confused(k, other) {
				return k, false
			}
		}
	}
	lobes := slices.DeleteFunc(r.lobes(knots), lobe.thin)
	slices.SortStableFunc(lobes, func(a, b lobe) int { return cmp.Compare(b.abs, a.abs) })
	for i, l := range lobes {
		winding := l.sign
		for _, greater := range lobes[:i] {
			if greater.around(l) {
				winding += greater.sign
			}
		}
		if winding != 0 && winding != lobes[0].sign {
			return knots[l.knot], false
		}
	}
	return knot{}, true
}

// confused reports whether two knots lie on one edge so closely that rounding
// may have put them in the wrong order. It does not matter where the line only
// crosses the edge, turns and comes back: what it cuts off is thin.
func (r ring) confused(k, m knot) bool {
	const near = 2
	dx, dy := int64(k.at.Lon)-int64(m.at.Lon), int64(k.at.Lat)-int64(m.at.Lat)
	if max(dx, -dx, dy, -dy) > near {
		return false
	}
	// The edge in question first, then the one that crosses it there.
	for _, x := range [2][2]int{{k.e.at, k.f.at}, {k.f.at, k.e.at}} {
		for _, y := range [2][2]int{{m.e.at, m.f.at}, {m.f.at, m.e.at}} {
			turns := (x[1]+1)%len(r) == y[1] || (y[1]+1)%len(r) == x[1]
			if x[0] == y[0] && !turns {
				return true
			}
		}
	}
	return false
}

// around reports whether a smaller lobe m lies inside l, by a point of m that is
// well away from the rim of l.
func (l lobe) around(m lobe) bool {
	outer, inner := prepare(polygon{l.line}, 0), prepare(polygon{m.line}, 0)
	for n := int64(1); n <= 256; n *= 2 {
		for p := range lattice(inner.bound, n) {
			if inner.holds(p) && !outer.grazes(p) {
				return outer.holds(p)
			}
		}
	}
	return false
}

// grazes reports whether p lies within the slack of one of the lines.
func grazes(p geo.Point, lines ...line) bool {
	box := about(p)
	for _, l := range lines {
		if !geo.BoundOf(l.a, l.b).Touches(box) {
			continue
		}
		// The line misses the box if all corners are on one side of it.
		sides := 0
		for _, corner := range [4]geo.Point{box.Min, box.Max, {Lat: box.Min.Lat, Lon: box.Max.Lon}, {Lat: box.Max.Lat, Lon: box.Min.Lon}} {
			sides += geo.Turn(l.a, l.b, corner)
		}
		if sides != 4 && sides != -4 {
			return true
		}
	}
	return false
}

// about is the box of all points within the slack of p.
func about(p geo.Point) geo.Bound {
	return geo.Bound{
		Min: geo.Point{Lat: p.Lat - slack, Lon: p.Lon - slack},
		Max: geo.Point{Lat: p.Lat + slack, Lon: p.Lon + slack},
	}
}
