package osm

import (
	"slices"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// segment is the piece of a way from one of its nodes to the next. Every node of
// a way is one of the graph: the shape of a street matters to what is snapped to
// it and drawn of it, and costs a search little.
type segment struct {
	way  *street
	u, v int // the places of its nodes in the extract, two
}

func (s segment) length(x *extract) geo.Distance { return geo.Between(x.points[s.u], x.points[s.v]) }

// other is the place at the other end.
func (s segment) other(place int) int { return s.u + s.v - place }

// times are the travel times in a direction.
func (s segment) times(x *extract, direction int) (times [geo.Profiles]time.Duration) {
	for p, speed := range s.way.drive[direction] {
		times[p] = road.Never
		if speed > 0 {
			times[p] = speed.Time(s.length(x))
		}
	}
	return times
}

// end is one end of a segment at a junction.
type end struct {
	segment int
	way     *street
	begins  bool // the segment begins here, so that driving it forward leaves
}

// in and out are how traffic arrives and leaves by an end.
func (e end) in() [geo.Profiles]geo.Speed {
	if e.begins {
		return e.way.drive[backward]
	}
	return e.way.drive[forward]
}

func (e end) out() [geo.Profiles]geo.Speed {
	if e.begins {
		return e.way.drive[forward]
	}
	return e.way.drive[backward]
}

func drives(s [geo.Profiles]geo.Speed) bool { return s != [geo.Profiles]geo.Speed{} }

// cut makes the segments of all ways, and lists their ends by place. Segments to
// or from a node that the file does not have are left out, and so is a node that
// is repeated.
func (t *town) cut() {
	for i := range t.ways {
		w := &t.ways[i]
		last := -1
		for _, id := range w.nodes {
			n, _ := t.place(id)
			if !t.known[n] {
				last = -1
				continue
			}
			if last >= 0 && last != n {
				t.segments = append(t.segments, segment{w, last, n})
			}
			last = n
		}
	}
	t.first = make([]int, len(t.ids)+1)
	for _, s := range t.segments {
		t.first[s.u+1]++
		t.first[s.v+1]++
	}
	for place := range t.ids {
		t.first[place+1] += t.first[place]
	}
	t.ends = make([]end, 2*len(t.segments))
	next := slices.Clone(t.first)
	for i, s := range t.segments {
		t.ends[next[s.u]] = end{i, s.way, true}
		next[s.u]++
		t.ends[next[s.v]] = end{i, s.way, false}
		next[s.v]++
	}
}

// at gives the ends of segments at a place.
func (t *town) at(place int) []end { return t.ends[t.first[place]:t.first[place+1]] }
