package route

import (
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route/cch"
	"callbox/geo/route/order"
)

// hierarchy is what a network has beside its graph so that units are found fast.
type hierarchy struct {
	topology *cch.Topology
	cells    *cch.Cells
}

// Order finds the order in which the nodes of a graph are best eliminated, for
// Prepare. It takes seconds for a large city and depends on nothing but the
// streets, so it is worth keeping with them. Progress, if not nil, is told how
// many nodes have found their place.
func Order(g *road.Graph, progress func(done, total int)) []uint32 {
	points := make([]geo.Point, g.Nodes())
	for i := range points {
		points[i] = g.Point(road.Node(i))
	}
	pairs := append(arcsOf(g), joined(g)...)
	return order.Compute(order.FromPairs(points, pairs), order.Options{Progress: progress})
}

// Prepare is New with a hierarchy, made by an order in which the nodes of the
// graph are eliminated, each once: see Order. It takes a second or so for a
// large city, and 60 bytes for each arc that elimination leaves; how many these
// are depends on the order. An error means that the order is not one of this
// graph.
func Prepare(g *road.Graph, nodes []uint32, options ...Option) (*Network, error) {
	n := New(g, options...)
	topology, err := cch.New(nodes, arcsOf(g), joined(g))
	if err != nil {
		return nil, err
	}
	n.hierarchy = &hierarchy{topology: topology, cells: topology.Cells(cch.DefaultCell)}
	first := own(g)
	n.hierarchy.customize(nil, first)
	n.epoch.Store(first)
	return n, nil
}

func arcsOf(g *road.Graph) [][2]uint32 {
	arcs := make([][2]uint32, g.Arcs())
	for a := range arcs {
		arcs[a] = [2]uint32{uint32(g.Tail(road.Arc(a))), uint32(g.Head(road.Arc(a)))}
	}
	return arcs
}

// joined are the pairs of nodes by which streets are left and entered in either
// direction. They are the end nodes of arcs, except where turns are forbidden
// and the two directions of a street end in nodes of their own.
func joined(g *road.Graph) [][2]uint32 {
	var pairs [][2]uint32
	for a := range road.Arc(g.Arcs()) {
		twin := g.Twin(a)
		if twin == road.NoArc || g.IsTurn(a) || g.Tail(a) == g.Head(twin) && g.Head(a) == g.Tail(twin) {
			continue
		}
		pairs = append(pairs,
			[2]uint32{uint32(g.Head(a)), uint32(g.Head(twin))},
			[2]uint32{uint32(g.Tail(a)), uint32(g.Tail(twin))})
	}
	return pairs
}

// mostPartial is how many changed arcs are worth a partial customization.
const mostPartial = 1000

// customize makes the metrics of an epoch, from those of the one before where
// only some arcs differ.
func (h *hierarchy) customize(old, next *epoch) {
	if old != nil {
		next.arcs, next.partial = old.differing(next)
		next.partial = next.partial && len(next.arcs) <= mostPartial
	}
	for p := range geo.Profiles {
		if next.partial {
			next.metrics[p], next.changed[p] = old.metrics[p].Update(next.weights[p], next.arcs)
		} else {
			next.metrics[p] = h.topology.Customize(next.weights[p])
		}
	}
}
