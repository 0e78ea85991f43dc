package engine

import (
	"cmp"
	"slices"

	"callbox/assign"
	"callbox/geo"
	"callbox/geo/cell"
)

// Where narrows a list by place. All parts that are set must hold.
type Where struct {
	Box  *geo.Bound
	Near *Circle
	Cell cell.ID // 0: any
	Area *Region
}

// Circle is every place within Radius of Center.
type Circle struct {
	Center geo.Point
	Radius geo.Distance
}

// Region is every place within Bound that Contains.
type Region struct {
	Bound    geo.Bound
	Contains func(geo.Point) bool
}

// anywhere reports whether nothing is asked.
func (w *Where) anywhere() bool {
	return w.Box == nil && w.Near == nil && w.Cell == 0 && w.Area == nil
}

// find gives the IDs of the points that lie there, sorted. One part is
// looked up in its index, the others are tested.
func (p *places) find(w *Where) []string {
	var ids []string
	switch {
	case w.Cell != 0:
		ids = p.cells.In(w.Cell)
	case w.Near != nil:
		for _, n := range p.tree.Near(w.Near.Center, w.Near.Radius) {
			ids = append(ids, n.ID)
		}
		slices.Sort(ids)
	case w.Box != nil:
		ids = p.tree.Within(*w.Box)
	default:
		ids = p.tree.Within(w.Area.Bound)
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		at, _ := p.tree.At(id)
		return !w.holds(at)
	})
}

// holds tests all parts but the cell, which is only ever looked up.
func (w *Where) holds(p geo.Point) bool {
	return (w.Box == nil || w.Box.Contains(p)) &&
		(w.Near == nil || geo.Between(w.Near.Center, p) <= w.Near.Radius) &&
		(w.Area == nil || w.Area.Contains(p))
}

// Calls lists calls in the order in which they were opened, from the first
// whose Opened is above after, at most limit of those that lie there and that
// keep accepts.
func (v *View) Calls(where Where, after uint64, limit int, keep func(*assign.Call) bool) []*assign.Call {
	list := v.opened
	if where.anywhere() {
		at, _ := slices.BinarySearchFunc(list, after+1, func(c *assign.Call, seq uint64) int { return cmp.Compare(c.Opened, seq) })
		list = list[at:]
	} else {
		list = nil
		for _, id := range v.calls.find(&where) {
			list = append(list, v.state.Call(id))
		}
		slices.SortFunc(list, func(a, b *assign.Call) int { return cmp.Compare(a.Opened, b.Opened) })
	}
	var out []*assign.Call
	for _, c := range list {
		if len(out) == limit {
			break
		}
		if c.Opened > after && v.state.Call(c.ID) == c && keep(c) {
			out = append(out, c)
		}
	}
	return out
}

// Units lists units by ID, from the first above after, at most limit of those
// that lie there and that keep accepts. A unit that nobody knows the place of
// lies nowhere.
func (v *View) Units(where Where, after string, limit int, keep func(*assign.Unit) bool) []*assign.Unit {
	ids := v.state.UnitIDs()
	if !where.anywhere() {
		ids = v.units.find(&where)
	}
	at, found := slices.BinarySearch(ids, after)
	if found {
		at++
	}
	var out []*assign.Unit
	for _, id := range ids[at:] {
		if len(out) == limit {
			break
		}
		if u := v.state.Unit(id); keep(u) {
			out = append(out, u)
		}
	}
	return out
}
