package cover

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"callbox/assign"
	"callbox/geo"
)

// Move is a unit, posted elsewhere to cover what nobody covers.
type Move struct {
	Unit string
	To   assign.Demand // the cell in whose centre it is posted
	Gain Share         // what that adds to the expected covering, after the moves before
}

// maxPosts is how many uncovered cells are weighed as posts, those of the greatest
// demand.
const maxPosts = 512

// step is the least gain that is worth a move, a thousandth of the city's demand.
// What two moves gain is compared in whole steps: for less no unit need go
// farther.
const step = int64(Whole) * int64(Whole) / 1000

// MoveUps proposes at most n moves of available units to uncovered cells, one
// after the other, each unit once and only those that may be moved. Each is the one
// that gains the most expected covering, then the shortest, then that of the lower
// unit and cell. One gap's posts are weighed against all units: O(n x posts x
// units x cells within reach) at worst, of which bounds on the gain spare nearly
// all.
func (m *Map) MoveUps(n int, may func(unit string) bool) []Move {
	p := &planner{Map: m.clone(), posts: make(map[int32]*post), marked: make([]int32, len(m.city.cells))}
	for _, unit := range slices.Sorted(maps.Keys(m.free)) {
		if may(unit) {
			p.left = append(p.left, unit)
		}
	}
	var moves []Move
	for len(moves) < n {
		best := p.best()
		if best.gain < step {
			break
		}
		to := p.city.cells[best.cell]
		moves = append(moves, Move{best.unit, to, Share(best.gain / int64(Whole))})
		p.leave(p.free[best.unit])
		p.take(best.unit, p.posts[best.cell])
		p.left = slices.DeleteFunc(p.left, func(unit string) bool { return unit == best.unit })
	}
	return moves
}

// planner is a map on which moves are tried.
type planner struct {
	*Map
	left   []string        // units that may yet be moved, by ID
	posts  map[int32]*post // in the centres of cells, as far as they were asked for
	marked []int32         // by cell: the last mark that was set there
	mark   int32
}

// choice is a move that is weighed.
type choice struct {
	unit string
	cell int32
	gain int64 // in billionths of billionths
	way  geo.Distance
}

// best is the move to make next; its gain is 0 if there is none.
func (p *planner) best() (best choice) {
	type candidate struct {
		cell  int32
		gains int64 // if the unit came from outside
	}
	var posts []candidate
	gaps := p.gaps()
	for _, cell := range gaps[:min(len(gaps), maxPosts)] {
		posts = append(posts, candidate{cell, p.gained(p.post(cell).cells)})
	}
	slices.SortFunc(posts, func(a, b candidate) int { return cmp.Or(cmp.Compare(b.gains, a.gains), cmp.Compare(a.cell, b.cell)) })
	leaving, staying := make([]int64, len(p.left)), make([]int64, len(p.left))
	for i, unit := range p.left {
		leaving[i], staying[i] = p.lost(p.free[unit]), p.gained(p.free[unit].cells)
	}
	for _, to := range posts {
		if to.gains/step < max(1, best.gain/step) {
			break
		}
		p.mark++
		for _, cell := range p.post(to.cell).cells {
			p.marked[cell] = p.mark
		}
		for i, unit := range p.left {
			// A cell that the unit covers here and there gains nothing. At the most
			// that is all it covers here.
			if (to.gains-staying[i])/step < max(1, best.gain/step) {
				continue
			}
			c := choice{unit: unit, cell: to.cell, gain: to.gains - leaving[i] + p.kept(p.free[unit])}
			if c.gain/step < max(1, best.gain/step) {
				continue
			}
			c.way = geo.Between(p.free[unit].at, p.city.cells[to.cell].At)
			if p.compare(c, best) < 0 {
				best = c
			}
		}
	}
	return best
}

// kept is what was counted as lost and as gained by less, of the marked cells.
func (p *planner) kept(from *post) (sum int64) {
	adds := p.adds()
	for _, c := range from.cells {
		if p.marked[c] == p.mark {
			sum += int64(p.city.share[c]) * (adds.to(p.count[c]-1) - adds.to(p.count[c]))
		}
	}
	return sum
}

// compare puts the better move first.
func (p *planner) compare(a, b choice) int {
	return cmp.Or(
		cmp.Compare(b.gain/step, a.gain/step),
		cmp.Compare(a.way, b.way),
		strings.Compare(a.unit, b.unit),
		strings.Compare(p.city.cells[a.cell].Cell, p.city.cells[b.cell].Cell),
	)
}

func (p *planner) post(cell int32) *post {
	if p.posts[cell] == nil {
		at := p.city.cells[cell].At
		p.posts[cell] = &post{at, p.city.within(at, p.reach)}
	}
	return p.posts[cell]
}

// gaps are the cells that no available unit covers, those of the greatest demand
// first, then by ID.
func (m *Map) gaps() []int32 {
	var gaps []int32
	for c, k := range m.count {
		if k == 0 {
			gaps = append(gaps, int32(c))
		}
	}
	slices.SortFunc(gaps, func(a, b int32) int {
		return cmp.Or(cmp.Compare(m.city.cells[b].Weight, m.city.cells[a].Weight), strings.Compare(m.city.cells[a].Cell, m.city.cells[b].Cell))
	})
	return gaps
}
