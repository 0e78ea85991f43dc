package audit

import (
	"cmp"
	"slices"

	"callbox/assign"
)

// unit is what the log has said of a unit.
type unit struct {
	id           string
	signedOn     bool // false: it was dispatched, and nobody had heard of it
	status       assign.UnitStatus
	since        assign.Instant // of its status
	capabilities []string       // nil: nobody has said
	areas        []string       // its own, then those that enclose it
	call         *call          // nil if it is on none
	slot         int            // of that call
}

// call is what the log has said of an open call.
type call struct {
	id, class string
	rank      int            // in the audit's order, 0 if it has none
	received  assign.Instant // both clocks run from here
	opened    assign.Instant // when that was written
	last      assign.Instant // the latest that has happened to it
	areas     []string
	slots     []slot
	on        []*unit // in order of dispatch
	gaveBack  map[string]bool

	answer, end clock
	promotion   *assign.Promotion
	promoted    string // class whose rank it got, "" if none
	sound       bool   // the promotion was by the rules

	decision *assign.Decision // the newest about it, kept while it waits
	decided  assign.Instant   // when that was made
	reason   string           // code of why it waits, "" if nobody has said
}

// slot is one unit that a call needs.
type slot struct {
	asks []string // capabilities
	unit *unit    // nil if none is on it
	done bool     // one was there and left: it needs no other
}

func (s *slot) open() bool { return s.unit == nil && !s.done }

// lacking is how many slots of a call need a unit.
func (c *call) lacking() int {
	n := 0
	for i := range c.slots {
		if c.slots[i].open() {
			n++
		}
	}
	return n
}

// put puts a unit on a call. A slot that is no slot of the call stands for none.
func (a *Auditor) put(u *unit, c *call, n int, since assign.Instant) {
	if n < 0 || n >= len(c.slots) || !c.slots[n].open() {
		n = assign.Extra
	} else {
		c.slots[n].unit = u
	}
	u.call, u.slot, u.status, u.since = c, n, assign.Dispatched, since
	c.on, c.last = append(c.on, u), max(c.last, since)
	a.settle(c)
}

// leave takes a unit off its call.
func (a *Auditor) leave(u *unit, how assign.AssignmentEnd, status assign.UnitStatus, at assign.Instant) {
	c := u.call
	if u.slot != assign.Extra {
		c.slots[u.slot].unit = nil
		c.slots[u.slot].done = how == assign.Cleared
	}
	if how == assign.GaveBack {
		c.gaveBack[u.id] = true
	}
	c.on = slices.DeleteFunc(c.on, func(v *unit) bool { return v == u })
	c.last = max(c.last, at)
	u.call, u.status, u.since = nil, status, at
	a.settle(c)
}

// settle lets units that were sent beyond what a call needed move up into slots
// that have fallen open, in order of dispatch, and keeps the list of calls that
// wait.
func (a *Auditor) settle(c *call) {
	for i := range c.slots {
		for _, u := range c.on {
			if c.slots[i].open() && u.slot == assign.Extra && (u.capabilities == nil || has(u.capabilities, c.slots[i].asks)) {
				c.slots[i].unit, u.slot = u, i
			}
		}
	}
	if c.rank == 0 {
		return
	}
	i, listed := slices.BinarySearchFunc(a.waiting, c, func(c, d *call) int {
		return cmp.Or(cmp.Compare(c.rank, d.rank), cmp.Compare(c.id, d.id))
	})
	switch waits := a.calls[c.id] == c && c.lacking() > 0; {
	case waits && !listed:
		a.waiting = slices.Insert(a.waiting, i, c)
	case !waits && listed:
		a.waiting = slices.Delete(a.waiting, i, i+1)
	}
	if c.lacking() == 0 {
		c.decision = nil
	}
}

// has reports whether capabilities hold all that is asked for.
func has(capabilities, asks []string) bool {
	for _, ask := range asks {
		if !slices.Contains(capabilities, ask) {
			return false
		}
	}
	return true
}

// recent holds the newest assign.KeepClosed closed calls: as long as the engine
// itself remembers that an ID was in use.
type recent struct {
	is    map[string]bool
	order []string // oldest first
}

func (r *recent) add(call string) {
	r.is[call] = true
	if r.order = append(r.order, call); len(r.order) > assign.KeepClosed {
		delete(r.is, r.order[0])
		r.order = r.order[1:]
	}
}
