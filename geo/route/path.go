package route

import (
	"slices"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// Path is a way along the streets: straight from point to point. It begins and
// ends on the street, where the places asked for were snapped to.
type Path struct {
	Points   []geo.Point     // at least two; neighbours may be equal
	Times    []time.Duration // since the start, one for each point, never falling
	Distance geo.Distance    // of all; the streets need not be straight between points
}

// Time is how long the way takes.
func (p Path) Time() time.Duration {
	if len(p.Times) == 0 {
		return 0
	}
	return p.Times[len(p.Times)-1]
}

// At is where a unit is that left at the start, so long ago, to the
// millisecond: at the first point before it left, and at the last after it
// arrived. Time O(log points).
func (p Path) At(elapsed time.Duration) geo.Point {
	if len(p.Points) == 0 {
		return geo.Point{}
	}
	next, _ := slices.BinarySearchFunc(p.Times, elapsed, func(at, elapsed time.Duration) int {
		if at <= elapsed {
			return -1
		}
		return 1
	})
	if next == 0 {
		return p.Points[0]
	}
	a := p.Points[next-1]
	if next == len(p.Points) {
		return a
	}
	b := p.Points[next]
	// Milliseconds: 2^30 of them times 3.6e9 steps fit 64 bits.
	done := (elapsed - p.Times[next-1]).Milliseconds()
	all := (p.Times[next] - p.Times[next-1]).Milliseconds()
	part := func(a, b int32) int32 { return int32(int64(a) + (int64(b)-int64(a))*done/all) }
	return geo.Point{Lat: part(a.Lat, b.Lat), Lon: part(a.Lon, b.Lon)}
}

// Path is the way that Time measures; false in the same cases. Of several ways
// equal in time and distance it is always the same one.
func (q *Query) Path(from, to geo.Point, p geo.Profile) (Path, bool) {
	w, ok := q.way(from, to, p)
	if !ok {
		return Path{}, false
	}
	g := q.net.graph
	path := Path{Distance: geo.Distance(w.cost.length())}
	add := func(at geo.Point, left uint32) {
		path.Points = append(path.Points, at)
		path.Times = append(path.Times, duration(w.cost.time()-left))
	}
	add(g.PointAt(w.from), w.cost.time())
	if !w.direct {
		for node, _ := q.search.exit(w.from, w.end); ; {
			l := q.search.labels[node]
			add(g.Point(node), l.cost.time())
			if l.via == road.NoArc {
				break
			}
			node = g.Head(l.via)
		}
	}
	add(g.PointAt(w.to), 0)
	return path, true
}
