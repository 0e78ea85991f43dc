package match

import "slices"

// snapshot is what Forced puts back.
type snapshot struct {
	u, v          []int64
	rows, columns []int32
	total         Cost
}

// Forced is the total of the best matching in which this row has this column,
// and false if the pair is forbidden or leaves another row no place. The
// matching stays as it is. It takes one search from each side, a copy of the
// prices, and what the row's source must give before it comes upon the column.
func (m *Matching) Forced(row, column int) (Cost, bool) {
	if !m.has(row) || column < 0 || column >= MaxColumns {
		return nil, false
	}
	i, j := int32(row), m.meet(column)
	cost := slices.Clone(m.cost(i, j))
	if cost == nil {
		return nil, false
	}
	m.save()
	defer m.restore()
	if m.rows[i].column != j {
		m.release(i)
		holder := m.unseat(j)
		m.columns[j].row = out
		if holder != none && m.augment(holder) != nil {
			return nil, false
		}
		m.total.add(cost)
	}
	return slices.Clone(m.total), true
}

// cost is that of a pair, nil if it is forbidden. It reads the row's source as
// far as it must.
func (m *Matching) cost(i, j int32) Cost {
	r := &m.rows[i]
	for k := range r.near {
		if r.near[k].column == j {
			return r.at(k, m.levels)
		}
	}
	for k, a := range r.far.arcs {
		if a.column == j && m.told[j] <= a.since {
			return r.far.at(k, m.levels)
		}
	}
	for r.source != nil {
		read, _ := m.read(i)
		if read != none {
			r.far.push(farArc{read, m.now}, m.search.heard)
		}
		if read == j {
			return m.search.heard
		}
	}
	return nil
}

func (m *Matching) save() {
	k := &m.kept
	k.u = append(k.u[:0], m.u...)
	k.v = append(k.v[:0], m.v...)
	k.total = append(k.total[:0], m.total...)
	k.rows, k.columns = k.rows[:0], k.columns[:0]
	for i := range m.rows {
		k.rows = append(k.rows, m.rows[i].column)
	}
	for j := range m.columns {
		k.columns = append(k.columns, m.columns[j].row)
	}
}

// restore leaves columns that were met meanwhile free and without a price.
func (m *Matching) restore() {
	k := &m.kept
	copy(m.u, k.u)
	copy(m.v, k.v)
	clear(m.v[len(k.v):])
	copy(m.total, k.total)
	for i, j := range k.rows {
		m.rows[i].column = j
	}
	for j := range m.columns {
		m.columns[j].row = none
		if j < len(k.columns) {
			m.columns[j].row = k.columns[j]
		}
	}
}
