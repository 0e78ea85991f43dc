package match

import (
	"errors"
	"strings"
	"testing"
)

// liar is a stream that may break any promise: it goes on for ever.
type liar struct {
	none  Cost
	next  func(k int) (int, Cost)
	bound func(k int) Cost
	k     int
}

func (l *liar) None() Cost { return l.none }

func (l *liar) Next() (int, Cost, bool) {
	column, cost := l.next(l.k)
	l.k++
	return column, cost, true
}

func (l *liar) Bound() Cost { return l.bound(l.k) }

func TestAddRefuses(t *testing.T) {
	same := func(c Cost) func(int) Cost { return func(int) Cost { return c } }
	give := func(column int, c Cost) func(int) (int, Cost) { return func(int) (int, Cost) { return column, c } }
	for name, c := range map[string]struct {
		row  Row
		says string
	}{
		"no way":           {List(nil, nil), ErrInfeasible.Error()},
		"levels of None":   {List(Cost{1, 2}, nil), "2 levels"},
		"None":             {List(Cost{MaxCost + 1}, nil), "None"},
		"levels":           {List(Cost{5}, []Candidate{{1, Cost{1, 2}}}), "2 levels"},
		"cost":             {List(nil, []Candidate{{1, Cost{-MaxCost - 1}}}), "2^47"},
		"column":           {List(nil, []Candidate{{MaxColumns, Cost{1}}}), "1048576"},
		"column below 0":   {List(nil, []Candidate{{-1, Cost{1}}}), "-1"},
		"below its bound":  {&liar{Cost{9}, give(1, Cost{3}), same(Cost{4}), 0}, "below the bound [4]"},
		"bound that falls": {&liar{Cost{9}, give(1, Cost{8}), func(k int) Cost { return Cost{int64(-k)} }, 0}, "falls"},
		"bound of levels":  {&liar{Cost{9}, give(1, Cost{8}), same(Cost{}), 0}, "bound"},
		"endless":          {&liar{Cost{9}, give(1, Cost{8}), same(Cost{1}), 0}, "came twice"},
	} {
		m := New(1)
		if _, err := m.Add(List(Cost{7}, []Candidate{{0, Cost{3}}, {1, Cost{4}}})); err != nil {
			t.Fatal(err)
		}
		i, err := m.Add(c.row)
		if err == nil || i != -1 || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: row %d, %v", name, i, err)
		}
		if err := m.Verify(); err != nil || m.Column(0) != 0 || m.Total()[0] != 3 {
			t.Errorf("%s: afterwards %v, column %d, total %d", name, err, m.Column(0), m.Total())
		}
	}
}

// TestLateLie: a stream that lies only when it is asked further is found out
// then, the row that asked stays out, and Verify says that the proof is gone.
func TestLateLie(t *testing.T) {
	m := New(1)
	lie := &liar{Cost{50}, func(k int) (int, Cost) { return k, Cost{int64(10 - 5*k)} }, func(k int) Cost { return Cost{int64(8 + 12*k)} }, 0}
	if _, err := m.Add(lie); err != nil || m.Column(0) != 0 {
		t.Fatal(m.Column(0), err)
	}
	if _, err := m.Add(List(Cost{90}, []Candidate{{0, Cost{1}}})); err == nil || !strings.Contains(err.Error(), "row 0") {
		t.Fatal(err)
	}
	if err := m.Verify(); err == nil || !strings.Contains(err.Error(), "below the bound") {
		t.Fatal(err)
	}
	m.Remove(0)
	if err := m.Verify(); err != nil {
		t.Fatal(err)
	}
}

func TestLimits(t *testing.T) {
	for _, levels := range []int{-1, 0, MaxLevels + 1} {
		if _, err := New(levels).Add(List(nil, nil)); err == nil {
			t.Errorf("%d levels: no error", levels)
		}
		if m, err := Solve([]Row{List(nil, nil)}, levels); err == nil || m != nil {
			t.Errorf("%d levels: %v, %v", levels, m, err)
		}
	}
	m := New(1)
	for range MaxRows {
		if _, err := m.Add(List(Cost{1}, nil)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Add(List(Cost{1}, nil)); err == nil || !strings.Contains(err.Error(), "16384") {
		t.Error(err)
	}
	m.Remove(77)
	if i, err := m.Add(List(Cost{2}, nil)); err != nil || i != 77 || m.Total()[0] != MaxRows+1 {
		t.Error(i, err, m.Total())
	}
}

// TestLargestNumbers puts the largest costs on the longest path: row k may take
// columns k and k+1, so the last row, which wants column 0, moves all.
func TestLargestNumbers(t *testing.T) {
	const rows = MaxRows - 1
	m := New(2)
	for k := range rows {
		if _, err := m.Add(List(nil, []Candidate{
			{k, Cost{-MaxCost, MaxCost}}, {k + 1, Cost{MaxCost, -MaxCost}},
		})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Add(List(nil, []Candidate{{0, Cost{0, 0}}})); err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(); err != nil || m.Total()[0] != rows*MaxCost || m.Column(rows-1) != rows {
		t.Fatal(err, m.Total())
	}
	m.Remove(rows)
	if err := m.Verify(); err != nil || m.Total()[0] != -rows*MaxCost {
		t.Fatal(err, m.Total())
	}
}

func TestChangesRefuse(t *testing.T) {
	m := New(1)
	if _, err := m.Add(List(Cost{7}, []Candidate{{0, Cost{3}}})); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"entry's row":    m.AddColumn(1, []Entry{{0, Cost{1}}, {1, Cost{1}}}),
		"entry twice":    m.AddColumn(1, []Entry{{0, Cost{1}}, {0, Cost{1}}}),
		"entry's cost":   m.AddColumn(1, []Entry{{0, Cost{MaxCost + 1}}}),
		"entry's levels": m.AddColumn(1, []Entry{{0, nil}}),
		"column":         m.AddColumn(-1, nil),
		"row":            m.Change(1, 0, Cost{1}),
		"no column":      m.Change(0, MaxColumns, Cost{1}),
		"cost":           m.Change(0, 0, Cost{1, 1}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := m.RemoveColumn(99); err != nil {
		t.Error(err)
	}
	m.Remove(99)
	m.Remove(-1)
	if _, ok := m.Forced(0, 5); ok {
		t.Error("forced what is forbidden")
	}
	if _, ok := m.Forced(9, 0); ok || m.RowPrice(9) != nil || m.Column(9) != -1 || m.Row(-1) != -1 || m.Row(5) != -1 {
		t.Error("answers of rows and columns that are not there")
	}
	if err := m.Verify(); err != nil || m.Total()[0] != 3 {
		t.Error(err, m.Total())
	}
}

// TestRowLeaves: a row that must get a column and loses the last one leaves.
func TestRowLeaves(t *testing.T) {
	m := New(1)
	for range 2 {
		if _, err := m.Add(List(nil, []Candidate{{0, Cost{3}}, {1, Cost{4}}})); err != nil {
			t.Fatal(err)
		}
	}
	err := m.RemoveColumn(0)
	var leave *LeaveError
	if !errors.As(err, &leave) || !errors.Is(err, ErrInfeasible) || m.Column(leave.Row) != -1 {
		t.Fatal(err)
	}
	if err := m.Verify(); err != nil || m.Column(1-leave.Row) != 1 || m.Total()[0] != 4 {
		t.Fatal(err, m.Total())
	}
}
