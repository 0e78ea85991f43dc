package order

import (
	"slices"

	"callbox/geo"
	"callbox/geo/road"
)

// Graph is a simple undirected graph in compressed sparse rows: the neighbours
// of node n are Neighbors[First[n]:First[n+1]], ascending. There are no loops
// and no parallel edges, and each edge stands in the rows of both its ends.
type Graph struct {
	Points    []geo.Point // where the nodes are; they may share a point
	First     []uint32
	Neighbors []uint32
}

// Nodes is the number of nodes.
func (g Graph) Nodes() int { return len(g.Points) }

// Row gives the neighbours of a node, ascending.
func (g Graph) Row(node uint32) []uint32 { return g.Neighbors[g.First[node]:g.First[node+1]] }

// FromPairs makes a graph of pairs of adjacent nodes. A pair may come twice,
// either way round, and a node paired with itself does not count. Nodes must
// be below len(points). Time and memory O(nodes + pairs), but for the sorting
// of each row.
func FromPairs(points []geo.Point, pairs [][2]uint32) Graph {
	first := make([]uint32, len(points)+1)
	for _, p := range pairs {
		if p[0] != p[1] {
			first[p[0]+1]++
			first[p[1]+1]++
		}
	}
	for n := range points {
		first[n+1] += first[n]
	}
	rows := make([]uint32, first[len(points)])
	next := slices.Clone(first)
	for _, p := range pairs {
		if p[0] != p[1] {
			rows[next[p[0]]], rows[next[p[1]]] = p[1], p[0]
			next[p[0]]++
			next[p[1]]++
		}
	}
	kept := uint32(0) // without doubles, in place
	for n := range points {
		row := rows[first[n]:first[n+1]]
		slices.Sort(row)
		first[n] = kept
		kept += uint32(copy(rows[kept:], slices.Compact(row)))
	}
	first[len(points)] = kept
	return Graph{points, first, rows[:kept:kept]}
}

// FromRoads is the graph of the streets: two nodes are adjacent if an arc, in
// either direction, joins them.
func FromRoads(g *road.Graph) Graph {
	points := make([]geo.Point, g.Nodes())
	for n := range points {
		points[n] = g.Point(road.Node(n))
	}
	pairs := make([][2]uint32, g.Arcs())
	for a := range pairs {
		pairs[a] = [2]uint32{uint32(g.Tail(road.Arc(a))), uint32(g.Head(road.Arc(a)))}
	}
	return FromPairs(points, pairs)
}
