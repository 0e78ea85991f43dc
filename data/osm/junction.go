package osm

import (
	"slices"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// junction is a node at which not every turn is open: one of a restriction, or
// with a barrier. In the graph it is several nodes at one point. Traffic from an
// end that some turn is closed to arrives at a node of that end, all other at
// one that it shares; every end is left from a node of its own. Between them are
// the turns that are open. So each street stays one pair of arcs, and a place on
// it is the same whatever the turns at its ends.
type junction struct {
	ends    []end
	barrier permission
	no      map[[2]int]bool // from one end to another, in the routine profile

	arrive, depart []road.Node // of each end
}

// closed reports whether a turn is closed to a profile. Turning round is closed
// by no barrier.
func (j *junction) closed(from, to int, p geo.Profile) bool {
	if from != to && (j.barrier == closed || j.barrier == emergencyOnly && p == geo.Routine) {
		return true
	}
	return p == geo.Routine && j.no[[2]int{from, to}]
}

// forbid applies a restriction; it gives the reason if that is not possible.
func (j *junction) forbid(t restriction) (why string) {
	from, why := j.find(t.from, end.in)
	if why != "" {
		return why
	}
	to, why := j.find(t.to, end.out)
	if why != "" {
		return why
	}
	for _, f := range from {
		for other := range j.ends {
			// The only turn leaves turning round open, as does the end of a street.
			if t.only && !slices.Contains(to, other) && other != f || !t.only && slices.Contains(to, other) {
				j.no[[2]int{f, other}] = true
			}
		}
	}
	return ""
}

// find gives the end by which routine traffic drives each of some ways. Those
// that it does not drive so are left out, unless that leaves none.
func (j *junction) find(ways []int64, drive func(end) [geo.Profiles]geo.Speed) (found []int, why string) {
	for _, id := range ways {
		var ends []int
		for i, e := range j.ends {
			if e.way.id == id && drive(e)[geo.Routine] > 0 {
				ends = append(ends, i)
			}
		}
		if len(ends) > 1 {
			return nil, notSplit
		}
		found = append(found, ends...)
	}
	if len(found) == 0 {
		return nil, notThere
	}
	return found, ""
}

// restricted reports whether some turn from an end is closed.
func (j *junction) restricted(from int) bool {
	for to := range j.ends {
		for p := range geo.Profiles {
			if drives(j.ends[to].out()) && j.closed(from, to, p) {
				return true
			}
		}
	}
	return false
}

// build adds the nodes and the turns of the junction to a graph.
func (j *junction) build(b *road.Builder, at geo.Point) {
	j.arrive, j.depart = make([]road.Node, len(j.ends)), make([]road.Node, len(j.ends))
	for i, e := range j.ends {
		if drives(e.out()) {
			j.depart[i] = b.AddNode(at)
		}
	}
	shared := -1 // an end whose node others share
	for i, e := range j.ends {
		free := !j.restricted(i)
		switch {
		case !drives(e.in()):
			continue
		case free && shared >= 0:
			j.arrive[i] = j.arrive[shared]
			continue
		case free:
			shared = i
		}
		j.arrive[i] = b.AddNode(at)
		for to := range j.ends {
			if times, ok := j.turn(i, to); ok {
				b.AddTurn(j.arrive[i], j.depart[to], times)
			}
		}
	}
}

// turn is what it takes to turn; false if nobody may, or no way leads on there.
func (j *junction) turn(from, to int) (times [geo.Profiles]time.Duration, ok bool) {
	if !drives(j.ends[to].out()) {
		return times, false
	}
	for p := range geo.Profiles {
		if j.closed(from, to, p) {
			times[p] = road.Never
		} else {
			ok = true
		}
	}
	return times, ok
}

// node is the node by which a segment ends or begins here.
func (j *junction) node(segment int, arrives bool) road.Node {
	if arrives {
		return j.arrive[j.index(segment)]
	}
	return j.depart[j.index(segment)]
}

func (j *junction) index(segment int) int {
	return slices.IndexFunc(j.ends, func(e end) bool { return e.segment == segment })
}
