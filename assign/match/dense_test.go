package match

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// table is the problem as Dense takes it. Lower levels of what is forbidden are
// filled with what would be out of range.
func (p problem) table() Table {
	t := Table{Rows: len(p.cost), Columns: p.columns(), Levels: p.levels, None: []int64{}}
	add := func(list []int64, c Cost) []int64 {
		if c != nil {
			return append(list, c...)
		}
		list = append(list, Forbidden)
		for range p.levels - 1 {
			list = append(list, -Forbidden)
		}
		return list
	}
	for i := range p.cost {
		t.None = add(t.None, p.none[i])
		for _, c := range p.cost[i] {
			t.Costs = add(t.Costs, c)
		}
	}
	return t
}

// narrow brings the numbers within what Dense takes.
func (p problem) narrow() problem {
	cut := func(c Cost) {
		for l := range c {
			c[l] %= MaxDense + 1
		}
	}
	for i := range p.cost {
		cut(p.none[i])
		for _, c := range p.cost[i] {
			cut(c)
		}
	}
	return p
}

func TestDenseIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for k := range 4000 {
		if err := denseAgainstTwin(draw(r).narrow()); err != nil {
			t.Fatalf("problem %d: %v", k, err)
		}
	}
}

func denseAgainstTwin(p problem) error {
	want := p.twin()
	a, err := Dense(p.table())
	if want == nil {
		if !errors.Is(err, ErrInfeasible) {
			return fmt.Errorf("%v, where there is no matching\n%v", err, p)
		}
		return nil
	}
	if err == nil {
		err = a.Verify()
	}
	if err != nil {
		return fmt.Errorf("%w\n%v", err, p)
	}
	if !slices.Equal(a.Total(), want) {
		return fmt.Errorf("total %d, the best is %d\n%v", a.Total(), want, p)
	}
	return nil
}

// TestDenseIsSparse compares the two where the rows are long enough to be looked
// at in parts, and prices too.
func TestDenseIsSparse(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	for range 60 {
		p := drawOf(r, r.IntN(80), 60+r.IntN(200), 1+r.IntN(3)).narrow()
		a, denseErr := Dense(p.table())
		m, err := Solve(p.rows(r), p.levels)
		if err != nil || denseErr != nil {
			if !errors.Is(err, ErrInfeasible) || !errors.Is(denseErr, ErrInfeasible) {
				t.Fatal(err, denseErr)
			}
			continue
		}
		if err := errors.Join(a.Verify(), p.verify(m)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.Total(), m.Total()) {
			t.Fatalf("dense %d, sparse %d", a.Total(), m.Total())
		}
		for j := range p.columns() {
			if !slices.Equal(a.Price(j), m.Price(j)) {
				t.Fatalf("column %d: dense %d, sparse %d", j, a.Price(j), m.Price(j))
			}
		}
		for i := range p.cost {
			if !slices.Equal(a.RowPrice(i), m.RowPrice(i)) {
				t.Fatalf("row %d: dense %d, sparse %d", i, a.RowPrice(i), m.RowPrice(i))
			}
		}
	}
}

// TestDenseTuplesAreNumbers gives the same problem in one level and in three, the
// second of which says nothing and the third undoes nothing.
func TestDenseTuplesAreNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 6))
	for range 40 {
		p := drawOf(r, 1+r.IntN(60), 60+r.IntN(100), 1).narrow()
		wide := problem{levels: 3}
		widen := func(c Cost) Cost {
			if c == nil {
				return nil
			}
			return Cost{c[0], 0, c[0] % 1000}
		}
		for i := range p.cost {
			wide.none = append(wide.none, widen(p.none[i]))
			var row []Cost
			for _, c := range p.cost[i] {
				row = append(row, widen(c))
			}
			wide.cost = append(wide.cost, row)
		}
		one, err := Dense(p.table())
		three, wideErr := Dense(wide.table())
		if (err == nil) != (wideErr == nil) {
			t.Fatal(err, wideErr)
		}
		if err != nil {
			continue
		}
		if err := three.Verify(); err != nil || one.Total()[0] != three.Total()[0] || three.Total()[1] != 0 {
			t.Fatalf("%v: %d in one level, %d in three", err, one.Total(), three.Total())
		}
	}
}

func TestDenseRefuses(t *testing.T) {
	for name, table := range map[string]Table{
		"levels":     {Rows: 1, Columns: 1, Levels: 65, Costs: make([]int64, 65)},
		"no levels":  {},
		"rows":       {Rows: MaxRows + 1, Levels: 1},
		"columns":    {Columns: MaxColumns + 1, Levels: 1},
		"less":       {Rows: -1, Levels: 1},
		"too short":  {Rows: 2, Columns: 2, Levels: 1, Costs: make([]int64, 3)},
		"None":       {Rows: 2, Columns: 2, Levels: 1, Costs: make([]int64, 4), None: make([]int64, 3)},
		"range":      {Rows: 1, Columns: 2, Levels: 2, Costs: []int64{0, 0, 0, MaxDense + 1}},
		"None range": {Rows: 1, Columns: 1, Levels: 1, Costs: []int64{0}, None: []int64{-MaxDense - 1}},
		"mark below": {Rows: 1, Columns: 1, Levels: 2, Costs: []int64{0, Forbidden}},
	} {
		if a, err := Dense(table); err == nil || a != nil {
			t.Errorf("%s: %v, %v", name, a, err)
		}
	}
}
