package cover

import (
	"maps"
	"slices"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// Duty is what a unit does, as far as coverage goes.
type Duty uint8

// Units that are off count for nothing, as do those of other agencies and those
// that are available nobody knows where.
const (
	Off       Duty = iota
	Available      // covers what is within its reach
	Busy           // on a call
)

// Unit is a unit at a place; the place counts if it is available.
type Unit struct {
	ID   string
	Duty Duty
	At   geo.Point
}

// Map counts for each cell of a city the available units that cover it. It
// depends on nothing but what its units do now, in whatever order that was set. It
// is not safe for use by several goroutines at once.
type Map struct {
	city  *City
	reach reach
	count []int32 // by cell
	free  map[string]*post
	busy  map[string]bool

	worth    adds
	worthFor int // the busy share that they hold for
}

// post is a place where a unit stands, and the cells that it covers from there.
type post struct {
	at    geo.Point
	cells []int32
}

// NewMap makes the map of a city without units, of which one covers what it comes
// to within that time. O(cells).
func NewMap(city *City, by assign.StraightBy, within time.Duration) *Map {
	return &Map{
		city: city, reach: reachOf(by, within), count: make([]int32, len(city.cells)),
		free: make(map[string]*post), busy: make(map[string]bool), worthFor: -1,
	}
}

// Set says what a unit does now. O(cells of about the latitude of a new place).
func (m *Map) Set(u Unit) {
	old := m.free[u.ID]
	if u.Duty == Available && old != nil && old.at == u.At {
		return
	}
	if old != nil {
		m.leave(old)
		delete(m.free, u.ID)
	}
	delete(m.busy, u.ID)
	switch u.Duty {
	case Available:
		m.take(u.ID, &post{u.At, m.city.within(u.At, m.reach)})
	case Busy:
		m.busy[u.ID] = true
	}
}

func (m *Map) take(unit string, p *post) {
	m.free[unit] = p
	for _, c := range p.cells {
		m.count[c]++
	}
}

func (m *Map) leave(p *post) {
	for _, c := range p.cells {
		m.count[c]--
	}
}

// Busy is the share of the units on duty that are on calls, in thousandths; 0 of
// none.
func (m *Map) Busy() int { return 1000 * len(m.busy) / max(1, len(m.busy)+len(m.free)) }

// Available is how many units are available and have a place.
func (m *Map) Available() int { return len(m.free) }

// adds is what one unit more adds to the expected covering of a cell, were all
// demand there, by how many units cover it already: (1-q)q^k in billionths, from
// some k on nothing.
type adds []int64

func (a adds) to(k int32) int64 {
	if int(k) < len(a) {
		return a[k]
	}
	return 0
}

// adds is what units add as they are busy now.
func (m *Map) adds() adds {
	if busy := m.Busy(); m.worthFor != busy {
		m.worthFor, m.worth = busy, m.worth[:0]
		for chance := int64(Whole); chance > 0 && busy < 1000; chance = chance * int64(busy) / 1000 {
			m.worth = append(m.worth, chance*int64(1000-busy)/1000)
		}
	}
	return m.worth
}

// Lost is what the expected covering of the city loses if a unit goes; 0 of a unit
// that is not available. O(cells that it covers).
func (m *Map) Lost(unit string) Share {
	p := m.free[unit]
	if p == nil {
		return 0
	}
	return Share(m.lost(p) / int64(Whole))
}

// lost and gained are in billionths of billionths.
func (m *Map) lost(p *post) (sum int64) {
	adds := m.adds()
	for _, c := range p.cells {
		sum += int64(m.city.share[c]) * adds.to(m.count[c]-1)
	}
	return sum
}

// gained is what one unit more that covers these cells would add.
func (m *Map) gained(cells []int32) (sum int64) {
	adds := m.adds()
	for _, c := range cells {
		sum += int64(m.city.share[c]) * adds.to(m.count[c])
	}
	return sum
}

// Covered is the share of the demand that available units cover. O(cells).
func (m *Map) Covered() (sum Share) {
	for c, k := range m.count {
		if k > 0 {
			sum += m.city.share[c]
		}
	}
	return sum
}

// Expected is the expected covering: the share of the demand for which a unit will
// be available within reach, as often as units are busy. O(cells).
func (m *Map) Expected() Share {
	all := make([]int64, 1, len(m.free)+1) // what so many units add
	for k := range int32(len(m.free)) {
		all = append(all, all[k]+m.adds().to(k))
	}
	var sum int64
	for c, k := range m.count {
		sum += int64(m.city.share[c]) * all[k]
	}
	return Share(sum / int64(Whole))
}

// Gap is a cell that no available unit covers.
type Gap struct {
	assign.Demand
	Share Share
}

// Gaps are the cells that no available unit covers, those of the greatest demand
// first, then by ID. O(n log n).
func (m *Map) Gaps() []Gap {
	var gaps []Gap
	for _, c := range m.gaps() {
		gaps = append(gaps, Gap{m.city.cells[c], m.city.share[c]})
	}
	return gaps
}

// clone is a map that can be changed alone. Its posts are shared: none is ever
// changed.
func (m *Map) clone() *Map {
	c := *m
	c.count, c.free, c.worth = slices.Clone(m.count), maps.Clone(m.free), slices.Clone(m.worth)
	return &c
}
