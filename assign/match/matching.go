package match

import (
	"fmt"
	"slices"
)

// Matching is an optimum that is kept while rows and columns come and go. Make
// one with New. It is for one goroutine at a time.
type Matching struct {
	levels int
	now    uint64 // counts the changes

	rows   []rowNode
	vacant []int32 // row numbers that may be given again, the last first
	u      []int64 // prices of rows, flat: levels each

	columns []columnNode
	told    []uint64 // when a column came or went last
	v       []int64  // prices of columns, flat

	total  Cost
	search search
	kept   snapshot
}

// What a row has, or a column is had by, if it is no number.
const (
	none = -1 // of a row: its None; of a column: free
	out  = -2 // of a row: not in the matching; of a column: not to be had
)

// rowNode keeps its arcs in three places. Near are those that a search scans: every
// arc below the row's price is among them. Far are the others that are known.
// The rest is still in the source, none of it below bound.
type rowNode struct {
	source Row // nil: nothing is left in it
	bound  Cost
	none   Cost
	column int32
	born   uint64
	reads  int
	fault  error   // the promise that the source broke
	own    []int32 // columns that Change has spoken of; the source is not heard on them; sorted

	near []nearArc
	cost []int64 // of near, flat
	far  far
}

// nearArc and link point at each other: link k of the column is this arc.
type nearArc struct {
	column int32
	link   int32
}

type link struct {
	row int32
	arc int32
}

type columnNode struct {
	row   int32
	links []link // the near arcs that lead here
}

// New gives an empty matching for costs of 1 to MaxLevels levels. With another
// number it refuses every row.
func New(levels int) *Matching {
	if levels < 1 || levels > MaxLevels {
		levels = 0
	}
	return &Matching{levels: levels, total: make(Cost, levels)}
}

// Solve adds the rows to a new matching; row i of it is rows[i]. It fails as
// Add does. Expected time is that of reading what the streams must give: see
// the package comment. For a full matrix Dense is faster.
func Solve(rows []Row, levels int) (*Matching, error) {
	m := New(levels)
	for i, r := range rows {
		if _, err := m.Add(r); err != nil {
			return nil, fmt.Errorf("row %d of %d: %w", i, len(rows), err)
		}
	}
	return m, nil
}

// Column is the column that the row has, -1 if it has none or is not there.
func (m *Matching) Column(row int) int {
	if !m.has(row) {
		return none
	}
	return int(m.rows[row].column)
}

// Row is the row that has the column, -1 if it is free or was never met.
func (m *Matching) Row(column int) int {
	if column < 0 || column >= len(m.columns) {
		return none
	}
	return int(m.columns[column].row)
}

// Total is the sum of what the rows pay: for their columns, or for None.
func (m *Matching) Total() Cost { return slices.Clone(m.total) }

func (m *Matching) has(row int) bool {
	return row >= 0 && row < len(m.rows) && m.rows[row].column != out
}

func (m *Matching) rowPrice(i int32) Cost    { return m.u[int(i)*m.levels:][:m.levels] }
func (m *Matching) columnPrice(j int32) Cost { return m.v[int(j)*m.levels:][:m.levels] }

// near cost of arc k.
func (r *rowNode) at(k, levels int) Cost { return r.cost[k*levels:][:levels] }

// meet makes room for a column.
func (m *Matching) meet(column int) {
	if column < len(m.columns) {
		return
	}
	more := column + 1 - len(m.columns)
	first := len(m.columns)
	m.columns = append(m.columns, make([]columnNode, more)...)
	for j := first; j <= column; j++ {
		m.columns[j].row = none
	}
	m.told = append(m.told, make([]uint64, more)...)
	m.v = append(m.v, make([]int64, more*m.levels)...)
	m.search.columns(len(m.columns), m.levels)
}
