package route

import (
	"sync"
	"sync/atomic"
	"time"

	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/kernel"
)

// The longest way that is found takes less than 2^30 ms, twelve days. A search
// without a hierarchy finds none longer than 2^31 mm, 2,147 km; with one, longer
// ways are given as just so long.
const (
	Horizon    = horizon * time.Millisecond
	FarHorizon = geo.Distance(farHorizon)
)

// Either plus the greatest weight of an arc fits 32 bits.
const (
	horizon    = kernel.Inf - 1
	farHorizon = 1 << 31
)

// DefaultWithin is how far from a street a place may be, if no option says
// otherwise.
const DefaultWithin = geo.Distance(500_000)

// Network is a road graph ready for questions. It is safe for concurrent use:
// what changes, the conditions of the roads, changes in one step for all.
type Network struct {
	graph     *road.Graph
	locator   *road.Locator
	within    geo.Distance
	hierarchy *hierarchy // nil without one

	adopting sync.Mutex
	epoch    atomic.Pointer[epoch]
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
	n.epoch.Store(own(g))
	return n
}

// Version names the road graph (road.Graph.Version) and the conditions of its
// roads.
func (n *Network) Version() string { return n.epoch.Load().version }

// Graph is the road graph.
func (n *Network) Graph() *road.Graph { return n.graph }

// Snap is the position on a street that stands for p, or false if there is no
// street within reach of it.
func (n *Network) Snap(p geo.Point) (road.Position, bool) {
	return n.locator.Snap(p, n.within)
}
