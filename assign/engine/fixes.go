package engine

import "callbox/assign"

// fixes is where the units are, by the freshest of what they signed on with,
// what a decision recorded, and what they sent since.
type fixes map[string]assign.Fix

// update takes a fix in if it is newer than the one known, and reports whether
// it was. Of two of the same instant the later to arrive is newer if arrival is
// all that is known of its time.
func (f fixes) update(unit string, fix assign.Fix, byArrival bool) bool {
	if old, known := f[unit]; known && (fix.Since < old.Since || fix.Since == old.Since && !byArrival) {
		return false
	}
	f[unit] = fix
	return true
}

// told is the position that a fact tells of a unit, nil if it tells none.
func told(f assign.Fact) (unit string, fix *assign.Fix) {
	switch f := f.(type) {
	case *assign.UnitSignedOn:
		return f.Unit.ID, f.Unit.Fix
	case *assign.UnitDispatched:
		return f.Assignment.Unit, f.Fix
	}
	return "", nil
}

// Position is one report of where a unit is.
type Position struct {
	Unit string
	Fix  assign.Fix // its Since is 0 if the report has no time of its own
}

// Moved counts what became of reports of positions.
type Moved struct {
	Accepted int // now the unit's position
	Stale    int // not newer than the position known
	Unknown  int // of a unit that is not signed on
	Future   int // dated more than assign.MaxSkew ahead
}
