package road

import (
	"slices"

	"callbox/geo"
)

// LargestComponent is what of g can be driven from everywhere to everywhere.
// It keeps the largest strongly connected component: the greatest set of nodes
// from each of which every other can be reached, by arcs that are open to one
// profile at least. Of several of the same size it is the one with the lowest
// node number. Nodes and arcs keep their order and get new numbers; dropped is
// the number of nodes left out. Then, for each profile, it closes the arcs
// outside the largest component of what is open to that profile, which could
// be entered and not left, or the other way round; and so on, until nothing
// changes. If nothing ever does, the result is g itself. ErrNoArcs means that no
// open arc lies on any circuit of two nodes or more, so that nothing is left to
// drive on: a loop at one node leads nowhere.
//
// Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on
// Computing 1, 1972, without recursion. Time and memory O(nodes + arcs)
// for each time that arcs were closed: once, if one profile may drive wherever
// another may.
func LargestComponent(g *Graph) (kept *Graph, dropped int, err error) {
	for kept = g; ; {
		in, size := largest(kept, kept.open)
		if size < kept.Nodes() {
			kept = kept.part(in)
		}
		whole := kept
		if kept = whole.closeDeadEnds(); kept == whole {
			break
		}
	}
	dropped = g.Nodes() - kept.Nodes()
	if kept.Nodes() < 2 {
		return nil, dropped, ErrNoArcs
	}
	return kept, dropped, nil
}

// open reports whether one profile at least may drive the arc.
func (g *Graph) open(a Arc) bool {
	for _, times := range g.millis {
		if times[a] != Closed {
			return true
		}
	}
	return false
}

// part is the graph of some nodes and of the arcs between them.
func (g *Graph) part(in []bool) *Graph {
	kept := &Graph{first: []uint32{0}}
	node, arc := make([]Node, g.Nodes()), make([]Arc, g.Arcs())
	for n, ok := range in {
		if ok {
			node[n] = Node(len(kept.points))
			kept.points = append(kept.points, g.points[n])
		}
	}
	for n, ok := range in {
		if !ok {
			continue
		}
		for a := g.first[n]; a < g.first[n+1]; a++ {
			if !in[g.head[a]] {
				arc[a] = NoArc
				continue
			}
			arc[a] = Arc(len(kept.head))
			kept.head = append(kept.head, node[g.head[a]])
			kept.length = append(kept.length, g.length[a])
			kept.twin = append(kept.twin, g.twin[a])
			for p, times := range g.millis {
				kept.millis[p] = append(kept.millis[p], times[a])
			}
		}
		kept.first = append(kept.first, uint32(len(kept.head)))
	}
	for a, twin := range kept.twin {
		switch {
		case twin == NoArc:
		case !in[g.tail[twin]]:
			kept.twin[a] = NoArc
		default:
			kept.twin[a] = arc[twin]
		}
	}
	kept.seal()
	return kept
}

// closeDeadEnds closes to each profile what is not in its largest component.
func (g *Graph) closeDeadEnds() *Graph {
	changed := *g
	for p := range geo.Profiles {
		if !slices.Contains(g.millis[p], Closed) {
			continue
		}
		in, size := largest(g, func(a Arc) bool { return g.millis[p][a] != Closed })
		if size == g.Nodes() {
			continue
		}
		times := slices.Clone(g.millis[p])
		for a := range times {
			if !in[g.tail[a]] || !in[g.head[a]] {
				times[a] = Closed
			}
		}
		changed.millis[p] = times
	}
	for p := range geo.Profiles {
		if !slices.Equal(changed.millis[p], g.millis[p]) {
			changed.seal()
			return &changed
		}
	}
	return g
}

// largest marks the nodes of the largest strongly connected component and
// counts them.
func largest(g *Graph, open func(Arc) bool) (in []bool, size int) {
	component, sizes := components(g, open)
	var best uint32
	for _, c := range component { // in order of nodes, so ties go to the lowest
		if sizes[c] > sizes[best] {
			best = c
		}
	}
	in = make([]bool, len(component))
	for n, c := range component {
		in[n] = c == best
	}
	return in, int(sizes[best])
}

// components numbers the strongly connected components of the open arcs from 1
// and gives for each node its component and for each component its number of
// nodes.
func components(g *Graph, open func(Arc) bool) (component, sizes []uint32) {
	const unseen = 0
	var (
		nodes  = g.Nodes()
		seen   = make([]uint32, nodes) // order of discovery, from 1
		low    = make([]uint32, nodes) // lowest order reached from here
		next   = make([]uint32, nodes) // the arc to look at when we return
		path   []Node                  // from the root to the current node
		stack  []Node                  // discovered, without a component
		clock  uint32
		result = make([]uint32, nodes)
	)
	sizes = []uint32{0}
	for root := range Node(nodes) {
		if seen[root] != unseen {
			continue
		}
		path = append(path, root)
		for len(path) > 0 {
			n := path[len(path)-1]
			if seen[n] == unseen {
				clock++
				seen[n], low[n], next[n] = clock, clock, g.first[n]
				stack = append(stack, n)
			}
			if next[n] < g.first[n+1] {
				a := next[n]
				next[n]++
				switch h := g.head[a]; {
				case !open(Arc(a)):
				case seen[h] == unseen:
					path = append(path, h)
				case result[h] == 0:
					low[n] = min(low[n], seen[h])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[n])
			}
			if low[n] < seen[n] {
				continue
			}
			c := uint32(len(sizes))
			sizes = append(sizes, 0)
			for {
				m := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				result[m] = c
				sizes[c]++
				if m == n {
					break
				}
			}
		}
	}
	return result, sizes
}
