package route

import (
	"slices"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/cch"
)

// Units is a Fleet on a network with a hierarchy: it gives the same times, some
// thousand times as fast. A unit costs a label in each profile when it moves,
// and a question the label of its place. It belongs to one goroutine, and knows
// other conditions once Version has been called.
type Units struct {
	roster
	epoch  *epoch
	lanes  [geo.Profiles]lane
	street map[road.Arc][]int // slots of the units on it
	batch  []timed            // units that take the same time, in a stream
	direct []int              // units that a stream has met on the street of its place
	goals  map[goalKey]*goal
}

// lane is what there is of each profile.
type lane struct {
	plan
	from, to *cch.Table
	index    *cch.Index
	search   cch.Search
}

// least is how many nodes a subtree must have for the tables to hold the label
// of its root: for a large city 50 MB in each direction and profile.
const least = 4

// Units makes Units without units. It panics if the network has no hierarchy.
// Its tables take some hundred bytes for each node of the graph.
func (n *Network) Units() *Units {
	u := &Units{epoch: n.epoch.Load(), street: make(map[road.Arc][]int), goals: make(map[goalKey]*goal)}
	u.roster = newRoster(n, u)
	for p := range geo.Profiles {
		m := u.epoch.metrics[p]
		l := lane{plan: plan{streets{n.graph, p, u.epoch}, m}, from: m.Table(cch.From, least), to: m.Table(cch.To, least)}
		l.index = cch.NewIndex(n.hierarchy.cells, l.from)
		u.lanes[p] = l
	}
	return u
}

// Version takes in the conditions that are in force, and names the roads. Answers
// are by these until it is called again, whatever is adopted meanwhile: a
// decision that asks often is by one version of the roads.
func (u *Units) Version() string {
	u.follow()
	return u.epoch.version
}

// follow takes in the conditions that have been adopted since the last time.
func (u *Units) follow() {
	before, next := u.epoch, u.net.epoch.Load()
	if next == before {
		return
	}
	u.change++
	u.epoch = next
	clear(u.goals)
	partial := next.partial && next.number == before.number+1
	for p := range geo.Profiles {
		l := &u.lanes[p]
		l.epoch, l.metric = next, next.metrics[p]
		changed := next.changed[p]
		if !partial {
			changed = u.net.hierarchy.topology.Roots()
		}
		l.from.Follow(l.metric, changed)
		l.to.Follow(l.metric, changed)
		l.index.Follow(changed)
	}
	// Those on a street that has changed itself leave it otherwise.
	if !partial {
		for slot := range u.units {
			u.place(slot)
		}
		return
	}
	for _, a := range next.arcs {
		for _, arc := range [...]road.Arc{road.Arc(a), u.net.graph.Twin(road.Arc(a))} {
			for _, slot := range u.street[arc] {
				u.place(slot)
			}
		}
	}
}

// place tells the indexes where a unit is.
func (u *Units) place(slot int) {
	if u.units[slot].id == "" {
		return
	}
	for p := range u.lanes {
		l := &u.lanes[p]
		l.index.Put(slot, l.leaving(u.units[slot].at), u.units[slot].mask)
	}
}

func (u *Units) enter(slot int) {
	arc := u.units[slot].at.Arc
	u.street[arc] = append(u.street[arc], slot)
	u.place(slot)
}

func (u *Units) leave(slot int) {
	arc := u.units[slot].at.Arc
	list := u.street[arc]
	i := slices.Index(list, slot)
	list[i] = list[len(list)-1]
	if u.street[arc] = list[:len(list)-1]; len(list) == 1 {
		delete(u.street, arc)
	}
	for p := range u.lanes {
		u.lanes[p].index.Put(slot, cch.Nowhere, 0)
	}
}

func (u *Units) marked(slot int) {
	for p := range u.lanes {
		u.lanes[p].index.Mark(slot, u.units[slot].mask)
	}
}
