package engine

import (
	"callbox/assign"
	"callbox/assign/cover"
)

// coverage keeps the map of how well available units cover the city up to date,
// from when a decision asks first. Until then it costs nothing; from then on, for
// each unit that has changed since the last question, some microseconds.
type coverage struct {
	city    *cover.City // nil: nobody knows the demand
	now     *cover.Map  // nil: nobody has asked
	changed map[string]bool
}

// touch notes that a unit has changed.
func (c *coverage) touch(unit string) {
	if c.now != nil {
		c.changed[unit] = true
	}
}

// forget makes the next question begin anew: another policy reckons otherwise.
func (c *coverage) forget() { c.now, c.changed = nil, nil }

// uncovers answers what the city loses if a unit goes, as Situation.Uncovers; nil
// if nobody knows the demand.
func (p *Picture) uncovers() func(unit string) int {
	if p.cover.city == nil {
		return nil
	}
	var lost map[string]int // by the units that were asked about
	return func(unit string) int {
		if lost == nil {
			lost = make(map[string]int)
			p.recount()
		}
		n, known := lost[unit]
		if !known {
			n = int(p.cover.now.Lost(unit) * 100_000 / cover.Whole)
			lost[unit] = n
		}
		return n
	}
}

// recount brings the map up to date.
func (p *Picture) recount() {
	c, by := &p.cover, p.state.Policy()
	if c.now == nil {
		c.now, c.changed = cover.NewMap(c.city, by.Straight, by.CoversWithin()), make(map[string]bool)
		for _, id := range p.state.UnitIDs() {
			c.changed[id] = true
		}
	}
	for id := range c.changed {
		fix, known := p.fixes[id]
		c.now.Set(standing(by, p.state.Unit(id), fix, known))
	}
	clear(c.changed)
}

// standing is what a map of coverage must know of a unit. Units of other agencies
// cover nothing of the city, and one whose position is old is taken to be where
// it was.
func standing(p *assign.Policy, u *assign.Unit, fix assign.Fix, known bool) cover.Unit {
	s := cover.Unit{ID: u.ID, At: fix.At}
	switch tier, _ := p.TierOf(u.Areas, nil); {
	case tier == assign.Mutual:
	case u.Status == assign.Available && known:
		s.Duty = cover.Available
	case u.Status.OnCall():
		s.Duty = cover.Busy
	}
	return s
}
