package route

import (
	"callbox/geo"
	"callbox/geo/road"
)

// Query asks for ways from one place to another. It holds the memory of the
// search, 16 bytes a node, and belongs to one goroutine.
type Query struct {
	net    *Network
	search search
}

// Query makes a new Query.
func (n *Network) Query() *Query {
	return &Query{net: n, search: newSearch(n, 1)}
}

// Time is how long and how far it is from one place to another by the fastest
// way; false if either has no street within reach or there is no way. The leg
// has no ID. Time O((nodes + arcs) log nodes) at worst, of those nodes from
// which the destination is nearer in time.
func (q *Query) Time(from, to geo.Point, p geo.Profile) (geo.Leg, bool) {
	w, ok := q.way(from, to, p)
	return w.cost.leg(""), ok
}

// way is the fastest way between two positions.
type way struct {
	cost     cost
	from, to road.Position
	direct   bool // along one arc
	end      int  // else: the end by which it leaves the first
}

func (q *Query) way(from, to geo.Point, p geo.Profile) (w way, ok bool) {
	var ok1, ok2 bool
	w.from, ok1 = q.net.Snap(from)
	w.to, ok2 = q.net.Snap(to)
	if !ok1 || !ok2 {
		return w, false
	}
	s := &q.search
	s.epoch = q.net.epoch.Load()
	s.start(w.to, p, 0)
	leaf := s.leaf(0)
	if c, ok := s.direct(w.from, w.to); ok {
		w.direct = s.reach(leaf, c, road.NoArc)
	}
	for {
		place, c, ok := s.settle()
		if !ok {
			return w, false
		}
		if place == leaf {
			w.cost = c
			return w, true
		}
		for end := range ends {
			if node, ok := s.exit(w.from, end); !ok || uint32(node) != place {
				continue
			}
			if rest, ok := s.leave(w.from, end); ok && s.reach(leaf, c+rest, road.NoArc) {
				w.direct, w.end = false, end
			}
		}
	}
}
