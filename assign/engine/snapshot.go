package engine

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"callbox/assign"
)

// Fold carries a snapshot on over the frames that follow it, from the beginning of
// the log if it is nil. It asks nothing of a running engine: whoever makes
// snapshots reads the log like everybody else, and holds up nobody.
func Fold(from *assign.Snapshot, frames iter.Seq2[assign.Frame, error]) (*assign.Snapshot, error) {
	v, err := viewOf(from)
	if err != nil {
		return nil, err
	}
	for frame, err := range frames {
		if err != nil {
			return nil, err
		}
		if frame.Number != v.frames()+1 {
			return nil, fmt.Errorf("frame %d follows frame %d", frame.Number, v.frames())
		}
		if err := v.commit(frame, nil, ""); err != nil {
			return nil, fmt.Errorf("frame %d: %w", frame.Number, err)
		}
	}
	return &assign.Snapshot{Frame: v.frames(), State: v.state.Image(), Fixes: v.fixes, Firsts: v.firsts}, nil
}

// viewOf is the view of one who has read the log up to a snapshot; nil: nothing.
func viewOf(s *assign.Snapshot) (*View, error) {
	v := newView()
	if s == nil {
		return v, nil
	}
	if s.State == nil || uint64(len(s.Firsts)) != s.Frame {
		return nil, fmt.Errorf("a snapshot of frame %d knows where %d frames begin", s.Frame, len(s.Firsts))
	}
	var err error
	if v.state, err = s.State.State(); err != nil {
		return nil, err
	}
	v.firsts = slices.Clone(s.Firsts)
	for unit, fix := range s.Fixes {
		v.fixes[unit] = fix
		v.units.put(unit, fix.At)
	}
	for _, id := range v.state.CallIDs() {
		v.opened = append(v.opened, v.state.Call(id))
	}
	slices.SortFunc(v.opened, func(a, b *assign.Call) int { return cmp.Compare(a.Opened, b.Opened) })
	for _, c := range v.opened {
		v.calls.put(c.ID, c.Location)
	}
	return v, nil
}

// resume gives engine and writer what they know after a snapshot.
func (e *Engine) resume(w *writer, s *assign.Snapshot) error {
	view, err := viewOf(s)
	if err != nil {
		return err
	}
	state, err := s.State.State()
	if err != nil {
		return err
	}
	e.view, w.state, w.fixes = view, state, maps.Clone(s.Fixes)
	if w.fixes == nil {
		w.fixes = make(fixes)
	}
	return nil
}
