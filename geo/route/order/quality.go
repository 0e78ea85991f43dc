package order

import "slices"

// Figures tell what an order is worth. They follow from the chordal completion
// of the graph: nodes are eliminated in order, and each elimination joins all
// later neighbours of the node with each other. The parent of a node in the
// elimination tree is the first of its later neighbours then; the search space
// of a node is all edges that leave it or an ancestor upward.
type Figures struct {
	Arcs        int64   // edges of the completion, each counted once
	Triangles   int64   // triangles of the completion
	Depth       float64 // nodes from a node up to its root, both counted, on average
	MaxDepth    int     // the same at most
	SearchSpace float64 // edges of the search space of a node, on average
}

// Quality plays the elimination game along the elimination tree: the later
// neighbours of a node are its own and those of its children (Liu, "The role of
// elimination trees in sparse factorization", SIAM Journal on Matrix Analysis
// and Applications 11, 1990). The order must hold each node once. Time
// O(nodes + edges of the completion).
func Quality(g Graph, order []uint32) Figures {
	rank := make([]uint32, len(order))
	for i, v := range order {
		rank[v] = uint32(i)
	}
	var (
		n        = len(order) // all below is by rank; n is the parent of roots
		upper    = make([][]uint32, n)
		degree   = make([]int, n) // len(upper), which is dropped once the parent has it
		parent   = make([]int, n)
		children = make([][]int, n)
		seen     = make([]int, n)
		f        Figures
	)
	for i, v := range order {
		var row []uint32
		take := func(r uint32) {
			if int(r) > i && seen[r] != i+1 {
				seen[r] = i + 1
				row = append(row, r)
			}
		}
		for _, u := range g.Row(v) {
			take(rank[u])
		}
		for _, child := range children[i] {
			for _, r := range upper[child] {
				take(r)
			}
			upper[child] = nil
		}
		parent[i] = n
		if len(row) > 0 {
			parent[i] = int(slices.Min(row))
			children[parent[i]] = append(children[parent[i]], i)
		}
		upper[i], degree[i] = row, len(row)
		f.Arcs += int64(len(row))
		f.Triangles += int64(len(row)) * int64(len(row)-1) / 2
	}
	var (
		depth, space   = make([]int, n+1), make([]int, n+1)
		depths, spaces int64
	)
	for i := n - 1; i >= 0; i-- {
		depth[i] = depth[parent[i]] + 1
		space[i] = space[parent[i]] + degree[i]
		depths += int64(depth[i])
		spaces += int64(space[i])
		f.MaxDepth = max(f.MaxDepth, depth[i])
	}
	if n > 0 {
		f.Depth, f.SearchSpace = float64(depths)/float64(n), float64(spaces)/float64(n)
	}
	return f
}
