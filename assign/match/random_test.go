package match

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRandomAssignmentMeans compares means of random problems with closed forms:
// costs are exponential with mean 1, and the expected total of an n by n problem
// is 1 + 1/4 + ... + 1/n^2 (conjectured by Parisi), that of m rows and n columns
// the sum of 1/((m-i)(n-j)) over i + j < m (Coppersmith and Sorkin). Proofs:
// Linusson and Wastlund, Nair, Prabhakar and Sharma, 2003 to 2005.
func TestRandomAssignmentMeans(t *testing.T) {
	const one = 1e9 // the unit of cost
	r := rand.New(rand.NewPCG(4, 8))
	for _, c := range []struct {
		rows, columns, times int
		want                 float64
	}{
		{10, 10, 2000, 1.549768}, {100, 100, 60, 1.634984}, {20, 200, 400, 0.102488},
	} {
		for name, solve := range map[string]func(Table) (Cost, error){
			"dense": func(t Table) (Cost, error) { a, err := Dense(t); return a.Total(), errors.Join(err, a.Verify()) },
			"sparse": func(t Table) (Cost, error) {
				m, err := Solve(rowsOf(t), 1)
				return m.Total(), errors.Join(err, m.Verify())
			},
		} {
			var sum, squares float64
			for range c.times {
				t1 := Table{Rows: c.rows, Columns: c.columns, Levels: 1}
				for range c.rows * c.columns {
					t1.Costs = append(t1.Costs, int64(r.ExpFloat64()*one))
				}
				total, err := solve(t1)
				if err != nil {
					t.Fatal(err)
				}
				x := float64(total[0]) / one
				sum += x
				squares += float64(x * x)
			}
			n := float64(c.times)
			mean := sum / n
			sigma := math.Sqrt((squares/n - float64(mean*mean)) / n)
			if z := (mean - c.want) / sigma; math.Abs(z) > 4 {
				t.Errorf("%s, %d by %d: mean %f, expected %f: %.1f standard errors", name, c.rows, c.columns, mean, c.want, z)
			}
		}
	}
}

func rowsOf(t Table) []Row {
	rows := make([]Row, t.Rows)
	for i := range rows {
		var list []Candidate
		for j := range t.Columns {
			if c := t.costs(int32(i))[j*t.Levels:][:t.Levels]; c[0] != Forbidden {
				list = append(list, Candidate{j, c})
			}
		}
		rows[i] = List(t.none(int32(i)), list)
	}
	return rows
}

// best is the optimum, nil if there is none.
func (p problem) best(t *testing.T, r *rand.Rand) Cost {
	t.Helper()
	m, err := Solve(p.rows(r), p.levels)
	if errors.Is(err, ErrInfeasible) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := p.verify(m); err != nil {
		t.Fatal(err)
	}
	return m.Total()
}

// without is the problem less some rows and columns.
func (p problem) without(rows, columns []int) problem {
	q := problem{levels: p.levels}
	for i := range p.cost {
		if slices.Contains(rows, i) {
			continue
		}
		var row []Cost
		for j, c := range p.cost[i] {
			if !slices.Contains(columns, j) {
				row = append(row, c)
			}
		}
		q.none = append(q.none, p.none[i])
		q.cost = append(q.cost, row)
	}
	return q
}

// TestMonotony: another column never makes it worse. Another row with costs not
// below 0 never makes it better, and never worse by more than its None. Columns
// are substitutes: two are worth no more together than each. A column and a row
// are complements (Shapley, "Complements and substitutes in the optimal
// assignment problem", Naval Research Logistics Quarterly 9, 1962).
func TestMonotony(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	for range 700 {
		p := drawOf(r, 2+r.IntN(8), 2+r.IntN(8), 1+r.IntN(3))
		for i := range p.cost {
			if p.none[i] == nil {
				p.none[i] = make(Cost, p.levels)
				p.none[i][0] = 5
			}
		}
		all, row := p.best(t, r), len(p.cost)-1
		fewer := func(rows []int, columns ...int) Cost { return p.without(rows, columns).best(t, r) }
		no0, no1, none := fewer(nil, 0), fewer(nil, 1), fewer(nil, 0, 1)
		if Compare(all, no0) > 0 {
			t.Fatalf("a column more costs %d instead of %d\n%v", all, no0, p)
		}
		if Compare(minus(none, all), plus(minus(none, no1), minus(none, no0))) > 0 {
			t.Fatalf("two columns are worth more together than each: %d %d %d %d\n%v", none, no0, no1, all, p)
		}
		rowless, both := fewer([]int{row}), fewer([]int{row}, 0)
		if Compare(minus(no0, all), minus(both, rowless)) < 0 {
			t.Fatalf("a column is worth less for more rows\n%v", p)
		}
		if Compare(all, plus(rowless, p.none[row])) > 0 {
			t.Fatalf("a row more costs more than its None: %d, %d before\n%v", all, rowless, p)
		}
		for _, c := range append(slices.Clone(p.cost[row]), p.none[row]) {
			for l := range c {
				c[l] = max(c[l], -c[l])
			}
		}
		if all := p.best(t, r); Compare(all, rowless) < 0 {
			t.Fatalf("a row more makes %d of %d\n%v", all, rowless, p)
		}
	}
}

// TestLowerLevelsChangeNothingAbove: rows that cost nothing in the first levels
// leave the total of those as it is.
func TestLowerLevelsChangeNothingAbove(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 10))
	for range 700 {
		p := drawOf(r, 2+r.IntN(8), 1+r.IntN(8), 2+r.IntN(3))
		above, low := 1+r.IntN(p.levels-1), r.IntN(len(p.cost))
		for i := low; i < len(p.cost); i++ {
			if p.none[i] == nil {
				p.none[i] = make(Cost, p.levels)
			}
			for _, c := range append(slices.Clone(p.cost[i]), p.none[i]) {
				clear(c[:min(above, len(c))])
			}
		}
		var rows []int
		for i := low; i < len(p.cost); i++ {
			rows = append(rows, i)
		}
		with, without := p.best(t, r), p.without(rows, nil).best(t, r)
		if (with == nil) != (without == nil) || with != nil && Compare(with[:above], without[:above]) != 0 {
			t.Fatalf("%d with rows that cost nothing in %d levels, %d without them\n%v", with, above, without, p)
		}
	}
}

// TestOrderDoesNotMatter: rows and columns in another order have the same total,
// and a constant on a whole row, None included, moves the total by it and nobody
// else.
func TestOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 11))
	for range 700 {
		p := drawOf(r, 1+r.IntN(9), 1+r.IntN(9), 1+r.IntN(3))
		if p.best(t, r) == nil {
			continue
		}
		m := p.solve(t, r)
		q := problem{levels: p.levels}
		columns := r.Perm(p.columns())
		for _, i := range r.Perm(len(p.cost)) {
			var row []Cost
			for _, j := range columns {
				row = append(row, p.cost[i][j])
			}
			q.none = append(q.none, p.none[i])
			q.cost = append(q.cost, row)
		}
		if got := q.best(t, r); !slices.Equal(got, m.Total()) {
			t.Fatalf("total %d, in another order %d\n%v", m.Total(), got, p)
		}
		shift := make(Cost, p.levels)
		for l := range shift {
			shift[l] = r.Int64N(100) - 50
		}
		i := r.IntN(len(p.cost))
		s := p.without(nil, nil)
		if s.none[i] != nil {
			s.none[i] = plus(s.none[i], shift)
		}
		for j, c := range s.cost[i] {
			if c != nil {
				s.cost[i][j] = plus(c, shift)
			}
		}
		if tooLarge(s) {
			continue
		}
		n := s.solve(t, r)
		if !slices.Equal(n.Total(), plus(m.Total(), shift)) {
			t.Fatalf("row %d shifted by %d: total %d, before %d\n%v", i, shift, n.Total(), m.Total(), p)
		}
		for i := range p.cost {
			if n.Column(i) != m.Column(i) {
				t.Fatalf("row %d moves from %d to %d\n%v", i, m.Column(i), n.Column(i), p)
			}
		}
	}
}

func tooLarge(p problem) bool {
	for i := range p.cost {
		for _, c := range append(slices.Clone(p.cost[i]), p.none[i]) {
			if c != nil && c.check(p.levels) != nil {
				return true
			}
		}
	}
	return false
}
