package assign

import (
	"fmt"
	"maps"
	"slices"
)

// Snapshot is what a log adds up to at the end of one of its frames. Whoever has
// it need not read the frames up to there.
type Snapshot struct {
	Frame  uint64         `json:"frame"` // number of that frame
	State  *Image         `json:"state"`
	Fixes  map[string]Fix `json:"fixes"`  // where units are, as far as the log tells
	Firsts []uint64       `json:"firsts"` // number of the first fact of each frame
}

// Image is a state as plain values, so that it can be written down and read
// back. It says no more than the log does: a state made of it and one that read
// the log have the same Digest, and go on alike.
type Image struct {
	Seq      uint64     `json:"seq"` // of the newest fact
	Now      Instant    `json:"now"` // of that fact
	Started  Started    `json:"started"`
	Policy   Adopted    `json:"policy"`
	Areas    Areas      `json:"areas"`
	Staged   Staged     `json:"staged"`
	Closures []*Closure `json:"closures"`
	Units    []*Unit    `json:"units"`
	Calls    []*Call    `json:"calls"`
	Closed   []string   `json:"closed"` // IDs of closed calls, oldest first
	Keys     []*UsedKey `json:"keys"`   // oldest first
}

// Staged is a document of areas whose parts are coming in.
type Staged struct {
	Hash  string `json:"hash"`
	Parts int    `json:"parts"`
	Next  int    `json:"next"`
	Bytes []byte `json:"bytes"`
}

// Image is what the state holds, sorted by ID. It shares memory with the state
// and is to be used before the next Apply, in O(n log n) of calls and units.
func (s *State) Image() *Image {
	i := &Image{
		Seq: s.seq, Now: s.now, Started: s.started, Policy: s.policy, Areas: s.areas,
		Staged:   Staged{Hash: s.staged.hash, Parts: s.staged.parts, Next: s.staged.next, Bytes: s.staged.bytes},
		Closures: s.closures, Closed: s.closed, Keys: s.keyAge,
		Units: make([]*Unit, 0, len(s.units)), Calls: make([]*Call, 0, len(s.calls)),
	}
	for _, id := range s.unitIDs {
		i.Units = append(i.Units, s.units[id])
	}
	for _, id := range slices.Sorted(maps.Keys(s.calls)) {
		i.Calls = append(i.Calls, s.calls[id])
	}
	return i
}

// State makes a state of an image; they share nothing that changes. Its error says
// what in the image contradicts itself: no state has such an image.
func (i *Image) State() (*State, error) {
	s := NewState()
	s.seq, s.now, s.started, s.policy, s.areas = i.Seq, i.Now, i.Started, i.Policy, i.Areas
	s.staged = staging{hash: i.Staged.Hash, parts: i.Staged.Parts, next: i.Staged.Next, bytes: slices.Clone(i.Staged.Bytes)}
	s.closures, s.closed, s.keyAge = slices.Clone(i.Closures), slices.Clone(i.Closed), slices.Clone(i.Keys)
	for _, shared := range i.Units {
		u := *shared
		if n := len(s.unitIDs); n > 0 && u.ID <= s.unitIDs[n-1] {
			return nil, fmt.Errorf("unit %q stands after unit %q", u.ID, s.unitIDs[n-1])
		}
		s.units[u.ID] = &u
		s.unitIDs = append(s.unitIDs, u.ID)
	}
	for _, shared := range i.Calls {
		c := shared.Clone()
		if s.calls[c.ID] != nil {
			return nil, fmt.Errorf("call %q stands there twice", c.ID)
		}
		s.calls[c.ID] = c
		if c.Open() {
			if err := s.fitting(c); err != nil {
				return nil, err
			}
			s.settle(c)
		}
	}
	for _, u := range i.Units {
		if c := s.calls[u.Call]; u.Call != "" && (c == nil || c.On(u.ID) == nil) {
			return nil, fmt.Errorf("unit %q is on call %q, which does not have it", u.ID, u.Call)
		}
	}
	for _, id := range s.closed {
		if c := s.calls[id]; c == nil || c.Open() {
			return nil, fmt.Errorf("call %q is not closed", id)
		}
	}
	if open := len(s.calls) - len(s.closed); open != len(s.open) {
		return nil, fmt.Errorf("%d calls are open, and %d are not closed", len(s.open), open)
	}
	for _, k := range i.Keys {
		s.keys[k.Key] = k
	}
	return s, nil
}

// fitting tells why an open call and the units that it has do not fit together,
// or nil.
func (s *State) fitting(c *Call) error {
	for k := range c.Assignments {
		a := &c.Assignments[k]
		if a.Slot != Extra && (a.Slot < 0 || a.Slot >= c.Slots()) {
			return fmt.Errorf("unit %q fills slot %d of call %q, which has %d", a.Unit, a.Slot, c.ID, c.Slots())
		}
		if u := s.units[a.Unit]; a.Active() && (u == nil || u.Call != c.ID) {
			return fmt.Errorf("call %q has unit %q, which is not on it", c.ID, a.Unit)
		}
	}
	return nil
}
