package engine

import (
	"slices"

	"callbox/assign"
	"callbox/assign/cover"
	"callbox/geo"
)

// MoveUps is how the available units cover the city's demand, and how to cover
// more of it. It is advice: nothing of it is stored.
type MoveUps struct {
	At        assign.Instant
	Policy    *assign.Policy // that it goes by; it never changes
	Known     bool           // false: nobody knows the demand, and nothing else is set
	Units     int            // that are available, somewhere
	Busy      int            // share of the units on duty that are on calls, in thousandths
	Covered   cover.Share    // of the demand, by at least one available unit
	Expected  cover.Share    // by one that is still available when it is needed
	Gaps      int            // how many cells no available unit covers
	Uncovered []Gap          // the first of them, those of the greatest demand first
	Moves     []Move         // in the order in which they are to be made
}

// Gap is a cell that no available unit covers.
type Gap struct {
	cover.Gap
	Nearest *geo.Leg // by routine driving, without its length; nil if no unit can come
}

// Move is a unit, posted elsewhere.
type Move struct {
	cover.Move
	Leg *geo.Leg // by routine driving; nil if there is no telling
}

// MoveUps tells of at most n uncovered cells and proposes at most n moves of
// available units to cover such cells. Units whose positions are not trusted stay
// where they are. Its error is ErrBusy or ErrUnavailable. Questions are answered
// one at a time, beside the writer; it is asked for the ways alone.
func (e *Engine) MoveUps(n int) (MoveUps, error) {
	e.moving.Lock()
	defer e.moving.Unlock()
	m := MoveUps{At: e.Now(), Known: e.city != nil}
	var units []cover.Unit
	trusted := make(map[string]bool)
	e.View(func(v *View) {
		p := *v.state.Policy()
		m.Policy = &p
		for _, id := range v.state.UnitIDs() {
			fix, known := v.fixes[id]
			units = append(units, standing(&p, v.state.Unit(id), fix, known))
			trusted[id] = m.At.Sub(fix.Since) <= p.Positions.StaleAfter
		}
	})
	if !m.Known {
		return m, nil
	}
	now := cover.NewMap(e.city, m.Policy.Straight, m.Policy.CoversWithin())
	for _, u := range units {
		now.Set(u)
	}
	m.Units, m.Busy, m.Covered, m.Expected = now.Available(), now.Busy(), now.Covered(), now.Expected()
	gaps := now.Gaps()
	m.Gaps = len(gaps)
	for _, g := range gaps[:min(n, len(gaps))] {
		m.Uncovered = append(m.Uncovered, Gap{Gap: g})
	}
	for _, move := range now.MoveUps(n, func(unit string) bool { return trusted[unit] }) {
		m.Moves = append(m.Moves, Move{Move: move})
	}
	err := e.submit(e.patient, func(w *writer) error {
		w.drive(&m)
		return nil
	})
	return m, err
}

// drive fills in the ways, and drops units that have got a call meanwhile.
func (w *writer) drive(m *MoveUps) {
	for i, g := range m.Uncovered {
		for leg := range w.ways.legs(g.At, geo.Routine, 0, w.marks.wanted(assign.Want{Units: assign.Idle})) {
			m.Uncovered[i].Nearest = &leg
			break
		}
	}
	m.Moves = slices.DeleteFunc(m.Moves, func(move Move) bool { return w.state.Unit(move.Unit).Status != assign.Available })
	for i, move := range m.Moves {
		if leg, ok := w.ways.leg(move.Unit, move.To.At, geo.Routine, 0); ok {
			w.ways.measure(&leg, move.To.At, geo.Routine)
			m.Moves[i].Leg = &leg
		}
	}
}
