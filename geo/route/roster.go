package route

import (
	"callbox/geo"
	"callbox/geo/road"
)

// roster is the units on a network, each known by its ID and kept in a slot.
// What else is to be known of them is with who keeps it.
type roster struct {
	net    *Network
	keeper keeper
	slots  map[string]int
	units  []unit
	free   []int  // slots to use again
	change uint64 // counts what makes a running stream void
}

type unit struct {
	id   string // none if the slot is free
	at   road.Position
	mask uint64
}

// keeper is told of units by their slots: one stands somewhere, it leaves there,
// its mask is another.
type keeper interface {
	enter(slot int)
	leave(slot int)
	marked(slot int)
}

func newRoster(n *Network, k keeper) roster {
	return roster{net: n, keeper: k, slots: make(map[string]int)}
}

// Len is the number of units on the network.
func (r *roster) Len() int { return len(r.slots) }

// Put sets where a unit is, whether it was on the network or not. It reports
// false if no street is within reach: then the unit is not on the network. The
// order of calls has no influence on any answer.
func (r *roster) Put(id string, at geo.Point) bool {
	position, ok := r.net.Snap(at)
	if !ok {
		r.Delete(id)
		return false
	}
	r.change++
	slot, known := r.slots[id]
	if known {
		if r.units[slot].at == position {
			return true
		}
		r.keeper.leave(slot)
	} else {
		slot = r.newSlot()
		r.slots[id] = slot
	}
	r.units[slot].id, r.units[slot].at = id, position
	r.keeper.enter(slot)
	return true
}

// Mark sets what a unit is and can do, a bit each, for questions that want some
// of the bits. A unit has none at first, and loses them when it is deleted.
func (r *roster) Mark(id string, mask uint64) {
	if slot, known := r.slots[id]; known && r.units[slot].mask != mask {
		r.change++
		r.units[slot].mask = mask
		r.keeper.marked(slot)
	}
}

// Delete takes a unit off the network. An unknown ID is no error.
func (r *roster) Delete(id string) {
	slot, known := r.slots[id]
	if !known {
		return
	}
	r.change++
	r.keeper.leave(slot)
	r.units[slot] = unit{}
	r.free = append(r.free, slot)
	delete(r.slots, id)
}

func (r *roster) newSlot() int {
	if last := len(r.free) - 1; last >= 0 {
		slot := r.free[last]
		r.free = r.free[:last]
		return slot
	}
	r.units = append(r.units, unit{})
	return len(r.units) - 1
}
