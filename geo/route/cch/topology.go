package cch

import (
	"fmt"
	"slices"
)

// Topology is the part of a hierarchy that no weight changes. It is immutable
// and safe for concurrent use.
type Topology struct {
	rank   []uint32 // of the caller's nodes: their number here
	parent []uint32 // none at a root
	depth  []uint32 // number of ancestors
	size   []uint32 // nodes of the subtree, x is the last of them

	// The arcs up from node x are first[x] to first[x+1]-1, by their heads.
	first     []uint32
	head      []uint32
	level     []uint32 // depth of head
	tails     []uint32 // of each arc
	pageFirst []uint32 // first of the first node of each page

	// The arcs up to node y are lower[lowerFirst[y]:lowerFirst[y+1]], by tails.
	lowerFirst []uint32
	lower      []lowerArc
	place      []uint32 // of each arc: where it is in lower

	// target[a] is where the arcs from the head of a to the later heads of its
	// tail lie: at targets[target[a]:], or, with runFlag, in one run from
	// the rest of target[a].
	target  []uint32
	targets []uint32

	inputs     inputs
	codes      []code // nil if they would be too long
	codeLength []uint8
	parting    []uint32
	deep       int // greatest depth + 1
}

type lowerArc struct{ tail, arc uint32 }

const none = ^uint32(0)

// New builds a topology. Order holds each node once, the first to be eliminated
// in front. Arcs are the arcs that will have weights, pairs of tail and head in
// the order in which weights are given later; loops may be among them, and
// several between the same nodes. Joined are further pairs of nodes that shall
// be neighbours: of two neighbours one is an ancestor of the other.
//
// Time and memory grow with the arcs and triangles that come of it: for a road
// graph some arcs and tens of triangles a node, if the order is good.
func New(order []uint32, arcs, joined [][2]uint32) (*Topology, error) {
	t := &Topology{}
	rank, err := inverse(order)
	if err != nil {
		return nil, err
	}
	for i, pair := range slices.Concat(arcs, joined) {
		if int(pair[0]) >= len(order) || int(pair[1]) >= len(order) {
			return nil, fmt.Errorf("arc %d joins nodes %d and %d of %d", i, pair[0], pair[1], len(order))
		}
	}
	first, head := eliminate(rank, arcs, joined)
	t.renumber(rank, first, head)
	t.index()
	t.findTargets()
	t.assignCodes()
	t.inputs = t.mapInputs(arcs)
	return t, nil
}

func inverse(order []uint32) ([]uint32, error) {
	rank := make([]uint32, len(order))
	for i := range rank {
		rank[i] = none
	}
	for i, node := range order {
		if int(node) >= len(order) || rank[node] != none {
			return nil, fmt.Errorf("place %d of the order of %d nodes holds node %d, which is not there or is there twice", i, len(order), node)
		}
		rank[node] = uint32(i)
	}
	return rank, nil
}

// eliminate gives the later neighbours of each node, by rank. A node passes its
// neighbours on to its parent, the first of them, and by it to the others.
func eliminate(rank []uint32, arcs, joined [][2]uint32) (first, head []uint32) {
	n := len(rank)
	ownFirst, own := laterNeighbors(rank, arcs, joined)
	first = make([]uint32, n+1)
	head = make([]uint32, 0, 6*n)
	child, sibling := filled(n), filled(n) // lists of those to merge into a node
	mark := filled(n)
	for x := range uint32(n) {
		start := len(head)
		add := func(list []uint32) {
			for _, y := range list {
				if y > x && mark[y] != x {
					mark[y] = x
					head = append(head, y)
				}
			}
		}
		add(own[ownFirst[x]:ownFirst[x+1]])
		for c := child[x]; c != none; c = sibling[c] {
			add(head[first[c]:first[c+1]])
		}
		slices.Sort(head[start:])
		first[x+1] = uint32(len(head))
		if start < len(head) {
			up := head[start]
			sibling[x], child[up] = child[up], x
		}
	}
	return first, head
}

func laterNeighbors(rank []uint32, arcs, joined [][2]uint32) (first, later []uint32) {
	first = make([]uint32, len(rank)+2)
	each := func(visit func(low, high uint32)) {
		for _, list := range [...][][2]uint32{arcs, joined} {
			for _, pair := range list {
				if u, v := rank[pair[0]], rank[pair[1]]; u != v {
					visit(min(u, v), max(u, v))
				}
			}
		}
	}
	each(func(low, _ uint32) { first[low+2]++ })
	for i := 2; i < len(first); i++ {
		first[i] += first[i-1]
	}
	later = make([]uint32, first[len(first)-1])
	each(func(low, high uint32) {
		later[first[low+1]] = high
		first[low+1]++
	})
	return first[:len(rank)+1], later
}

func filled(n int) []uint32 {
	s := make([]uint32, n)
	for i := range s {
		s[i] = none
	}
	return s
}

// renumber puts the nodes in postorder of the elimination tree. Ancestors keep
// their order, so rows stay sorted.
func (t *Topology) renumber(rank, first, head []uint32) {
	n := len(rank)
	size := make([]uint32, n)
	parent := filled(n)
	for x := range n {
		size[x]++
		if first[x] < first[x+1] {
			parent[x] = head[first[x]]
			size[parent[x]] += size[x]
		}
	}
	// From the roots down: a node is the last of its subtree's range, and its
	// children fill the range from below.
	number, free := make([]uint32, n), make([]uint32, n)
	var begin uint32
	for x := n - 1; x >= 0; x-- {
		start := &begin
		if parent[x] != none {
			start = &free[parent[x]]
		}
		free[x] = *start
		*start += size[x]
		number[x] = *start - 1
	}
	t.rank = make([]uint32, n)
	for node, r := range rank {
		t.rank[node] = number[r]
	}
	old := make([]uint32, n)
	for x, y := range number {
		old[y] = uint32(x)
	}
	t.parent, t.depth, t.size = filled(n), make([]uint32, n), make([]uint32, n)
	t.first, t.head, t.level = make([]uint32, n+1), make([]uint32, 0, len(head)), make([]uint32, len(head))
	for y, x := range old {
		t.size[y] = size[x]
		for _, h := range head[first[x]:first[x+1]] {
			t.head = append(t.head, number[h])
		}
		t.first[y+1] = uint32(len(t.head))
	}
	for y := n - 1; y >= 0; y-- {
		if row := t.row(uint32(y)); len(row) > 0 {
			t.parent[y] = row[0]
			t.depth[y] = t.depth[row[0]] + 1
		}
		t.deep = max(t.deep, int(t.depth[y])+1)
	}
	for a, h := range t.head {
		t.level[a] = t.depth[h]
	}
}

// row holds the heads of the arcs up from x.
func (t *Topology) row(x uint32) []uint32 { return t.head[t.first[x]:t.first[x+1]] }

// index lists the arcs by their heads, and notes their tails and where the pages
// of nodes begin.
func (t *Topology) index() {
	for x := 0; x < len(t.rank); x += pageSize {
		t.pageFirst = append(t.pageFirst, t.first[x])
	}
	t.tails = make([]uint32, len(t.head))
	t.lowerFirst = make([]uint32, len(t.rank)+1)
	for _, h := range t.head {
		t.lowerFirst[h+1]++
	}
	for x := range t.rank {
		t.lowerFirst[x+1] += t.lowerFirst[x]
	}
	t.lower, t.place = make([]lowerArc, len(t.head)), make([]uint32, len(t.head))
	next := slices.Clone(t.lowerFirst)
	for x := range uint32(len(t.rank)) {
		for a := t.first[x]; a < t.first[x+1]; a++ {
			h := t.head[a]
			t.tails[a] = x
			t.lower[next[h]], t.place[a] = lowerArc{x, a}, next[h]
			next[h]++
		}
	}
}

// arc finds the arc up from x to y.
func (t *Topology) arc(x, y uint32) (uint32, bool) {
	i, ok := slices.BinarySearch(t.row(x), y)
	return t.first[x] + uint32(i), ok
}

// tail is the node that an arc goes up from.
func (t *Topology) tail(a uint32) uint32 { return t.tails[a] }

// Nodes is the number of nodes.
func (t *Topology) Nodes() int { return len(t.rank) }

// Arcs is the number of arcs, each with a weight up and a weight down.
func (t *Topology) Arcs() int { return len(t.head) }

// Deep is the length of the longest label.
func (t *Topology) Deep() int { return t.deep }

// Rank is the number here of a node of the caller's.
func (t *Topology) Rank(node uint32) uint32 { return t.rank[node] }

// Depth is the number of ancestors of x.
func (t *Topology) Depth(x uint32) uint32 { return t.depth[x] }

// Roots are the nodes without ancestors, in ascending order.
func (t *Topology) Roots() []uint32 {
	var roots []uint32
	for x, up := range t.parent {
		if up == none {
			roots = append(roots, uint32(x))
		}
	}
	return roots
}

// within reports whether x lies in the subtree of root.
func (t *Topology) within(x, root uint32) bool { return x <= root && root-x < t.size[root] }
