package match

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// compareWithTwin solves one problem in all ways there are and compares.
func compareWithTwin(p problem, r *rand.Rand) error {
	want := p.twin()
	first, err := Solve(p.rows(nil), p.levels)
	if want == nil {
		if !errors.Is(err, ErrInfeasible) {
			return fmt.Errorf("%v, where there is no matching", err)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if err := p.verify(first); err != nil {
		return err
	}
	if !slices.Equal(first.Total(), want) {
		return fmt.Errorf("total %d, the best is %d", first.Total(), want)
	}
	again, err := Solve(p.rows(r), p.levels)
	if err != nil {
		return err
	}
	for i := range p.cost {
		if again.Column(i) != first.Column(i) {
			return fmt.Errorf("row %d has column %d in one order of reading, %d in another", i, first.Column(i), again.Column(i))
		}
	}
	return p.verify(again)
}

func TestSolveIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for k := range 4000 {
		p := draw(r)
		if err := compareWithTwin(p, r); err != nil {
			t.Fatalf("problem %d: %v\n%v", k, err, p)
		}
	}
}

// TestForcedIsExact forbids all else to the row and the column, and solves anew.
func TestForcedIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for range 300 {
		p := drawOf(r, 1+r.IntN(6), 1+r.IntN(6), 1+r.IntN(3))
		if p.twin() == nil {
			continue
		}
		m := p.solve(t, r)
		before := fmt.Sprint(m.Total(), m.u, m.v)
		for i := range p.cost {
			for j := range p.cost[i] {
				q := problem{levels: p.levels, none: slices.Clone(p.none), cost: slices.Clone(p.cost)}
				q.none[i] = nil
				q.cost[i] = make([]Cost, p.columns())
				q.cost[i][j] = p.cost[i][j]
				got, ok := m.Forced(i, j)
				if want := q.twin(); ok != (want != nil) || !slices.Equal(got, want) {
					t.Fatalf("row %d with column %d: %d, %v, the best is %d\n%v", i, j, got, ok, want, p)
				}
			}
		}
		if err := p.verify(m); err != nil {
			t.Fatal(err)
		}
		for j := len(m.v); j > 0; j-- { // columns that were met meanwhile have no price
			if after := fmt.Sprint(m.Total(), m.u, m.v[:j]); after == before {
				break
			} else if j == 1 && len(before) > 0 && m.v[0] != 0 {
				t.Fatalf("%s before, %s after", before, after)
			}
		}
	}
}

// TestPricesAreMarginal compares prices with what a twin of the column, or the
// row's absence, does to the total.
func TestPricesAreMarginal(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 3))
	for range 300 {
		p := drawOf(r, 1+r.IntN(6), 1+r.IntN(6), 1+r.IntN(3))
		if p.twin() == nil {
			continue
		}
		m := p.solve(t, r)
		for j := range p.columns() {
			q := problem{levels: p.levels, none: p.none}
			for i := range p.cost {
				q.cost = append(q.cost, append(slices.Clone(p.cost[i]), p.cost[i][j]))
			}
			if want := minus(q.twin(), p.twin()); !slices.Equal(m.Price(j), want) {
				t.Fatalf("column %d has the price %d, a twin of it changes the total by %d\n%v", j, m.Price(j), want, p)
			}
		}
		for i := range p.cost {
			q := problem{levels: p.levels, none: slices.Delete(slices.Clone(p.none), i, i+1), cost: slices.Delete(slices.Clone(p.cost), i, i+1)}
			if want := minus(p.twin(), q.twin()); !slices.Equal(m.RowPrice(i), want) {
				t.Fatalf("row %d has the price %d, without it the total is less by %d\n%v", i, m.RowPrice(i), want, p)
			}
		}
	}
}
