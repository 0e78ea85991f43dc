package road

import (
	"time"

	"callbox/geo"
)

// LargestComponent is the largest strongly connected component of g: the
// greatest set of nodes from each of which every other can be reached. Of
// several of the same size it is the one with the lowest node number. Nodes
// and arcs keep their order and get new numbers; dropped is the number of
// nodes left out. If none is, the result is g itself. ErrNoArcs means that no
// arc lies on any circuit, so that nothing is left to drive on.
//
// Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on
// Computing 1, 1972, without recursion. Time and memory O(nodes + arcs).
func LargestComponent(g *Graph) (kept *Graph, dropped int, err error) {
	component, sizes := components(g)
	var largest uint32
	for _, c := range component { // in order of nodes, so ties go to the lowest
		if sizes[c] > sizes[largest] {
			largest = c
		}
	}
	dropped = g.Nodes() - int(sizes[largest])
	if dropped == 0 {
		return g, 0, nil
	}
	var b Builder
	number := make([]Node, g.Nodes())
	for n, c := range component {
		if c == largest {
			number[n] = b.AddNode(g.points[n])
		}
	}
	for a := range Arc(g.Arcs()) {
		if component[g.tail[a]] != largest || component[g.head[a]] != largest {
			continue
		}
		var times [geo.Profiles]time.Duration
		for p := range geo.Profiles {
			times[p] = g.Time(a, p)
		}
		b.AddArc(number[g.tail[a]], number[g.head[a]], g.Length(a), times)
	}
	kept, err = b.Build()
	return kept, dropped, err
}

// components numbers the strongly connected components from 1 and gives for
// each node its component and for each component its number of nodes.
func components(g *Graph) (component, sizes []uint32) {
	const unseen = 0
	var (
		nodes  = g.Nodes()
		seen   = make([]uint32, nodes) // order of discovery, from 1
		low    = make([]uint32, nodes) // lowest order reached from here
		next   = make([]uint32, nodes) // the arc to look at when we return
		path   []Node                  // from the root to the current node
		open   []Node                  // discovered, without a component
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
				open = append(open, n)
			}
			if next[n] < g.first[n+1] {
				h := g.head[next[n]]
				next[n]++
				if seen[h] == unseen {
					path = append(path, h)
				} else if result[h] == 0 {
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
				m := open[len(open)-1]
				open = open[:len(open)-1]
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
