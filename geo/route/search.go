package route

import (
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// search looks backward from one destination: it settles places in the order
// of what the way from there costs. Places are the nodes of the graph and,
// numbered after them, the leaves: things on a street that start the way. The
// memory is used again by the next search.
type search struct {
	streets
	limit  uint32 // greatest time, milliseconds
	heap   heap
	labels []label
	round  uint32 // labels of other rounds are void
}

// label is the best way found so far from a place.
type label struct {
	cost  cost
	round uint32
	via   road.Arc // the first arc of the way, NoArc at its last node and at leaves
}

func newSearch(n *Network, leaves int) search {
	return search{streets: streets{Graph: n.graph, epoch: n.epoch.Load()}, labels: make([]label, n.graph.Nodes()+leaves)}
}

// leaf is the place of the leaf with that number, from 0.
func (s *search) leaf(i int) uint32 { return uint32(s.Nodes() + i) }

// start begins a search to the position. Ways that take longer than limit are
// not found; a limit of 0 is none, and it must not be negative.
func (s *search) start(to road.Position, p geo.Profile, limit time.Duration) {
	s.profile = p
	s.limit = horizon
	if limit != 0 {
		s.limit = uint32(min(horizon, limit.Milliseconds()))
	}
	s.heap = s.heap[:0]
	if s.round++; s.round == 0 {
		clear(s.labels)
		s.round = 1
	}
	for end := range ends {
		if node, ok := s.entry(to, end); ok {
			if c, ok := s.enter(to, end); ok {
				s.reach(uint32(node), c, road.NoArc)
			}
		}
	}
}

// reach notes a way from a place, unless a better one is known, and reports
// whether it is the best so far.
func (s *search) reach(place uint32, c cost, via road.Arc) bool {
	l := &s.labels[place]
	if c.time() > s.limit || c.length() > farHorizon || l.round == s.round && c >= l.cost {
		return false
	}
	*l = label{c, s.round, via}
	s.heap.push(item{c, place})
	return true
}

// settle gives the next place, for which no better way exists any more; false
// if there is none. After a node the caller adds the leaves that leave by it.
func (s *search) settle() (place uint32, c cost, ok bool) {
	for len(s.heap) > 0 {
		top := s.heap.pop()
		if s.labels[top.place].cost != top.cost {
			continue // a better way was found after this one
		}
		if int(top.place) < s.Nodes() {
			for _, a := range s.In(road.Node(top.place)) {
				if c, ok := s.arc(a); ok {
					s.reach(uint32(s.Tail(a)), top.cost+c, a)
				}
			}
		}
		return top.place, top.cost, true
	}
	return 0, 0, false
}
