package engine

import (
	"maps"
	"slices"

	"callbox/assign"
)

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

// hear takes in what a fact tells of positions, and gives the units that have
// another one now.
func (f fixes) hear(r assign.Recorded) (moved []string) {
	unit, fix := "", (*assign.Fix)(nil)
	switch fact := r.Fact.(type) {
	case *assign.UnitSignedOn:
		unit, fix = fact.Unit.ID, fact.Unit.Fix
	case *assign.UnitDispatched:
		unit, fix = fact.Assignment.Unit, fact.Fix
	case *assign.UnitsMoved: // by the writer's word the freshest
		for unit, fix := range fact.Fixes(r.At) {
			if old, known := f[unit]; !known || old != fix {
				f[unit], moved = fix, append(moved, unit)
			}
		}
	}
	if fix != nil && f.update(unit, *fix, false) {
		moved = append(moved, unit)
	}
	return moved
}

// unlogged is the units whose positions the log does not tell, or tells older
// ones. They are recorded before the next decisions, and not sooner: most
// positions are out of date before anybody asks.
type unlogged struct {
	units  map[string]bool
	weight int // bytes that they will take in the journal, at most
}

const (
	moveWeight = 32   // of a unit's position, without its ID
	mostMoves  = 1000 // in one fact
)

func (u *unlogged) add(unit string) {
	if !u.units[unit] {
		u.units[unit], u.weight = true, u.weight+moveWeight+len(unit)
	}
}

// recordMoves records the positions that the log does not tell.
func (w *writer) recordMoves() error {
	for units := range slices.Chunk(slices.Sorted(maps.Keys(w.unlogged.units)), mostMoves) {
		var moved assign.RecordMoves
		for _, unit := range units {
			moved.Add(unit, w.fixes[unit], w.now)
		}
		if err := w.decide(&moved); err != nil {
			return err
		}
	}
	clear(w.unlogged.units)
	w.unlogged.weight = 0
	return nil
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
