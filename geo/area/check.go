package area

import (
	"fmt"

	"callbox/geo"
)

// checkRing notes what is wrong with the positions of a ring as they were
// given.
func checkRing(points []geo.Point, where Where, report *Report) {
	switch n := len(points); {
	case n < 4:
		report.Add(where.Fault(TooFew, fmt.Sprintf("the ring has %d positions; a ring needs four or more, the last the same as the first", n)))
	case points[0] != points[n-1]:
		report.Add(where.Fault(OpenRing, fmt.Sprintf("the ring begins at %s and ends at %s; repeat the first position at the end", position(points[0]), position(points[n-1]))))
	}
}

// checkCrossings notes of each ring one place where it crosses or runs along
// itself, folds excepted, and of each hole one where it crosses another ring.
// Here and below, index is that of each ring of part among the rings given.
func checkCrossings(part polygon, index []int, where Where, report *Report) {
	noted := make([]bool, len(part))
	note := func(ring int, rule Rule, detail string) {
		if !noted[ring] {
			noted[ring] = true
			report.Add(where.In(where.Polygon, index[ring]).Fault(rule, detail))
		}
	}
	knots := make([][]knot, len(part))
	checked := part.crossings(func(e, f *edge) {
		switch {
		case e.ring == f.ring && shared(e, f) > slack:
			note(e.ring, SelfCrossing, fmt.Sprintf("the edge %s runs along the edge %s; redraw the ring so that each part of the border comes once", e, f))
		case e.ring == f.ring:
			if len(knots[e.ring]) <= maxKnots {
				knots[e.ring] = append(knots[e.ring], tie(e, f))
			}
		case !grazes(f.a, e.line) && !grazes(f.b, e.line) && !grazes(e.a, f.line) && !grazes(e.b, f.line):
			note(f.ring, HoleOutside, fmt.Sprintf("the edge %s crosses the edge %s of ring %d; redraw the hole inside its polygon", f, e, index[e.ring]))
		}
	})
	if !checked {
		report.Add(where.Fault(TooComplex, "too many edges lie over one another to check them for crossings; simplify the polygon"))
		return
	}
	for i, r := range part {
		if bad, ok := r.fold(knots[i]); !ok {
			note(i, SelfCrossing, fmt.Sprintf("the edge %s crosses the edge %s; redraw the ring so that it does not cross itself", bad.e, bad.f))
		}
	}
}

// checkHoles notes of each hole a point of it that is outside the rim, or one
// of the rim that is inside the hole. With no such point, and no crossing that
// checkCrossings would note, the hole is in its place.
func checkHoles(part polygon, index []int, where Where, report *Report) {
	if len(part) < 2 {
		return
	}
	rim := prepare(part[:1], 0)
	for k := 1; k < len(part); k++ {
		if p, ok := astray(rim, part[k]); ok {
			report.Add(where.In(where.Polygon, index[k]).Fault(HoleOutside,
				fmt.Sprintf("the hole reaches outside its polygon at %s; make the hole a polygon of its own, or move it inside", position(p))))
		}
	}
}

// astray is a point that shows that a hole leaves its rim, if there is one.
func astray(rim *prepared, r ring) (p geo.Point, found bool) {
	for _, p := range r {
		if !rim.holds(p) && !rim.grazes(p) {
			return p, true
		}
	}
	hole := prepare(polygon{r}, 0)
	rim.near(hole.bound, func(l *line) {
		for _, q := range [2]geo.Point{l.a, l.b} {
			if hole.holds(q) && !hole.grazes(q) {
				p, found = q, true
			}
		}
	})
	return p, found
}
