package osm

import (
	"errors"
	"io"
	"os"

	"callbox/geo"
	"callbox/geo/road"
)

// Progress is told how far a step has come, in bytes of the file before
// unpacking; total is 0 where it is not known.
type Progress func(step string, done, total int64)

// ReadFile reads the road graph of a file: .osm.pbf, .osm or .osm.gz, which its
// content tells. Progress may be nil. Every error is an *Error.
func ReadFile(path string, progress Progress) (*road.Graph, Report, error) {
	s := source{name: path, open: func() (io.ReadCloser, error) { return os.Open(path) }}
	if info, err := os.Stat(path); err == nil {
		s.size = info.Size()
	}
	return s.read(progress)
}

// Read reads the road graph of what open opens, twice, each time from the
// begin. The name is for errors.
func Read(name string, open func() (io.ReadCloser, error), progress Progress) (*road.Graph, Report, error) {
	return source{name: name, open: open}.read(progress)
}

func (s source) read(progress Progress) (*road.Graph, Report, error) {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	var r Report
	x, err := readExtract(s, progress, &r)
	if err != nil {
		return nil, r, err
	}
	progress("joining streets", 0, 0)
	g, err := x.graph(&r)
	switch {
	case errors.Is(err, road.ErrNoNodes), errors.Is(err, road.ErrNoArcs):
		return nil, r, s.named(r.noRoads(err))
	case err != nil:
		return nil, r, s.named(&Error{Rule: RuleSize, Detail: err.Error() + "; cut out the city and its surroundings", Err: err})
	}
	progress("looking for dead ends", 0, 0)
	kept, dropped, err := road.LargestComponent(g)
	if err != nil {
		return nil, r, s.named(&Error{Rule: RuleRoads, Detail: "no road in it can be left and reached again; give an extract of a whole city", Err: err})
	}
	r.Dropped = dropped
	for n := range road.Node(kept.Nodes()) {
		if !reached(kept, n, geo.Routine) {
			r.Emergency++
		}
	}
	return kept, r, nil
}

// noRoads says what there is instead of roads.
func (r Report) noRoads(err error) error {
	e := &Error{Rule: RuleRoads, Err: err}
	switch {
	case r.Ways == 0:
		e.Detail = "there is no highway in it; give an extract with all ways and their nodes"
	case r.Driven == 0:
		e.Detail = "none of its highways is one for cars; give an extract of a whole city"
	default:
		e.Detail = "the nodes of its roads are missing; give an extract with all ways and their nodes"
	}
	return e
}

// reached reports whether a profile drives an arc at a node.
func reached(g *road.Graph, n road.Node, p geo.Profile) bool {
	for a, end := g.Out(n); a < end; a++ {
		if g.Millis(a, p) != road.Closed {
			return true
		}
	}
	return false
}
