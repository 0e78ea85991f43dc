package osm

import (
	"cmp"
	"maps"
	"slices"

	"callbox/geo"
)

// Report says what was read and what became of it.
type Report struct {
	Ways, Restrictions int // highways and turn restrictions in the file
	Duplicates         int // objects that were there before

	Driven   int          // ways
	Length   geo.Distance // of those, each street once
	Unused   []Count      // ways that are not driven, by reason
	Remarks  []Count      // ways by what was passed over in their tags
	Missing  int          // nodes of ways that the file does not have: its rim
	Barriers int          // nodes that a profile does not pass

	Honoured int     // restrictions, by the routine profile
	Ignored  []Count // restrictions, by reason

	Junctions int // nodes that became several: of restrictions and barriers
	Dropped   int // nodes of the graph that cannot be reached from everywhere
	Emergency int // nodes that are left and that routine driving does not reach

	ignored tally
}

// Count is how often something was the case.
type Count struct {
	What string
	N    int
}

// tally counts by reason.
type tally map[string]int

// counts are those of a tally, the most frequent first.
func (t tally) counts() []Count {
	var all []Count
	for _, what := range slices.Sorted(maps.Keys(t)) {
		all = append(all, Count{what, t[what]})
	}
	slices.SortStableFunc(all, func(a, b Count) int { return cmp.Compare(b.N, a.N) })
	return all
}
