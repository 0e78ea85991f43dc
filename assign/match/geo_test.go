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

// grid holds the columns by square cells, some two in each.
type grid struct {
	plane
	cells int   // along a side
	size  int64 // of a cell
	first []int32
	list  []int32
}

func newGrid(p plane) *grid {
	g := &grid{plane: p, cells: max(1, int(math.Sqrt(float64(len(p.columns))*2)))}
	g.size = side/int64(g.cells) + 1
	g.first = make([]int32, g.cells*g.cells+1)
	g.list = make([]int32, len(p.columns))
	for _, b := range p.columns {
		g.first[g.cell(b)+1]++
	}
	for k := range g.first[1:] {
		g.first[k+1] += g.first[k]
	}
	at := make([]int32, len(g.first))
	copy(at, g.first)
	for j, b := range p.columns {
		c := g.cell(b)
		g.list[at[c]] = int32(j)
		at[c]++
	}
	return g
}

func (g *grid) cell(p [2]int64) int { return int(p[1]/g.size)*g.cells + int(p[0]/g.size) }

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
					c := y*g.cells + x
					for _, j := range g.list[g.first[c]:g.first[c+1]] {
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

// streams are the rows as the grid gives them.
func (g *grid) streams(none Cost) []Row {
	rows, all := make([]Row, len(g.rows)), make([]nearby, len(g.rows))
	for i, at := range g.rows {
		n := &all[i]
		*n = nearby{g: g, at: at, x: int(at[0] / g.size), y: int(at[1] / g.size), none: none}
		n.found = n.room[:0]
		n.look()
		rows[i] = n
	}
	return rows
}
