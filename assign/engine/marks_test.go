package engine

import (
	"fmt"
	"slices"
	"testing"

	"callbox/assign"
	"callbox/geo"
)

// TestMoreCapabilitiesThanBits: what was heard of first gets the bits, and makes no
// difference to who is left out.
func TestMoreCapabilitiesThanBits(t *testing.T) {
	var names []string
	for i := range 70 {
		names = append(names, fmt.Sprint("can-", i))
	}
	var before []string
	for range 2 {
		d := newDesk(t, "911-first", nil)
		for _, name := range names {
			d.at(0, &assign.SignOn{Unit: "u-" + name, Capabilities: []string{name}, Fix: &assign.Fix{At: *meters(0), Since: d.now}})
		}
		var met []string
		s := d.Situation(d.now, false, nil)
		for i := range 70 {
			want := assign.Want{Units: assign.Idle, Capabilities: []string{fmt.Sprint("can-", i)}}
			for leg := range s.Legs(*meters(100), geo.Routine, 0, want) {
				met = append(met, leg.ID)
			}
		}
		if len(met) != 70 || before != nil && !slices.Equal(met, before) {
			t.Errorf("%d units were met, in all %v", len(met), met)
		}
		before = met
		slices.Reverse(names)
	}
}
