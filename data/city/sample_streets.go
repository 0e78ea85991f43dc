package city

import (
	"math/rand/v2"
	"time"

	"callbox/geo"
	"callbox/geo/road"
)

// The sorts of streets of the sample city.
const (
	local = iota
	arterial
	highway
)

// sampleSpeed is how fast each sort is driven without siren, stops included.
var sampleSpeed = [...]geo.Speed{
	local:    geo.KilometersPerHour(18),
	arterial: geo.KilometersPerHour(28),
	highway:  geo.KilometersPerHour(45),
}

const (
	arterials = 5      // one street in so many is an arterial
	perSide   = 20     // streets across a precinct
	jitter    = 20_000 // how far a crossing is off the grid, at most, on each axis
)

// line is one street from end to end of the city.
type line struct {
	sort   int
	way    int  // +1 or -1: one-way, up or down the numbers of the crossings; 0 both ways
	bridge bool // it leads over the river
}

// grid is the plan of the streets: rows lead from west to east, columns from
// south to north, both half a block off the borders of the precincts.
type grid struct {
	rows, columns []line
	spots         []spot // of the crossings, row by row
	river         river
}

// newGrid plans the streets of a city of so many precincts. Local streets are
// one-way in turn, some of them and those at the rim both ways; every fifth is
// an arterial; one arterial of each direction is a highway. One arterial of
// each row of precincts, and the highway, leads over the river.
func newGrid(o SampleOptions) *grid {
	r := o.rand(streetStream)
	g := &grid{
		rows:    newLines(r, o.Rows*perSide),
		columns: newLines(r, o.Columns*perSide),
		river:   newRiver(o.rand(riverStream), int64(o.Columns)*precinct, int64(o.Rows)*precinct),
	}
	for i := range o.Rows {
		row := &g.rows[i*perSide+anArterial(r)]
		row.bridge = true
		if i == o.Rows/2 {
			row.sort = highway
		}
	}
	g.columns[o.Columns/5*perSide+anArterial(r)].sort = highway
	for j := range g.rows {
		for i := range g.columns {
			g.spots = append(g.spots, spot{
				x: int64(i)*block + block/2 + r.Int64N(2*jitter+1) - jitter,
				y: int64(j)*block + block/2 + r.Int64N(2*jitter+1) - jitter,
			})
		}
	}
	return g
}

func newLines(r *rand.Rand, n int) []line {
	lines := make([]line, n)
	for i := range lines {
		switch {
		case i%arterials == arterials/2:
			lines[i].sort = arterial
		case i > 0 && i < n-1 && r.IntN(4) > 0:
			lines[i].way = 2*(i%2) - 1
		}
	}
	return lines
}

// anArterial is the number of an arterial among the streets of one precinct.
func anArterial(r *rand.Rand) int {
	return arterials*r.IntN(perSide/arterials) + arterials/2
}

// graph is the road graph of the plan. Crossings in the water are left out, and
// so is what cannot be reached from everywhere.
func (g *grid) graph() (*road.Graph, error) {
	b := new(road.Builder)
	nodes := make([]road.Node, len(g.spots))
	for i, s := range g.spots {
		if !g.river.wet(s) {
			nodes[i] = b.AddNode(s.point())
		}
	}
	for j, l := range g.rows {
		g.build(b, nodes, l, j*len(g.columns), 1, len(g.columns))
	}
	for i, l := range g.columns {
		g.build(b, nodes, l, i, len(g.columns), len(g.rows))
	}
	whole, err := b.Build()
	if err != nil {
		return nil, err
	}
	kept, _, err := road.LargestComponent(whole)
	return kept, err
}

// build adds the arcs of a line whose n crossings are at first, first+step and
// so on. The line ends at the water unless it has a bridge; a highway meets
// arterials only.
func (g *grid) build(b *road.Builder, nodes []road.Node, l line, first, step, n int) {
	type stop struct {
		at    int
		apart bool // from the stop before, by the water
	}
	var stops []stop
	water := false
	for k := range n {
		at := first + k*step
		switch {
		case g.river.wet(g.spots[at]):
			water = true
		case l.sort == highway && k%arterials != arterials/2:
		default:
			stops = append(stops, stop{at, water && !l.bridge})
			water = false
		}
	}
	linked := func(k int) bool { return k > 0 && k < len(stops) && !stops[k].apart }
	for k := range stops {
		if !linked(k) {
			continue
		}
		way := l.way
		if !linked(k-1) || !linked(k+1) { // nobody is caught where a street ends
			way = 0
		}
		u, v := stops[k-1].at, stops[k].at
		length := g.spots[u].distance(g.spots[v])
		if way >= 0 {
			b.AddArc(nodes[u], nodes[v], length, sampleTimes(l.sort, length))
		}
		if way <= 0 {
			b.AddArc(nodes[v], nodes[u], length, sampleTimes(l.sort, length))
		}
	}
}

// sampleTimes is how long a street takes: in an emergency three quarters of
// the routine time, as in package dimacs.
func sampleTimes(sort int, length geo.Distance) (t [geo.Profiles]time.Duration) {
	t[geo.Routine] = sampleSpeed[sort].Time(length)
	t[geo.Emergency] = t[geo.Routine] * 3 / 4
	return t
}
