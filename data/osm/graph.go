package osm

import (
	"maps"
	"slices"

	"callbox/geo/road"
)

// town is an extract on its way to a road graph.
type town struct {
	*extract
	segments  []segment
	first     []int             // ends[first[p]:first[p+1]] are at place p
	ends      []end             // of segments, by place
	junctions map[int]*junction // by place
	nodes     []road.Node       // of every other place
	b         road.Builder
}

// graph makes the road graph of an extract, in time O(n log n) for n nodes.
func (x *extract) graph(r *Report) (*road.Graph, error) {
	t := town{extract: x, junctions: map[int]*junction{}, nodes: make([]road.Node, len(x.ids))}
	t.cut()
	t.findJunctions(r)
	for place := range x.ids {
		if j := t.junctions[place]; j != nil {
			j.build(&t.b, x.points[place])
		} else if len(t.at(place)) > 0 {
			t.nodes[place] = t.b.AddNode(x.points[place])
		}
	}
	for i, s := range t.segments {
		r.Length += s.length(x)
		t.add(i, s)
	}
	return t.b.Build()
}

// findJunctions makes junctions of the nodes with a restriction or a barrier.
func (t *town) findJunctions(r *Report) {
	for _, turn := range t.restrictions {
		why := notThere
		if place, ok := t.place(turn.via); ok {
			why = t.junction(place).forbid(turn)
		}
		if why == "" {
			r.Honoured++
		} else {
			r.ignored[why]++
		}
	}
	r.Ignored = r.ignored.counts()
	for place, b := range t.barriers {
		if b != open && len(t.at(place)) > 1 {
			t.junction(place).barrier = b
		}
	}
	for place, j := range t.junctions {
		if j.barrier == open && len(j.no) == 0 {
			delete(t.junctions, place) // every turn is open
		}
	}
	r.Junctions = len(t.junctions)
	for _, place := range slices.Sorted(maps.Keys(t.junctions)) {
		if len(t.junctions[place].no) > 0 {
			t.forbidTurningRound(place)
		}
	}
}

// junction is that of a place, or a new one.
func (t *town) junction(place int) *junction {
	if t.junctions[place] == nil {
		t.junctions[place] = &junction{ends: t.at(place), no: map[[2]int]bool{}}
	}
	return t.junctions[place]
}

// forbidTurningRound keeps routine traffic on its way from a junction with a
// restriction as far as the next crossing or dead end. Else it would get past
// the restriction at the next bend, where the shape of a street has a node.
func (t *town) forbidTurningRound(from int) {
	for _, e := range t.junctions[from].ends {
		place := t.segments[e.segment].other(from)
		for place != from && len(t.at(place)) == 2 && e.way.twoWay() {
			j := t.junction(place)
			if j.barrier != open || j.no[[2]int{0, 0}] {
				break // there one must be able to, or was here from the other end
			}
			j.no[[2]int{0, 0}], j.no[[2]int{1, 1}] = true, true
			e = j.ends[1-j.index(e.segment)]
			place = t.segments[e.segment].other(place)
		}
	}
}

// place is that of a node in the extract; false if no way passes it.
func (x *extract) place(id int64) (int, bool) { return slices.BinarySearch(x.ids, id) }

// add adds a segment to the graph: a street of two directions, or of one.
func (t *town) add(number int, s segment) {
	there := road.Way{Tail: t.node(number, s.u, false), Head: t.node(number, s.v, true), Times: s.times(t.extract, forward)}
	back := road.Way{Tail: t.node(number, s.v, false), Head: t.node(number, s.u, true), Times: s.times(t.extract, backward)}
	length := s.length(t.extract)
	switch goes, comes := drives(s.way.drive[forward]), drives(s.way.drive[backward]); {
	case goes && comes:
		t.b.AddStreet(length, there, back)
	case goes:
		t.b.AddArc(there.Tail, there.Head, length, there.Times)
	default:
		t.b.AddArc(back.Tail, back.Head, length, back.Times)
	}
}

func (t *town) node(segment, place int, arrives bool) road.Node {
	if j := t.junctions[place]; j != nil {
		return j.node(segment, arrives)
	}
	return t.nodes[place]
}
