package order

import "slices"

// spot is the place of a node in a plane, for comparison only.
type spot struct{ x, y int64 }

// part is a part of the graph that is ordered for itself. Its nodes have new
// numbers, from 0.
type part struct {
	nodes     []uint32 // their numbers in the whole graph, ascending
	place     []spot
	weight    []uint32 // of the node and of what was eliminated before it
	first     []uint32 // compressed sparse rows
	neighbors []uint32
}

func (p *part) size() int { return len(p.nodes) }

func (p *part) row(v uint32) []uint32 { return p.neighbors[p.first[v]:p.first[v+1]] }

// components are the connected components of p without the separator, in the
// order of their lowest nodes. Time O(nodes + edges) but for sorting.
func (p *part) components(separator []uint32) []part {
	const open, closed = none, none - 1
	var (
		component = slices.Repeat([]uint32{open}, p.size())
		local     = make([]uint32, p.size())
		queue     = make([]uint32, 0, p.size())
		parts     []part
	)
	for _, v := range separator {
		component[v] = closed
	}
	for v := range uint32(p.size()) {
		if component[v] != open {
			continue
		}
		number := uint32(len(parts))
		component[v] = number
		queue = append(queue[:0], v)
		for i := 0; i < len(queue); i++ {
			for _, u := range p.row(queue[i]) {
				if component[u] == open {
					component[u] = number
					queue = append(queue, u)
				}
			}
		}
		slices.Sort(queue)
		q := part{first: make([]uint32, 1, len(queue)+1)}
		for i, v := range queue {
			local[v] = uint32(i)
		}
		for _, v := range queue {
			q.nodes = append(q.nodes, p.nodes[v])
			q.place = append(q.place, p.place[v])
			q.weight = append(q.weight, p.weight[v])
			for _, u := range p.row(v) {
				if component[u] == number {
					q.neighbors = append(q.neighbors, local[u])
				}
			}
			q.first = append(q.first, uint32(len(q.neighbors)))
		}
		parts = append(parts, q)
	}
	return parts
}
