package match

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// city is a problem that changes, and two matchings that follow it: one reads
// sorted lists, the other loose streams. Rows keep their numbers; in says which
// are there.
type city struct {
	p     problem
	in    []bool
	m     *Matching
	loose *Matching
	r     *rand.Rand
}

const cityColumns = 7

func newCity(levels int, r *rand.Rand) *city {
	return &city{p: problem{levels: levels}, m: New(levels), loose: New(levels), r: r}
}

func (c *city) number() Cost {
	x := make(Cost, c.p.levels)
	for l := range x {
		x[l] = c.r.Int64N(9) - 3
	}
	return x
}

// live is the problem of the rows that are in.
func (c *city) live() problem {
	q := problem{levels: c.p.levels}
	for i, in := range c.in {
		if in {
			q.none = append(q.none, c.p.none[i])
			q.cost = append(q.cost, c.p.cost[i])
		}
	}
	return q
}

func (c *city) add() error {
	none, row := Cost(nil), make([]Cost, cityColumns)
	if c.r.IntN(4) > 0 {
		none = c.number()
	}
	for j := range row {
		if c.r.IntN(4) > 0 {
			row[j] = c.number()
		}
	}
	one := problem{levels: c.p.levels, none: []Cost{none}, cost: [][]Cost{row}}
	i, err := c.m.Add(one.source(0, nil))
	if same, looseErr := c.loose.Add(one.source(0, c.r)); same != i || (err == nil) != (looseErr == nil) {
		return fmt.Errorf("row %d, %v; with a loose stream %d, %v", i, err, same, looseErr)
	}
	if err != nil {
		with := c.live()
		with.none, with.cost = append(with.none, none), append(with.cost, row)
		if !errors.Is(err, ErrInfeasible) || with.twin() != nil {
			return fmt.Errorf("add: %w", err)
		}
		return nil
	}
	for i >= len(c.in) {
		c.in = append(c.in, false)
		c.p.none = append(c.p.none, nil)
		c.p.cost = append(c.p.cost, nil)
	}
	if c.in[i] {
		return fmt.Errorf("row %d was given twice", i)
	}
	c.in[i], c.p.none[i], c.p.cost[i] = true, none, row
	return nil
}

// both makes a change to both matchings and notices the row that had to leave.
func (c *city) both(change func(*Matching) error) error {
	err, loose := change(c.m), change(c.loose)
	if err == nil && loose == nil {
		return nil
	}
	if err == nil || loose == nil || err.Error() != loose.Error() {
		return fmt.Errorf("%v; with loose streams %v", err, loose)
	}
	var leave *LeaveError
	if !errors.As(err, &leave) || !errors.Is(err, ErrInfeasible) || c.live().twin() != nil {
		return err
	}
	c.in[leave.Row] = false
	return nil
}

// event is one random change, to both. What is above 6 is a new row.
func (c *city) event(kind int) error {
	j := c.r.IntN(cityColumns)
	i := -1
	if len(c.in) > 0 {
		i = c.r.IntN(len(c.in))
	}
	switch kind {
	case 0, 1:
		if i >= 0 {
			c.m.Remove(i)
			c.loose.Remove(i)
			c.in[i] = false
		}
	case 2:
		for i := range c.in {
			if c.in[i] {
				c.p.cost[i][j] = nil
			}
		}
		return c.both(func(m *Matching) error { return m.RemoveColumn(j) })
	case 3, 4:
		var entries []Entry
		for i := range c.in {
			if c.in[i] {
				c.p.cost[i][j] = nil
				if c.r.IntN(4) > 0 {
					c.p.cost[i][j] = c.number()
					entries = append(entries, Entry{i, c.p.cost[i][j]})
				}
			}
		}
		return c.both(func(m *Matching) error { return m.AddColumn(j, entries) })
	case 5, 6:
		if i >= 0 && c.in[i] {
			c.p.cost[i][j] = nil
			if c.r.IntN(4) > 0 {
				c.p.cost[i][j] = c.number()
			}
			return c.both(func(m *Matching) error { return m.Change(i, j, c.p.cost[i][j]) })
		}
	default:
		if len(c.live().cost) < 7 {
			return c.add()
		}
	}
	return nil
}

// check compares what was kept with the best there is.
func (c *city) check() error {
	if err := errors.Join(c.m.Verify(), c.loose.Verify()); err != nil {
		return err
	}
	if want := c.live().twin(); !slices.Equal(c.m.Total(), want) {
		return fmt.Errorf("total %d, the best is %d", c.m.Total(), want)
	}
	for i, in := range c.in {
		if j := c.m.Column(i); in && j >= 0 && c.p.cost[i][j] == nil || !in && j >= 0 {
			return fmt.Errorf("row %d has column %d", i, j)
		} else if k := c.loose.Column(i); k != j {
			return fmt.Errorf("row %d has column %d, with loose streams %d", i, j, k)
		}
	}
	return nil
}

// TestKeptIsAsGoodAsSolvedAnew plays random changes and compares after each.
func TestKeptIsAsGoodAsSolvedAnew(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCity(rapid.IntRange(1, 3).Draw(t, "levels"), rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		for _, kind := range rapid.SliceOfN(rapid.IntRange(0, 10), 1, 60).Draw(t, "events") {
			if err := c.event(kind); err != nil {
				t.Fatal(err)
			}
			if err := c.check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestColumnsOfSources: what a source says of a column that was taken away, or
// told anew, before anybody met it is not heard.
func TestColumnsOfSources(t *testing.T) {
	m := New(1)
	if _, err := m.Add(List(Cost{9}, []Candidate{{0, Cost{1}}, {1, Cost{2}}, {2, Cost{3}}, {3, Cost{4}}})); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{m.RemoveColumn(1), m.AddColumn(2, nil), m.Change(0, 3, nil), m.RemoveColumn(0)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if j := m.Column(0); j != -1 {
		t.Errorf("column %d", j)
	}
}

// TestWhatIsKeptDoesNotGrow plays many changes and looks at the memory of what
// is known: rows and columns that went leave nothing behind.
func TestWhatIsKeptDoesNotGrow(t *testing.T) {
	c := newCity(2, rand.New(rand.NewPCG(4, 7)))
	for range 30_000 {
		if err := c.event(c.r.IntN(11)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range c.m.rows {
		if r := &c.m.rows[i]; cap(r.near) > 200 || cap(r.far.arcs) > 200 || cap(r.own) > 200 {
			t.Errorf("row %d keeps %d near and %d far arcs", i, cap(r.near), cap(r.far.arcs))
		}
	}
	if len(c.m.rows) > 10 {
		t.Errorf("%d rows for 7 at a time", len(c.m.rows))
	}
}
