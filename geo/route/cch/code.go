package cch

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// code says which way to go at each parting of the elimination tree on the way
// from the root to a node: some bits a parting, the more frequent ways with
// fewer. Two codes differ first where the ways of their nodes part.
type code struct{ high, low uint64 }

const codeBits = 128

// differ is the first bit in which two codes differ, codeBits if none.
func (c code) differ(d code) int {
	if x := c.high ^ d.high; x != 0 {
		return bits.LeadingZeros64(x)
	}
	return 64 + bits.LeadingZeros64(c.low^d.low)
}

func (c code) set(bit int) code {
	if bit < 64 {
		c.high |= 1 << (63 - bit)
	} else {
		c.low |= 1 << (127 - bit)
	}
	return c
}

// coding is what is known of codes while they are assigned.
type coding struct {
	codes  []code
	length []uint8  // bits of the code
	above  []uint32 // the lowest parting above the node, none if there is none
}

// assignCodes gives each node its code. Where codes would get too long, which
// takes an order of no use, there are none and ways are compared step by step.
func (t *Topology) assignCodes() {
	n := len(t.rank)
	c := coding{codes: make([]code, n), length: make([]uint8, n), above: filled(n)}
	firstChild, sibling := filled(n), filled(n)
	var roots []uint32
	for x := range uint32(n) {
		if up := t.parent[x]; up != none {
			sibling[x], firstChild[up] = firstChild[up], x
		} else {
			roots = append(roots, x)
		}
	}
	if t.deep > math.MaxUint16 || !c.part(t, roots, code{}, 0) {
		return
	}
	var children []uint32
	for x := n - 1; x >= 0; x-- { // parents first
		children = children[:0]
		for y := firstChild[x]; y != none; y = sibling[y] {
			children = append(children, y)
			c.above[y] = c.above[x]
		}
		if len(children) > 1 {
			for _, y := range children {
				c.above[y] = uint32(x)
			}
		}
		if !c.part(t, children, c.codes[x], int(c.length[x])) {
			return
		}
	}
	t.codes, t.codeLength, t.parting = c.codes, c.length, c.above
}

// part gives nodes that part from one another their codes: a prefix, and then
// bits by halving them by size. It reports false if a code gets too long.
func (c *coding) part(t *Topology, nodes []uint32, prefix code, length int) bool {
	if len(nodes) == 0 {
		return true
	}
	if len(nodes) == 1 {
		c.codes[nodes[0]], c.length[nodes[0]] = prefix, uint8(length)
		return true
	}
	if length == codeBits {
		return false
	}
	slices.SortFunc(nodes, func(x, y uint32) int { return cmp.Or(cmp.Compare(t.size[y], t.size[x]), cmp.Compare(x, y)) })
	var all, half uint64
	for _, x := range nodes {
		all += uint64(t.size[x])
	}
	split := 0
	for split < len(nodes)-1 && (split == 0 || 2*(half+uint64(t.size[nodes[split]])) <= all) {
		half += uint64(t.size[nodes[split]])
		split++
	}
	return c.part(t, nodes[:split], prefix, length+1) && c.part(t, nodes[split:], prefix.set(length), length+1)
}

// Way is a node as one end of many pairs: a table that tells how many ancestors
// another node shares with it.
type Way struct {
	node   uint32
	code   code
	shared [codeBits + 1]uint16 // by the first bit in which the codes differ
}

// Way fills in the table of a node. Time grows with the partings above it.
func (t *Topology) Way(w *Way, x uint32) {
	w.node = x
	if t.codes == nil {
		return
	}
	w.code = t.codes[x]
	bit := codeBits
	for from, count := int(t.codeLength[x]), t.depth[x]+1; ; {
		for ; bit >= from; bit-- {
			w.shared[bit] = uint16(count)
		}
		if bit < 0 {
			return
		}
		if x = t.parting[x]; x == none {
			from, count = 0, 0
		} else {
			from, count = int(t.codeLength[x]), t.depth[x]+1
		}
	}
}

// Shared is how many nodes are ancestors of both, or are the nodes themselves:
// so many entries of their labels belong together.
func (t *Topology) Shared(w *Way, x uint32) int {
	if t.codes == nil {
		return t.sharedByWalking(w.node, x)
	}
	return min(int(w.shared[w.code.differ(t.codes[x])]), int(t.depth[x])+1)
}

// sharedByWalking is the slow twin of Shared.
func (t *Topology) sharedByWalking(x, y uint32) int {
	for x != y && x != none && y != none {
		if x < y {
			x = t.parent[x]
		} else {
			y = t.parent[y]
		}
	}
	if x == none || y == none {
		return 0
	}
	return int(t.depth[x]) + 1
}
