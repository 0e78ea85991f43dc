package cch

// Cells part the elimination tree into pieces of some hundred nodes, and the
// large subtrees above them into chains. They are numbered from the roots down,
// those below one cell in a row. Cells are immutable.
type Cells struct {
	*Topology
	cell  []uint32 // of each node
	up    []uint32 // of each cell: the cell above, none at a root
	hang  []uint32 // of each cell: how many ancestors its nodes have in common
	below []uint32 // below[c] to below[c+1]-1 are the cells below c

	preorder []uint32 // all cells, each followed by those below it
}

// DefaultCell is a good number of nodes for the largest piece.
const DefaultCell = 512

// Cells makes the pieces: subtrees of at most so many nodes, as large as can be.
func (t *Topology) Cells(most uint32) *Cells {
	// A large node goes on with the chain of its parent if no sibling is large.
	large := make([]uint8, t.Nodes()) // large children, up to 2
	for x, up := range t.parent {
		if up != none && t.size[x] > most {
			large[up] = min(2, large[up]+1)
		}
	}
	begins := func(x uint32) bool {
		up := t.parent[x]
		return up == none || t.size[up] > most && (t.size[x] <= most || large[up] != 1)
	}
	// The first node of each cell, by the cell above: that of its parent.
	first := make([]uint32, t.Nodes()) // of each node: the first one of its cell
	var roots []uint32
	under := make(map[uint32][]uint32)
	for i := range t.rank {
		x := uint32(t.Nodes() - 1 - i) // parents first
		switch up := t.parent[x]; {
		case !begins(x):
			first[x] = first[up]
			continue
		case up == none:
			roots = append(roots, x)
		default:
			under[first[up]] = append(under[first[up]], x)
		}
		first[x] = x
	}
	c := &Cells{Topology: t, cell: make([]uint32, t.Nodes())}
	number := make(map[uint32]uint32)
	firsts := roots
	for i := 0; i < len(firsts); i++ {
		x := firsts[i]
		number[x] = uint32(i)
		above := none
		if up := t.parent[x]; up != none {
			above = number[first[up]]
		}
		c.up, c.hang = append(c.up, above), append(c.hang, t.depth[x])
		c.below = append(c.below, uint32(len(firsts)))
		firsts = append(firsts, under[x]...)
	}
	c.below = append(c.below, uint32(len(firsts)))
	for x, f := range first {
		c.cell[x] = number[f]
	}
	var open []uint32
	for root := len(roots) - 1; root >= 0; root-- {
		open = append(open, uint32(root))
	}
	for len(open) > 0 {
		cell := open[len(open)-1]
		c.preorder = append(c.preorder, cell)
		open = open[:len(open)-1]
		for below := c.below[cell+1]; below > c.below[cell]; below-- {
			open = append(open, below-1)
		}
	}
	return c
}

// Len is the number of cells.
func (c *Cells) Len() int { return len(c.up) }
