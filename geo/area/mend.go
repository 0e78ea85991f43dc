package area

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"callbox/geo"
)

// Mend checks areas and puts right what may be put right without asking:
// coordinates are rounded to E7, repeated positions and spikes are dropped,
// rims turn counter-clockwise and holes clockwise (RFC 7946), and parts that
// have no area left are dropped if others remain. The first ring of a polygon
// is its rim, whichever way it turns. What cannot be put right is noted in the
// report; the result is of no use then. Parents are not checked: they may come
// with another file.
//
// features gives the index under which each area is reported, for a file of
// which some features are no areas; nil counts the areas themselves.
//
// What comes out goes through again unchanged. O(n log n) for n positions.
func Mend(areas []Area, features []int, report *Report) []Area {
	mended, _ := mend(areas, features, report)
	return mended
}

// mend is Mend, and gives the integer form of each area as well.
func mend(areas []Area, features []int, report *Report) ([]Area, [][]polygon) {
	mended := slices.Clone(areas)
	shapes := make([][]polygon, len(areas))
	first := make(map[string]int, len(areas))
	for i, a := range areas {
		feature := i
		if features != nil {
			feature = features[i]
		}
		checkName(feature, a, report)
		if other, ok := first[a.ID]; ok && a.ID != "" {
			report.Add(Feature(feature, a.ID).Fault(DuplicateID, fmt.Sprintf("feature %d has this ID too; give each area its own, or join them into one MultiPolygon", other)))
		} else {
			first[a.ID] = feature
		}
		shapes[i] = mendShape(a.Shape, Feature(feature, a.ID), report)
		mended[i].Shape = degrees(shapes[i])
	}
	return mended, shapes
}

// mendShape gives the parts of a shape that have an area, and notes what is
// wrong with them.
func mendShape(shape orb.MultiPolygon, where Where, report *Report) []polygon {
	before := report.Len()
	points := toE7(shape, where, report)
	if report.Len() > before {
		return nil // no ring means anything in the wrong coordinates
	}
	var parts []polygon
	for i, rings := range points {
		if part := mendPolygon(rings, where.In(i, -1), report); part != nil {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 && report.Len() == before {
		report.Add(where.Fault(ZeroArea, "nothing is left of the area after rounding to seven decimals; remove it, or draw its polygon"))
	}
	return parts
}

// mendPolygon is nil for a polygon that has no area, and for one with a fault.
func mendPolygon(rings [][]geo.Point, where Where, report *Report) polygon {
	before := report.Len()
	if len(rings) == 0 {
		report.Add(where.Fault(TooFew, "the polygon has no ring; remove it"))
	}
	for j, points := range rings {
		checkRing(points, where.In(where.Polygon, j), report)
	}
	if report.Len() > before {
		return nil
	}
	var part polygon
	var index []int // of the part's rings among the rings given
	for j, points := range rings {
		r := tidy(points)
		switch {
		case r == nil && j == 0:
			return nil
		case r == nil:
			continue
		}
		// Wound before it is checked, so that the next Mend checks the same line.
		if _, sign := r.doubleArea(); sign != 0 && (sign > 0) != (j == 0) {
			slices.Reverse(r[1:]) // it starts where it did
		}
		part, index = append(part, r), append(index, j)
	}
	if checkCrossings(part, index, where, report); report.Len() > before {
		return nil
	}
	part, index = solid(part, index)
	if checkHoles(part, index, where, report); report.Len() > before {
		return nil
	}
	return part
}

// solid leaves out the rings that fold to nothing, without the rim all of them.
func solid(part polygon, index []int) (polygon, []int) {
	var kept polygon
	var at []int
	for j, r := range part {
		if abs, _ := r.doubleArea(); abs > 0 {
			kept, at = append(kept, r), append(at, index[j])
		} else if j == 0 {
			break
		}
	}
	return kept, at
}
