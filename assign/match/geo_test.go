package match

import (
	"math"
	"math/rand/v2"
)

// plane is points in a square of a million, who is at which, and the way
// between: whole numbers, the straight line rounded down.
type plane struct{ rows, columns [][2]int64 }

const side = 1_000_000

func drawPlane(r *rand.Rand, rows, columns int) plane {
	points := func(n int) [][2]int64 {
		list := make([][2]int64, n)
		for i := range list {
			list[i] = [2]int64{r.Int64N(side), r.Int64N(side)}
		}
		return list
	}
	return plane{points(rows), points(columns)}
}

func way(a, b [2]int64) int64 {
	x, y := a[0]-b[0], a[1]-b[1]
	return int64(math.Sqrt(float64(x*x + y*y)))
}

func (p plane) table() Table {
	t := Table{Rows: len(p.rows), Columns: len(p.columns), Levels: 1}
	for _, a := range p.rows {
		for _, b := range p.columns {
			t.Costs = append(t.Costs, way(a, b))
		}
	}
	return t
}

// grid holds the columns by square cells, one in two cells. It is a unit index:
// columns may move.
type grid struct {
	plane
	cells int   // along a side
	size  int64 // of a cell
	first []int32
	next  []int32 // in the same cell, -1: no more
}

func newGrid(p plane) *grid {
	g := &grid{plane: p, cells: max(1, int(math.Sqrt(float64(len(p.columns)*2)))), next: make([]int32, len(p.columns))}
	g.size = side/int64(g.cells) + 1
	g.first = make([]int32, g.cells*g.cells)
	for c := range g.first {
		g.first[c] = -1
	}
	for j := range p.columns {
		g.enter(int32(j))
	}
	return g
}

func (g *grid) cell(p [2]int64) *int32 { return &g.first[int(p[1]/g.size)*g.cells+int(p[0]/g.size)] }

func (g *grid) enter(j int32) {
	c := g.cell(g.columns[j])
	g.next[j], *c = *c, j
}

func (g *grid) move(j int32, to [2]int64) {
	at := g.cell(g.columns[j])
	for *at != j {
		at = &g.next[*at]
	}
	*at = g.next[j]
	g.columns[j] = to
	g.enter(j)
}

// nearby is a row of the grid: ring after ring of cells around the row's own.
// What was found and is not further than the rim of the rings is given, the
// nearest first.
type nearby struct {
	g     *grid
	at    [2]int64
	x, y  int // the row's cell
	rings int
	rim   int64
	found []found // the furthest first
	room  [12]found
	cost  [1]int64
	none  Cost
}

type found struct {
	way    int64
	column int32
}

func (n *nearby) None() Cost { return n.none }

func (n *nearby) Next() (int, Cost, bool) {
	if len(n.found) == 0 {
		return 0, nil, false
	}
	next := n.found[len(n.found)-1]
	n.found = n.found[:len(n.found)-1]
	n.look()
	n.cost[0] = next.way
	return int(next.column), n.cost[:], true
}

func (n *nearby) Bound() Cost {
	if len(n.found) == 0 {
		return nil
	}
	n.cost[0] = n.found[len(n.found)-1].way
	return n.cost[:]
}

// look adds rings until the nearest that was found is within their rim.
func (n *nearby) look() {
	g := n.g
	for n.rings < g.cells && (len(n.found) == 0 || n.found[len(n.found)-1].way > n.rim) {
		d := n.rings
		for y := max(0, n.y-d); y <= min(g.cells-1, n.y+d); y++ {
			step := 1
			if y != n.y-d && y != n.y+d {
				step = max(1, 2*d)
			}
			for x := n.x - d; x <= n.x+d; x += step {
				if x >= 0 && x < g.cells {
					for j := g.first[y*g.cells+x]; j >= 0; j = g.next[j] {
						n.put(found{way(n.at, g.columns[j]), j})
					}
				}
			}
		}
		left, down := n.at[0]-int64(n.x)*g.size, n.at[1]-int64(n.y)*g.size
		n.rim = min(left, g.size-1-left, down, g.size-1-down) + int64(d)*g.size
		n.rings++
	}
}

func (n *nearby) put(f found) {
	n.found = append(n.found, f)
	k := len(n.found) - 1
	for ; k > 0 && (n.found[k-1].way < f.way || n.found[k-1].way == f.way && n.found[k-1].column < f.column); k-- {
		n.found[k] = n.found[k-1]
	}
	n.found[k] = f
}

// open begins the stream of a row.
func (g *grid) open(n *nearby, at [2]int64, none Cost) {
	*n = nearby{g: g, at: at, x: int(at[0] / g.size), y: int(at[1] / g.size), none: none}
	n.found = n.room[:0]
	n.look()
}

// streams are the rows as the grid gives them.
func (g *grid) streams() []Row {
	rows, all := make([]Row, len(g.rows)), make([]nearby, len(g.rows))
	for i, at := range g.rows {
		g.open(&all[i], at, nil)
		rows[i] = &all[i]
	}
	return rows
}
