package route

import (
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// The longest way that is found takes 2^31 ms, almost 25 days, and is 2^31 mm
// long, 2,147 km.
const (
	Horizon    = horizon * time.Millisecond
	FarHorizon = geo.Distance(horizon)
)

// horizon plus the greatest weight of an arc fits 32 bits.
const horizon = 1 << 31

// DefaultWithin is how far from a street a place may be, if no option says
// otherwise.
const DefaultWithin = geo.Distance(500_000)

// Network is a road graph ready for questions. It is immutable and safe for
// concurrent use.
type Network struct {
	graph   *road.Graph
	locator *road.Locator
	within  geo.Distance
}

// Option is a setting of New.
type Option func(*Network)

// Within sets how far from a street a place may be.
func Within(d geo.Distance) Option { return func(n *Network) { n.within = d } }

// New prepares a graph for questions, in time O(nodes + arcs).
func New(g *road.Graph, options ...Option) *Network {
	n := &Network{graph: g, locator: road.NewLocator(g), within: DefaultWithin}
	for _, option := range options {
		option(n)
	}
	return n
}

// Version names the content of the road graph (road.Graph.Version).
func (n *Network) Version() string { return n.graph.Version() }

// Graph is the road graph.
func (n *Network) Graph() *road.Graph { return n.graph }

// Snap is the position on a street that stands for p, or false if there is no
// street within reach of it.
func (n *Network) Snap(p geo.Point) (road.Position, bool) {
	return n.locator.Snap(p, n.within)
}
