package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// problem is an assignment problem as a table: none[i] nil means that row i
// must get a column, cost[i][j] nil that the pair is forbidden.
type problem struct {
	levels int
	none   []Cost
	cost   [][]Cost
}

// twin is the slow, honest solver: the best total over all sets of columns that
// the rows so far can have, row by row. O(rows * columns * 2^columns). It gives
// nil if there is no matching.
func (p problem) twin() Cost {
	columns := p.columns()
	best := make([]Cost, 1<<columns)
	best[0] = make(Cost, p.levels)
	for i := range p.cost {
		next := make([]Cost, 1<<columns)
		put := func(set int, a, b Cost) {
			c := plus(a, b)
			if next[set] == nil || slices.Compare(c, next[set]) < 0 {
				next[set] = c
			}
		}
		for set, so := range best {
			if so == nil {
				continue
			}
			if p.none[i] != nil {
				put(set, so, p.none[i])
			}
			for j, c := range p.cost[i] {
				if c != nil && set>>j&1 == 0 {
					put(set|1<<j, so, c)
				}
			}
		}
		best = next
	}
	var least Cost
	for _, c := range best {
		if c != nil && (least == nil || slices.Compare(c, least) < 0) {
			least = c
		}
	}
	return least
}

func (p problem) columns() int {
	if len(p.cost) == 0 {
		return 0
	}
	return len(p.cost[0])
}

func plus(a, b Cost) Cost {
	c := slices.Clone(a)
	for l := range c {
		c[l] += b[l]
	}
	return c
}

func minus(a, b Cost) Cost {
	c := slices.Clone(a)
	for l := range c {
		c[l] -= b[l]
	}
	return c
}

// source is row i as a stream. With a random source its order is any, and its
// bounds are honest and loose.
func (p problem) source(i int, r *rand.Rand) Row {
	var list []Candidate
	for j, c := range p.cost[i] {
		if c != nil {
			list = append(list, Candidate{j, c})
		}
	}
	if r == nil {
		return List(p.none[i], list)
	}
	r.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
	bounds := make([]Cost, len(list))
	for k := len(list) - 1; k >= 0; k-- {
		bounds[k] = list[k].Cost
		if k+1 < len(list) && slices.Compare(bounds[k+1], bounds[k]) < 0 {
			bounds[k] = bounds[k+1]
		}
	}
	for k := range bounds {
		loose := slices.Clone(bounds[k])
		l := r.IntN(p.levels)
		loose[l] = max(loose[l]-r.Int64N(3), -MaxCost)
		if k == 0 || slices.Compare(loose, bounds[k-1]) > 0 {
			bounds[k] = loose
		} else {
			bounds[k] = bounds[k-1]
		}
	}
	return &loose{list: list, bounds: bounds, none: p.none[i]}
}

// loose is a stream with bounds of its own.
type loose struct {
	list   []Candidate
	bounds []Cost
	none   Cost
	at     int
}

func (s *loose) None() Cost { return s.none }

func (s *loose) Next() (int, Cost, bool) {
	if s.at == len(s.list) {
		return 0, nil, false
	}
	s.at++
	return s.list[s.at-1].Column, s.list[s.at-1].Cost, true
}

func (s *loose) Bound() Cost {
	if s.at == len(s.list) {
		return nil
	}
	return s.bounds[s.at]
}

func (p problem) rows(r *rand.Rand) []Row {
	rows := make([]Row, len(p.cost))
	for i := range rows {
		rows[i] = p.source(i, r)
	}
	return rows
}

// draw makes a problem of at most 8 by 8: small numbers, so that ties abound,
// some below 0, now and then a forbidden pair or a row that must be assigned.
func draw(r *rand.Rand) problem {
	return drawOf(r, r.IntN(9), r.IntN(9), 1+r.IntN(5))
}

func drawOf(r *rand.Rand, rows, columns, levels int) problem {
	p := problem{levels: levels}
	span := []int64{2, 4, 20, 1000, MaxCost}[r.IntN(5)]
	number := func() Cost {
		c := make(Cost, p.levels)
		for l := range c {
			c[l] = r.Int64N(span+1) - r.Int64N(2)*r.Int64N(span+1)
		}
		return c
	}
	forbidden, must := r.IntN(3), r.IntN(3)
	for range rows {
		var none Cost
		if r.IntN(3) >= must {
			none = number()
		}
		row := make([]Cost, columns)
		for j := range row {
			if r.IntN(6) >= forbidden {
				row[j] = number()
			}
		}
		p.none = append(p.none, none)
		p.cost = append(p.cost, row)
	}
	return p
}

// verify checks the certificate, and the matching against the problem: whoever
// has whom may have it, and the total is what is paid.
func (p problem) verify(m *Matching) error {
	if err := m.Verify(); err != nil {
		return err
	}
	total := make(Cost, p.levels)
	for i := range p.cost {
		paid := p.none[i]
		if j := m.Column(i); j >= 0 {
			paid = p.cost[i][j]
			if m.Row(j) != i {
				return fmt.Errorf("row %d has column %d, which has row %d", i, j, m.Row(j))
			}
		}
		if paid == nil {
			return fmt.Errorf("row %d may not have column %d", i, m.Column(i))
		}
		total = plus(total, paid)
	}
	if !slices.Equal(total, m.Total()) {
		return fmt.Errorf("the total is %d, paid is %d", m.Total(), total)
	}
	for i := range p.cost { // every pair, those that were never read too
		for j, c := range p.cost[i] {
			v := make(Cost, p.levels)
			if j := m.met(j); j != none {
				v = m.columnPrice(j)
			}
			if c != nil && slices.Compare(c, plus(m.rowPrice(int32(i)), v)) < 0 {
				return fmt.Errorf("pair %d, %d costs %d, below its prices", i, j, c)
			}
		}
	}
	return nil
}

// solve is Solve, verified.
func (p problem) solve(t testing.TB, r *rand.Rand) *Matching {
	t.Helper()
	m, err := Solve(p.rows(r), p.levels)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.verify(m); err != nil {
		t.Fatal(err)
	}
	return m
}
