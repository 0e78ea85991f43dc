package route

import (
	"callbox/geo"
	"callbox/geo/road"
)

// Fleet is the set of moving units on a network, each known by its ID. It
// holds the memory of a search too, and belongs to one goroutine.
type Fleet struct {
	net    *Network
	search search // unit i is its leaf i
	slots  map[string]int
	units  []unit
	free   []int   // slots to use again
	first  []int32 // for each node: the first hook of those units that leave by it
	hooks  []hook  // hook ends*i+end: unit i leaves by that end of its arc
	batch  []int   // units that take the same time, in Nearest
	change uint64  // counts what makes a running stream void
}

type unit struct {
	id   string
	at   road.Position
	mask uint64
}

// hook is a place in the list of a node, which is linked both ways.
type hook struct{ next, prev int32 }

const none = int32(-1)

// Fleet makes a Fleet without units.
func (n *Network) Fleet() *Fleet {
	f := &Fleet{net: n, search: newSearch(n, 0), slots: map[string]int{}}
	f.first = make([]int32, n.graph.Nodes())
	for i := range f.first {
		f.first[i] = none
	}
	return f
}

// Len is the number of units on the network.
func (f *Fleet) Len() int { return len(f.slots) }

// Version takes in the conditions that are in force, and names the roads; see
// Units.Version.
func (f *Fleet) Version() string {
	f.change++
	f.search.epoch = f.net.epoch.Load()
	return f.search.epoch.version
}

// Put sets where a unit is, whether it was on the network or not. It reports
// false if no street is within reach: then the unit is not on the network. The
// time is that of snapping a point; the order of calls has no influence on any
// answer.
func (f *Fleet) Put(id string, at geo.Point) bool {
	position, ok := f.net.Snap(at)
	if !ok {
		f.Delete(id)
		return false
	}
	f.change++
	slot, known := f.slots[id]
	if known {
		if f.units[slot].at == position {
			return true
		}
		f.unhook(slot)
	} else {
		slot = f.newSlot()
		f.slots[id] = slot
	}
	f.units[slot].id, f.units[slot].at = id, position
	f.hook(slot)
	return true
}

// Mark sets what a unit is and can do, a bit each, for questions that want some
// of the bits. A unit has none at first, and loses them when it is deleted.
func (f *Fleet) Mark(id string, mask uint64) {
	if slot, known := f.slots[id]; known && f.units[slot].mask != mask {
		f.change++
		f.units[slot].mask = mask
	}
}

// Delete takes a unit off the network. An unknown ID is no error.
func (f *Fleet) Delete(id string) {
	slot, known := f.slots[id]
	if !known {
		return
	}
	f.change++
	f.unhook(slot)
	f.units[slot] = unit{}
	f.free = append(f.free, slot)
	delete(f.slots, id)
}

func (f *Fleet) newSlot() int {
	if last := len(f.free) - 1; last >= 0 {
		slot := f.free[last]
		f.free = f.free[:last]
		return slot
	}
	f.units = append(f.units, unit{})
	f.hooks = append(f.hooks, make([]hook, ends)...)
	f.search.labels = append(f.search.labels, label{})
	return len(f.units) - 1
}

// hook enters a unit in the lists of those nodes by which it leaves its street,
// in whatever profile.
func (f *Fleet) hook(slot int) {
	at := f.units[slot].at
	for end := range ends {
		node, ok := f.search.exit(at, end)
		if !ok {
			continue
		}
		h, first := int32(ends*slot+end), &f.first[node]
		f.hooks[h] = hook{next: *first, prev: none}
		if *first != none {
			f.hooks[*first].prev = h
		}
		*first = h
	}
}

// unhook undoes hook.
func (f *Fleet) unhook(slot int) {
	at := f.units[slot].at
	for end := range ends {
		node, ok := f.search.exit(at, end)
		if !ok {
			continue
		}
		h := f.hooks[ends*slot+end]
		if h.prev == none {
			f.first[node] = h.next
		} else {
			f.hooks[h.prev].next = h.next
		}
		if h.next != none {
			f.hooks[h.next].prev = h.prev
		}
	}
}
