package match

import "slices"

// Price is what one more column like this one would change the total by: 0 or
// less, 0 for a free column. It depends on the problem alone, not on how the
// matching came about: it is the highest of the column's dual prices. One search
// from the column.
func (m *Matching) Price(column int) Cost {
	j := m.met(column)
	if j == none || m.columns[j].row == none {
		return make(Cost, m.levels)
	}
	m.seek(j)
	return slices.Clone(m.search.end.dist)
}

// RowPrice is what the total would be less without the row, nil if the row is
// not there: the price of None, or the cost of the row's column less the
// column's Price. It is the lowest of the row's dual prices.
func (m *Matching) RowPrice(row int) Cost {
	if !m.has(row) {
		return nil
	}
	u := slices.Clone(m.rowPrice(int32(row)))
	if j := m.rows[row].column; j != none {
		m.seek(j)
		u.add(m.columnPrice(j))
		u.subtract(m.search.end.dist)
	}
	return u
}
