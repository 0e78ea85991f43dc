package cch

// Cells part the elimination tree into pieces of some hundred nodes, and the
// large subtrees above them into chains. They are immutable.
type Cells struct {
	*Topology
	cell   []uint32 // of each node
	up     []uint32 // of each cell: the cell above, none at a root
	hang   []uint32 // of each cell: how many ancestors its nodes have in common
	isLeaf []bool   // of each cell: it is a whole subtree
	below  [][]uint32
	roots  []uint32
}

// DefaultCell is a good number of nodes for the largest piece.
const DefaultCell = 1024

// Cells makes the pieces: subtrees of at most so many nodes, as large as can be.
func (t *Topology) Cells(most uint32) *Cells {
	c := &Cells{Topology: t, cell: make([]uint32, t.Nodes())}
	// Parents come before their children. A node that is large goes on with the
	// chain of its parent if no sibling is large.
	large := make([]uint8, t.Nodes()) // large children, up to 2
	for x := range t.rank {
		if up := t.parent[x]; up != none && t.size[x] > most {
			large[up] = min(2, large[up]+1)
		}
	}
	for i := range t.rank {
		x := uint32(t.Nodes() - 1 - i)
		up := t.parent[x]
		switch {
		case up == none:
			c.cell[x] = c.add(none, 0, t.size[x] <= most)
			c.roots = append(c.roots, c.cell[x])
		case t.size[up] <= most, t.size[x] > most && large[up] == 1:
			c.cell[x] = c.cell[up]
		default:
			c.cell[x] = c.add(c.cell[up], t.depth[x], t.size[x] <= most)
		}
	}
	return c
}

func (c *Cells) add(up, hang uint32, leaf bool) uint32 {
	cell := uint32(len(c.up))
	c.up, c.hang, c.isLeaf, c.below = append(c.up, up), append(c.hang, hang), append(c.isLeaf, leaf), append(c.below, nil)
	if up != none {
		c.below[up] = append(c.below[up], cell)
	}
	return cell
}

// Len is the number of cells.
func (c *Cells) Len() int { return len(c.up) }
