package area

import (
	"cmp"
	"slices"

	"callbox/geo"
)

// span is the box of an edge: from low to high along the sweep, from left to
// right across it.
type span struct{ low, high, left, right, index int32 }

// sweep calls pair for all pairs of edges whose boxes touch. It walks a line
// over them, along the axis on which the line meets fewer edges at a time
// (Bentley and Wood, "An Optimal Worst Case Algorithm for Reporting
// Intersections of Rectangles", 1980, with a plain list in place of their
// tree). It takes O(n log n + n k) time for k edges on the line. It gives
// up and returns false when it has done the work of 4,096 comparisons of boxes for each edge;
// a call of pair is counted as eight.
func sweep(edges []edge, pair func(i, j int)) bool {
	var high, wide int64 // the lengths of all edges on either axis
	all := geo.BoundOf()
	spans := make([]span, len(edges))
	for i, e := range edges {
		b := geo.BoundOf(e.a, e.b)
		all = all.Union(b)
		high += int64(b.Max.Lat) - int64(b.Min.Lat)
		wide += int64(b.Max.Lon) - int64(b.Min.Lon)
		spans[i] = span{b.Min.Lat, b.Max.Lat, b.Min.Lon, b.Max.Lon, int32(i)}
	}
	onLat := high / (int64(all.Max.Lat) - int64(all.Min.Lat) + 1)
	onLon := wide / (int64(all.Max.Lon) - int64(all.Min.Lon) + 1)
	if onLon < onLat {
		for i, s := range spans {
			spans[i] = span{s.left, s.right, s.low, s.high, s.index}
		}
	}
	slices.SortFunc(spans, func(s, t span) int {
		return cmp.Or(cmp.Compare(s.low, t.low), cmp.Compare(s.index, t.index))
	})
	work := 4096 * len(spans)
	var active []span
	for _, s := range spans {
		if work -= len(active); work < 0 { // checked once an edge: pairs overdraw it by a round at most
			return false
		}
		kept := active[:0]
		for _, t := range active {
			if t.high < s.low {
				continue
			}
			kept = append(kept, t)
			if t.left <= s.right && s.left <= t.right {
				work -= 8
				pair(int(t.index), int(s.index))
			}
		}
		active = append(kept, s)
	}
	return true
}
