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
	u      []int64 // prices of rows, flat: levels each, as all that follow
	nones  []int64 // prices of None
	bounds []int64 // lower bounds of what is left in the sources

	slots   []int32 // of column numbers: the place in columns, from 1
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
// The rest is still in the source, none of it below the row's bound.
type rowNode struct {
	source Row // nil: nothing is left in it
	column int32
	must   bool // there is no None
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
	row    int32
	number int32  // as callers know it; inside, columns are numbered as they are met
	links  []link // the near arcs that lead here
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
	m.rows = slices.Grow(m.rows, len(rows))
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
	if j := m.rows[row].column; j != none {
		return int(m.columns[j].number)
	}
	return none
}

// Row is the row that has the column, -1 if it is free or was never met.
func (m *Matching) Row(column int) int {
	if j := m.met(column); j != none {
		return int(m.columns[j].row)
	}
	return none
}

// Total is the sum of what the rows pay: for their columns, or for None.
func (m *Matching) Total() Cost { return slices.Clone(m.total) }

func (m *Matching) has(row int) bool {
	return row >= 0 && row < len(m.rows) && m.rows[row].column != out
}

func (m *Matching) rowPrice(i int32) Cost    { return m.u[int(i)*m.levels:][:m.levels] }
func (m *Matching) none(i int32) Cost        { return m.nones[int(i)*m.levels:][:m.levels] }
func (m *Matching) bound(i int32) Cost       { return m.bounds[int(i)*m.levels:][:m.levels] }
func (m *Matching) columnPrice(j int32) Cost { return m.v[int(j)*m.levels:][:m.levels] }

// at is the cost of near arc k.
func (r *rowNode) at(k, levels int) Cost { return r.cost[k*levels:][:levels] }

// met is a column by its number, none if it was never met.
func (m *Matching) met(number int) int32 {
	if number < 0 || number >= len(m.slots) {
		return none
	}
	return m.slots[number] - 1
}

// meet is a column by its number, with room for it if it is new.
func (m *Matching) meet(number int) int32 {
	m.slots = longer(m.slots, number+1)
	if j := m.slots[number] - 1; j != none {
		return j
	}
	m.columns = append(m.columns, columnNode{row: none, number: int32(number)})
	n := len(m.columns)
	m.slots[number] = int32(n)
	m.told = longer(m.told, n)
	m.v = longer(m.v, n*m.levels)
	m.search.columns(n, m.levels)
	return int32(n - 1)
}
