package road

import (
	"cmp"
	"slices"
)

// pairTwins pairs the arcs that have no twin yet. Those between two nodes are a
// run in the row of either node; each run is put in order of (length, arc), and
// arcs of the same length are paired in that order. Loops are paired among
// themselves, the first with the second, the third with the fourth.
func (g *Graph) pairTwins() {
	var there, back []Arc
	for u := range Node(len(g.points)) {
		for from, end := g.Out(u); from < end; {
			v, to := g.head[from], from+1
			for to < end && g.head[to] == v {
				to++
			}
			switch {
			case u < v:
				there = g.byLength(there[:0], from, to)
				first, end := g.run(v, u)
				back = g.byLength(back[:0], first, end)
				g.pair(there, back)
			case u == v:
				there = g.byLength(there[:0], from, to)
				g.pairLoops(there)
			}
			from = to
		}
	}
}

// run gives the arcs from u to v: all from first up to end.
func (g *Graph) run(u, v Node) (first, end Arc) {
	row := g.head[g.first[u]:g.first[u+1]]
	at, _ := slices.BinarySearch(row, v)
	n := at
	for n < len(row) && row[n] == v {
		n++
	}
	return Arc(g.first[u]) + Arc(at), Arc(g.first[u]) + Arc(n)
}

// byLength gives those of a run that have no twin yet.
func (g *Graph) byLength(into []Arc, first, end Arc) []Arc {
	for a := first; a < end; a++ {
		if g.twin[a] == NoArc {
			into = append(into, a)
		}
	}
	if len(into) > 1 {
		slices.SortFunc(into, func(a, b Arc) int {
			return cmp.Or(cmp.Compare(g.length[a], g.length[b]), cmp.Compare(a, b))
		})
	}
	return into
}

func (g *Graph) pair(there, back []Arc) {
	for len(there) > 0 && len(back) > 0 {
		a, b := there[0], back[0]
		switch cmp.Compare(g.length[a], g.length[b]) {
		case -1:
			there = there[1:]
		case +1:
			back = back[1:]
		default:
			g.twin[a], g.twin[b] = b, a
			there, back = there[1:], back[1:]
		}
	}
}

func (g *Graph) pairLoops(loops []Arc) {
	for len(loops) > 1 {
		a, b := loops[0], loops[1]
		if g.length[a] != g.length[b] {
			loops = loops[1:]
			continue
		}
		g.twin[a], g.twin[b] = b, a
		loops = loops[2:]
	}
}
