package assign

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of the closures in force.
const (
	MaxClosures    = 1000
	MaxArcs        = 50_000   // of one closure: its fact is one frame's
	MaxArcsInAll   = 100_000  // one that several closures close counts for each
	MaxClosureText = 64 << 10 // bytes of a geometry
)

// Closure is a stretch of road that is closed. It is never changed, only
// replaced.
type Closure struct {
	RoadClosed
	Since Instant // when this geometry was closed under this ID
}

// CloseRoad closes the arcs that a geometry meets, or puts another geometry in
// the place of the one of this ID. The shell has looked up Arcs and Length.
type CloseRoad struct {
	RoadClosed
}

// OpenRoad ends a closure.
type OpenRoad struct {
	ID string
}

// Closures are all in force, sorted by ID. They are not to be changed.
func (s *State) Closures() []*Closure { return s.closures }

// Closure is the closure of that ID, nil if there is none. It is not to be
// changed.
func (s *State) Closure(id string) *Closure {
	if i, there := s.findClosure(id); there {
		return s.closures[i]
	}
	return nil
}

func (s *State) findClosure(id string) (int, bool) {
	return slices.BinarySearchFunc(s.closures, id, func(c *Closure, id string) int { return strings.Compare(c.ID, id) })
}

func (f *RoadClosed) equal(g *RoadClosed) bool {
	return f.ID == g.ID && f.Geometry == g.Geometry && slices.Equal(f.Arcs, g.Arcs) && f.Length == g.Length &&
		f.Graph == g.Graph && f.By == g.By && f.Reason == g.Reason
}

func (c *CloseRoad) decide(s *State, _ Instant) ([]Fact, error) {
	closed := c.RoadClosed
	if err := legible("geometry", closed.Geometry, "by", closed.By, "reason", closed.Reason); err != nil {
		return nil, err
	}
	if n := len(closed.Geometry); n > MaxClosureText {
		return nil, refuse(Invalid, "geometry_too_large", "geometry", "the geometry has %d bytes; it may have %d", n, MaxClosureText)
	}
	if n := len(closed.Arcs); n > MaxArcs {
		return nil, refuse(Invalid, "too_many_arcs", "geometry", "the geometry meets %d arcs; a closure may have %d", n, MaxArcs)
	}
	old := s.Closure(closed.ID)
	if old != nil && old.equal(&closed) {
		return nil, nil
	}
	others, arcs := 0, 0
	for _, other := range s.closures {
		if other != old {
			others, arcs = others+1, arcs+len(other.Arcs)
		}
	}
	if others == MaxClosures {
		return nil, refuse(Conflict, "too_many_closures", "", "%d closures are in force, as many as may be; open one first", others)
	}
	if arcs+len(closed.Arcs) > MaxArcsInAll {
		return nil, refuse(Conflict, "too_many_closures", "",
			"the closures in force have %d arcs and this one has %d; they may have %d together: open one first", arcs, len(closed.Arcs), MaxArcsInAll)
	}
	return []Fact{&closed}, nil
}

func (c *OpenRoad) decide(s *State, _ Instant) ([]Fact, error) {
	if s.Closure(c.ID) == nil {
		return nil, refuse(NotFound, "unknown_closure", "id", "no closure %q is in force", c.ID)
	}
	return []Fact{&RoadOpened{ID: c.ID}}, nil
}

func (f *RoadClosed) apply(s *State, r Recorded) error {
	closure := &Closure{RoadClosed: *f, Since: r.At}
	i, there := s.findClosure(f.ID)
	if !there {
		s.closures = slices.Insert(s.closures, i, closure)
		return nil
	}
	if old := s.closures[i]; old.Geometry == f.Geometry {
		closure.Since = old.Since
	}
	s.closures[i] = closure
	return nil
}

func (f *RoadOpened) apply(s *State, _ Recorded) error {
	i, there := s.findClosure(f.ID)
	if !there {
		return fmt.Errorf("there is no closure %q", f.ID)
	}
	s.closures = slices.Delete(s.closures, i, i+1)
	return nil
}
