package route

import (
	"callbox/geo"
	"callbox/geo/road"
)

// Crossed gives the arcs that a shape meets (road.Locator.Crossed), as numbers
// for a log, and the length of their streets.
func (n *Network) Crossed(s geo.Shape) (arcs []uint32, length geo.Distance, err error) {
	met, err := n.locator.Crossed(s)
	for _, a := range met {
		arcs = append(arcs, uint32(a))
	}
	return arcs, n.graph.Span(met), err
}

// Close closes these arcs of the network, and no others, for all who use it
// (Network.Close).
func (f *Fleet) Close(arcs []uint32) error { return f.net.close(arcs) }

// Close closes these arcs of the network, and no others, for all who use it
// (Network.Close).
func (u *Units) Close(arcs []uint32) error { return u.net.close(arcs) }

func (n *Network) close(arcs []uint32) error {
	closed := make([]road.Arc, len(arcs))
	for i, a := range arcs {
		closed[i] = road.Arc(a)
	}
	_, err := n.Close(closed)
	return err
}
