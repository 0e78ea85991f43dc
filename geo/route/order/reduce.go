package order

import "slices"

// plain is the greatest degree of a node that is eliminated before the
// dissection.
const plain = 3

// reduce eliminates nodes of degree 0, 1 and 2, and those of degree 3 that have
// two adjacent neighbours, as long as there are any, and gives them in order,
// and the rest as it is then. These nodes are almost simplicial: all neighbours
// but one are adjacent to each other. To eliminate them first never makes a tree
// width of 3 or more worse (Bodlaender, Koster and van den Eijkhof,
// "Preprocessing rules for triangulation of probabilistic networks",
// Computational Intelligence 21, 2005), and less than half of a road graph is
// left to dissect.
//
// No two neighbours go in one round, so that long streets and deep trees become
// shallow ("rake and compress": Miller and Reif, "Parallel tree contraction and
// its application", FOCS 1985). A node that goes leaves its weight to its
// lightest neighbour. Time O(nodes * greatest degree).
func reduce(g Graph, place []spot) (gone []uint32, rest part) {
	var (
		rows   = make([][]uint32, g.Nodes()) // nil once a node is gone
		weight = make([]uint32, g.Nodes())
		joined = make([]int, g.Nodes()) // the last round that changed the row
		queue  []uint32
		later  []uint32
	)
	for v := range rows {
		rows[v] = append(make([]uint32, 0, plain+1), g.Row(uint32(v))...)
		weight[v] = 1
		if len(rows[v]) <= plain {
			queue = append(queue, uint32(v))
		}
	}
	for round := 1; len(queue) > 0; round++ {
		later = later[:0]
		for _, v := range queue {
			row := rows[v]
			if row == nil || !almostSimplicial(rows, row) {
				continue // it comes again when its row or a neighbour's has changed
			}
			if joined[v] == round {
				later = append(later, v)
				continue
			}
			rows[v] = nil
			gone = append(gone, v)
			for _, u := range row {
				joined[u] = round
				rows[u] = join(rows[u], row, u, v)
				later = append(later, u)
				if len(row) == 1 {
					continue // nobody was joined to anybody
				}
				for _, w := range rows[u] {
					if len(rows[w]) == plain {
						later = append(later, w)
					}
				}
			}
			if len(row) > 0 {
				weight[lightest(row, weight)] += weight[v]
			}
		}
		queue, later = later, queue
	}
	return gone, remaining(rows, weight, place)
}

// almostSimplicial reports whether a node with that row is to be eliminated.
func almostSimplicial(rows [][]uint32, row []uint32) bool {
	adjacent := func(u, w uint32) bool { return slices.Contains(rows[u], w) }
	return len(row) < plain || len(row) == plain &&
		(adjacent(row[0], row[1]) || adjacent(row[0], row[2]) || adjacent(row[1], row[2]))
}

// join takes v out of the row of u and puts in what else v is joined to.
func join(row, others []uint32, u, v uint32) []uint32 {
	at := slices.Index(row, v)
	row[at] = row[len(row)-1]
	row = row[:len(row)-1]
	for _, w := range others {
		if w != u && !slices.Contains(row, w) {
			row = append(row, w)
		}
	}
	return row
}

func lightest(row, weight []uint32) uint32 {
	best := row[0]
	for _, u := range row {
		if weight[u] < weight[best] || weight[u] == weight[best] && u < best {
			best = u
		}
	}
	return best
}

// remaining is the part of all nodes that have rows.
func remaining(rows [][]uint32, weight []uint32, place []spot) part {
	local := make([]uint32, len(rows))
	p := part{first: []uint32{0}}
	for v, row := range rows {
		if row != nil {
			local[v] = uint32(len(p.nodes))
			p.nodes = append(p.nodes, uint32(v))
			p.place = append(p.place, place[v])
			p.weight = append(p.weight, weight[v])
		}
	}
	for _, v := range p.nodes {
		slices.Sort(rows[v])
		for _, u := range rows[v] {
			p.neighbors = append(p.neighbors, local[u])
		}
		p.first = append(p.first, uint32(len(p.neighbors)))
	}
	return p
}
