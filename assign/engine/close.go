package engine

import (
	"errors"
	"fmt"

	"callbox/assign"
	"callbox/geo"
)

// Streets finds the arcs that a geometry, in GeoJSON, meets on the roads of
// Travel, ascending, and the length of their streets. It is called by several
// goroutines at once.
type Streets func(geometry string) (arcs []uint32, length geo.Distance, err error)

// Streets finds the arcs that a geometry meets, for an assign.CloseRoad: none
// where the city has no roads. The writer does not wait for it.
func (e *Engine) Streets(geometry string) (arcs []uint32, length geo.Distance, err error) {
	if e.streets == nil {
		return nil, 0, nil
	}
	return e.streets(geometry)
}

// retrace closes anew, by their geometry, what was closed on another road graph:
// the numbers of its arcs mean nothing on this one. A closure that meets no
// street here stays in force, and closes none.
func (e *Engine) retrace(w *writer) error {
	for _, c := range w.state.Closures() {
		if c.Graph == w.graph {
			continue
		}
		arcs, length, err := e.Streets(c.Geometry)
		if e.streets == nil {
			err = errors.New("nothing here finds streets by their geometry")
		}
		if err == nil {
			closed := c.RoadClosed
			closed.Arcs, closed.Length, closed.Graph = arcs, length, w.graph
			err = w.decide(&assign.CloseRoad{RoadClosed: closed})
		}
		if err != nil {
			return fmt.Errorf("closure %s is of roads %s and cannot be carried over to roads %s; start with the old roads and open it first: %w",
				c.ID, c.Graph, w.graph, err)
		}
		e.log.Info("a closure was carried over to other roads", "closure", c.ID, "from", c.Graph, "to", w.graph, "arcs", len(arcs))
	}
	return nil
}
