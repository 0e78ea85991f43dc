package assign_test

import (
	"strings"
	"testing"

	"callbox/assign"
)

// TestAnImageThatContradictsItself is refused, with what is wrong.
func TestAnImageThatContradictsItself(t *testing.T) {
	need := []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}}
	open := func(unit string, slot int) *assign.Call {
		return &assign.Call{ID: "c", Needs: need, Assignments: []assign.Assignment{{Unit: unit, Slot: slot}}}
	}
	closed := &assign.Call{ID: "c", Needs: need, End: &assign.End{At: 1}}
	for says, image := range map[string]*assign.Image{
		`unit "a" stands after unit "b"`:                 {Units: []*assign.Unit{{ID: "b"}, {ID: "a"}}},
		`call "c" stands there twice`:                    {Calls: []*assign.Call{closed, closed}, Closed: []string{"c"}},
		`call "c" has unit "u", which is not on it`:      {Calls: []*assign.Call{open("u", 0)}},
		`unit "u" fills slot 1 of call "c", which has 1`: {Units: []*assign.Unit{{ID: "u", Call: "c"}}, Calls: []*assign.Call{open("u", 1)}},
		`unit "u" is on call "x", which does not have`:   {Units: []*assign.Unit{{ID: "u", Call: "x"}}},
		`call "c" is not closed`:                         {Closed: []string{"c"}},
		`0 calls are open, and 1 are not closed`:         {Calls: []*assign.Call{closed}},
	} {
		if s, err := image.State(); err == nil || s != nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, should say %s", err, says)
		}
	}
	good := &assign.Image{Units: []*assign.Unit{{ID: "u", Call: "c"}}, Calls: []*assign.Call{open("u", 0)}}
	s, err := good.State()
	if err != nil || s.Open() != 1 || s.Waits() || s.Going() != 1 {
		t.Errorf("a good image gives %+v, %v", s, err)
	}
}
