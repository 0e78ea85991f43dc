package match

import "fmt"

// Entry is a row that may take a column, and at what cost.
type Entry struct {
	Row  int
	Cost Cost
}

// LeaveError is of a row that lost its column by a change and cannot stay in the
// matching without: it has left, as by Remove. All else is as it should be.
type LeaveError struct {
	Row int
	Err error // ErrInfeasible, or the promise that a source broke
}

func (e *LeaveError) Error() string { return fmt.Sprintf("row %d has to leave: %v", e.Row, e.Err) }
func (e *LeaveError) Unwrap() error { return e.Err }

// Add lets a row in and gives its number, one of a row that left if there is
// any. It is one search for a shortest augmenting path. It fails, and changes
// nothing, if the row or one that the search asks gives what is out of range or
// below its bound, if there are MaxRows rows, or with ErrInfeasible if the row
// must get a column and cannot.
func (m *Matching) Add(source Row) (row int, err error) {
	if m.levels == 0 {
		return none, fmt.Errorf("a matching for costs of 1 to %d levels can take rows, this one not", MaxLevels)
	}
	if len(m.rows)-len(m.vacant) >= MaxRows {
		return none, fmt.Errorf("there are %d rows already, the most that can be", MaxRows)
	}
	price := source.None()
	if price != nil {
		if err := price.check(m.levels); err != nil {
			return none, fmt.Errorf("the price of None: %w", err)
		}
	}
	i := m.open()
	m.now++
	r := &m.rows[i]
	r.source, r.must, r.born, r.reads = source, price == nil, m.now, 0
	copy(m.none(i), price)
	if err := m.peek(i); err != nil {
		m.close(i)
		return none, err
	}
	if err := m.place(i); err != nil {
		return none, err
	}
	return int(i), nil
}

// Remove lets a row go. Its column is free for others, who may move: one search
// from the column. A row that is not there is none to remove.
func (m *Matching) Remove(row int) {
	if m.has(row) {
		m.release(int32(row))
		m.close(int32(row))
	}
}

// RemoveColumn takes a column from all rows: one search for the row that had it.
// Sources of the rows that are in are not heard on it any more; a row that comes
// later may bring it back for itself. If the row that had it must get a column
// and cannot, it leaves and the error is a LeaveError.
func (m *Matching) RemoveColumn(column int) error {
	if checkColumn(column) != nil {
		return nil
	}
	m.now++
	j := m.meet(column) // a source may still give it
	holder := m.unseat(j)
	m.strip(j)
	clear(m.columnPrice(j))
	return m.replace(holder)
}

// AddColumn says anew who may take a column, one that is there already or that
// comes: a unit that moved, or was cleared. Rows that are in and not among the
// entries may not take it, whatever their sources say. It is one search from the
// column, and another one for the row that had it, if any; that one may have to
// leave, as in RemoveColumn. Any other error changes nothing.
func (m *Matching) AddColumn(column int, entries []Entry) error {
	if err := m.checkEntries(column, entries); err != nil {
		return err
	}
	m.now++
	j := m.meet(column)
	holder := m.unseat(j)
	m.strip(j)
	v := m.columnPrice(j)
	clear(v)
	for _, e := range entries {
		i := int32(e.Row)
		m.tell(i, j, e.Cost)
		if u := m.rowPrice(i); i != holder && compareSum(e.Cost, zeros[:m.levels], u, v) < 0 {
			sum(v, e.Cost, zeros[:m.levels], u)
		}
	}
	m.settle(j)
	return m.replace(holder)
}

func (m *Matching) checkEntries(column int, entries []Entry) error {
	if err := checkColumn(column); err != nil {
		return err
	}
	s := &m.search
	s.begin(m.levels)
	for _, e := range entries {
		if !m.has(e.Row) {
			return fmt.Errorf("column %d: row %d is not there", column, e.Row)
		}
		if s.rowMark[e.Row] == s.found {
			return fmt.Errorf("column %d: row %d stands there twice", column, e.Row)
		}
		s.rowMark[e.Row] = s.found
		if err := e.Cost.check(m.levels); err != nil {
			return fmt.Errorf("column %d, row %d: %w", column, e.Row, err)
		}
	}
	return nil
}

// Change gives a pair another cost, or forbids it (nil). What the row's source
// says of the column later is not heard. At most one search from each side. The
// row may have to leave, as in RemoveColumn. Any other error changes nothing.
func (m *Matching) Change(row, column int, cost Cost) error {
	if !m.has(row) {
		return fmt.Errorf("row %d is not there", row)
	}
	if err := checkColumn(column); err != nil {
		return err
	}
	if cost != nil {
		if err := cost.check(m.levels); err != nil {
			return fmt.Errorf("row %d, column %d: %w", row, column, err)
		}
	}
	m.now++
	i, j := int32(row), m.meet(column)
	moves := m.rows[i].column == j || cost != nil && compareSum(cost, zeros[:m.levels], m.rowPrice(i), m.columnPrice(j)) < 0
	if moves {
		m.release(i)
	}
	m.forget(i, j)
	if cost != nil {
		m.tell(i, j, cost)
	}
	if !moves {
		return nil
	}
	return m.replace(i)
}

// open gives a row number, out of the matching as yet.
func (m *Matching) open() int32 {
	if last := len(m.vacant) - 1; last >= 0 {
		i := m.vacant[last]
		m.vacant = m.vacant[:last]
		return i
	}
	m.rows = append(m.rows, rowNode{column: out})
	n := len(m.rows)
	m.u = longer(m.u, n*m.levels)
	m.nones = longer(m.nones, n*m.levels)
	m.bounds = longer(m.bounds, n*m.levels)
	m.search.rows(n, m.levels)
	return int32(n - 1)
}

// close forgets a row that is out of the matching, all but the memory it has.
func (m *Matching) close(i int32) {
	for k := len(m.rows[i].near) - 1; k >= 0; k-- {
		m.cut(i, k)
	}
	r := &m.rows[i]
	r.source, r.fault, r.own = nil, nil, r.own[:0]
	r.far.arcs, r.far.cost, r.far.full = r.far.arcs[:0], r.far.cost[:0], 0
	m.vacant = append(m.vacant, i)
}

// replace finds another place for a row that has lost its own.
func (m *Matching) replace(i int32) error {
	if i == none {
		return nil
	}
	if err := m.place(i); err != nil {
		return &LeaveError{Row: int(i), Err: err}
	}
	return nil
}

// place finds a place for a row that is out, and closes it if there is none.
func (m *Matching) place(i int32) error {
	err := m.augment(i)
	if err != nil {
		m.close(i)
	}
	return err
}

// release takes a row out of the matching and keeps its arcs.
func (m *Matching) release(i int32) {
	j := m.rows[i].column
	if j == none {
		m.total.subtract(m.rowPrice(i))
		m.rows[i].column = out
		return
	}
	m.unseat(j)
	m.settle(j)
}

// unseat takes the row that has a column out of the matching and gives its
// number, none if the column is free. The column's price stays.
func (m *Matching) unseat(j int32) int32 {
	i := m.columns[j].row
	if i < 0 {
		return none
	}
	m.total.subtract(m.rowPrice(i))
	m.total.subtract(m.columnPrice(j))
	m.columns[j].row = none
	m.rows[i].column = out
	return i
}

// strip takes from all rows what they know of a column.
func (m *Matching) strip(j int32) {
	for links := m.columns[j].links; len(links) > 0; links = m.columns[j].links {
		last := links[len(links)-1]
		m.cut(last.row, int(last.arc))
	}
	m.told[j] = m.now
}
