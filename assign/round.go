package assign

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"callbox/geo"
)

// RoundBegun says by what the decisions that follow were made together, beyond
// what the facts before it add up to: whoever has those and the roads can make
// the decisions again. Its instant is that of the round. A round that decided
// nothing is not in the log.
type RoundBegun struct {
	Roads string   `json:"roads"`           // version of the roads: the graph, and what was in force on it
	Hurry bool     `json:"hurry,omitempty"` // there was no time for an exact answer
	All   bool     `json:"all,omitempty"`   // anything might have changed; nothing is named then
	Calls []string `json:"calls,omitempty"` // calls that were to be looked at again, ascending
	Units []string `json:"units,omitempty"` // units that were, ascending
}

// UnitsMoved holds the positions that decisions know from here on, of the units
// whose positions have changed since the log told them last. Its lists are of one
// length. The state does not keep them: they are old in seconds, and nothing but
// a decision asks for them.
type UnitsMoved struct {
	Units []string `json:"units"`   // ascending
	Lats  []int32  `json:"lats_e7"` // where they are
	Lons  []int32  `json:"lons_e7"`
	Ages  []int64  `json:"ages"` // how long before this fact they said so, in milliseconds; negative: their clocks run ahead
}

// BeginRound records by what decisions are made, before the first of them.
type BeginRound struct {
	RoundBegun
}

// RecordMoves records positions.
type RecordMoves struct {
	UnitsMoved
}

// Fresh is what the round had to look at again; nil if that was everything.
func (f *RoundBegun) Fresh() *Fresh {
	if f.All {
		return nil
	}
	fresh := &Fresh{Calls: make(map[string]bool), Units: make(map[string]bool)}
	for _, id := range f.Calls {
		fresh.Calls[id] = true
	}
	for _, id := range f.Units {
		fresh.Units[id] = true
	}
	return fresh
}

// Add adds a position, for a fact of that instant.
func (f *UnitsMoved) Add(unit string, fix Fix, at Instant) {
	f.Units = append(f.Units, unit)
	f.Lats, f.Lons = append(f.Lats, fix.At.Lat), append(f.Lons, fix.At.Lon)
	f.Ages = append(f.Ages, int64(at-fix.Since))
}

// Fixes yields the positions of a fact of that instant.
func (f *UnitsMoved) Fixes(at Instant) iter.Seq2[string, Fix] {
	return func(yield func(string, Fix) bool) {
		for i, unit := range f.Units {
			if !yield(unit, Fix{At: geo.Point{Lat: f.Lats[i], Lon: f.Lons[i]}, Since: at - Instant(f.Ages[i])}) {
				return
			}
		}
	}
}

func (c *BeginRound) decide(*State, Instant) ([]Fact, error) {
	begun := c.RoundBegun
	return []Fact{&begun}, nil
}

func (c *RecordMoves) decide(*State, Instant) ([]Fact, error) {
	moved := c.UnitsMoved
	return []Fact{&moved}, nil
}

func (f *RoundBegun) apply(*State, Recorded) error {
	if f.All && len(f.Calls)+len(f.Units) > 0 {
		return fmt.Errorf("it looks at everything, and names %d calls and %d units", len(f.Calls), len(f.Units))
	}
	for _, list := range [...][]string{f.Calls, f.Units} {
		if err := ascending(list); err != nil {
			return err
		}
	}
	return nil
}

func (f *UnitsMoved) apply(s *State, r Recorded) error {
	if n := len(f.Units); n == 0 || len(f.Lats) != n || len(f.Lons) != n || len(f.Ages) != n {
		return fmt.Errorf("it has %d units, %d latitudes, %d longitudes and %d ages", n, len(f.Lats), len(f.Lons), len(f.Ages))
	}
	for unit, fix := range f.Fixes(r.At) {
		if _, err := s.knownUnit(unit); err != nil {
			return err
		}
		if !fix.At.Valid() {
			return fmt.Errorf("unit %q is at %d, %d, which is not on the earth", unit, fix.At.Lat, fix.At.Lon)
		}
	}
	return ascending(f.Units)
}

func ascending(ids []string) error {
	for i := range ids[min(1, len(ids)):] {
		if ids[i] >= ids[i+1] {
			return fmt.Errorf("%q stands before %q", ids[i], ids[i+1])
		}
	}
	return nil
}

// mostNamed is how many bytes the names of a round may take.
const mostNamed = 128 << 10

// Nameable reports whether a round can name all that it is to look at again. One
// that cannot looks at everything.
func (f *Fresh) Nameable() bool {
	weight := MaxID * (len(f.Calls) + len(f.Units))
	if weight <= mostNamed {
		return true
	}
	weight = 0
	for _, set := range [...]map[string]bool{f.Calls, f.Units} {
		for id := range set {
			weight += text(id)
		}
	}
	return weight <= mostNamed
}

// Begun is the round of such a situation.
func (s *Situation) Begun() RoundBegun {
	f := RoundBegun{Roads: s.Roads, Hurry: s.Hurry, All: s.Fresh == nil}
	if s.Fresh != nil {
		f.Calls, f.Units = slices.Sorted(maps.Keys(s.Fresh.Calls)), slices.Sorted(maps.Keys(s.Fresh.Units))
	}
	return f
}
