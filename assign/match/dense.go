package match

import "fmt"

// MaxDense bounds what stands in a Table, up or down. With it a number and a
// column fit into one, and sums of a search, below 4 MaxRows MaxDense = 2^59, lie
// clear of its marks at 2^61 and of Forbidden.
const MaxDense = 1 << 43

// Forbidden stands at level 0 of a pair in a Table that may not be matched, or
// of the None of a row that must get a column.
const Forbidden = 1 << 62

// Table is a problem in full: the cost of row i and column j at level l is
// Costs[(i*Columns+j)*Levels+l], the None of row i None[i*Levels+l].
type Table struct {
	Rows, Columns, Levels int
	Costs                 []int64
	None                  []int64 // nil: every row must get a column
}

// Dense solves a problem that is there in full, which must not change while the
// answer is in use. Of n rows and m columns it takes O(n^2 (m + n log n)) time at
// worst, and 8 bytes a level of each row and column beside the table. It fails on
// a table of the wrong size, on numbers beyond MaxDense, and with
// ErrInfeasible.
//
// It is the search of Matching.Add over the rows of the table, the cheapest part
// of each row first, so that most of a row is seldom looked at.
func Dense(t Table) (*Assignment, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	d := newDense(t)
	for i := range int32(t.Rows) {
		if err := d.augment(i); err != nil {
			return nil, fmt.Errorf("row %d of %d: %w", i, t.Rows, err)
		}
	}
	return &d.Assignment, nil
}

func (t *Table) check() error {
	n, m, levels := t.Rows, t.Columns, t.Levels
	switch {
	case levels < 1 || levels > MaxLevels:
		return fmt.Errorf("%d levels: a cost has 1 to %d", levels, MaxLevels)
	case n < 0 || n > MaxRows:
		return fmt.Errorf("%d rows: there can be 0 to %d", n, MaxRows)
	case m < 0 || m > MaxColumns:
		return fmt.Errorf("%d columns: there can be 0 to %d", m, MaxColumns)
	case len(t.Costs) != n*m*levels:
		return fmt.Errorf("%d costs, where %d rows of %d columns at %d levels are %d", len(t.Costs), n, m, levels, n*m*levels)
	case t.None != nil && len(t.None) != n*levels:
		return fmt.Errorf("%d prices of None, where %d rows at %d levels have %d", len(t.None), n, levels, n*levels)
	}
	if k := outside(t.Costs, levels); k >= 0 {
		return fmt.Errorf("row %d, column %d, level %d: cost %d: keep it within 2^43 up or down", k/levels/m, k/levels%m, k%levels, t.Costs[k])
	}
	if k := outside(t.None, levels); k >= 0 {
		return fmt.Errorf("row %d, level %d: None %d: keep it within 2^43 up or down", k/levels, k%levels, t.None[k])
	}
	return nil
}

// outside is the place of the first number that is beyond the limit, -1 if none
// is. The lower levels of what is forbidden may hold anything.
func outside(numbers []int64, levels int) int {
	for k, x := range numbers {
		if uint64(x+MaxDense) > 2*MaxDense && numbers[k-k%levels] != Forbidden {
			return k
		}
	}
	return -1
}

func (t *Table) costs(i int32) []int64 {
	width := t.Columns * t.Levels
	return t.Costs[int(i)*width:][:width]
}

// none is nil if the row must get a column.
func (t *Table) none(i int32) Cost {
	if t.None == nil || t.None[int(i)*t.Levels] == Forbidden {
		return nil
	}
	return t.None[int(i)*t.Levels:][:t.Levels]
}
