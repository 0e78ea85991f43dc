package match

import "fmt"

// Verify proves the optimum by its dual certificate, and says where it does not
// hold. Every pair costs at least the prices of its row and its column, and
// exactly that if they are matched; candidates that were never read are proved
// by their bound. No row's price is above its None, no column's above 0; a free
// column's is 0. Then no matching can cost less than the sum of all prices, and
// this one costs just that, level by level. It reads no source. Time is that of
// looking once at every arc that is known.
func (m *Matching) Verify() error {
	primal, dual := make(Cost, m.levels), make(Cost, m.levels)
	for i := range m.rows {
		if m.rows[i].column == out {
			continue
		}
		paid, err := m.verifyRow(int32(i))
		if err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
		primal.add(paid)
		dual.add(m.rowPrice(int32(i)))
	}
	for j := range m.columns {
		if err := m.verifyColumn(int32(j)); err != nil {
			return fmt.Errorf("column %d: %w", m.columns[j].number, err)
		}
		dual.add(m.columnPrice(int32(j)))
	}
	if Compare(primal, dual) != 0 || Compare(primal, m.total) != 0 {
		return fmt.Errorf("the rows pay %d, the prices add up to %d, the total is %d", primal, dual, m.total)
	}
	return nil
}

// verifyRow gives what the row pays.
func (m *Matching) verifyRow(i int32) (paid Cost, err error) {
	r, u, zero := &m.rows[i], m.rowPrice(i), zeros[:m.levels]
	if r.fault != nil {
		return nil, r.fault
	}
	if !r.must && Compare(u, m.none(i)) > 0 {
		return nil, fmt.Errorf("its price %d is above its None %d", u, m.none(i))
	}
	if r.source != nil && Compare(u, m.bound(i)) > 0 {
		return nil, fmt.Errorf("its price %d is above the bound %d of what was not read", u, m.bound(i))
	}
	if r.column == none {
		if r.must || Compare(u, m.none(i)) != 0 {
			return nil, fmt.Errorf("it has no column, and its price is %d", u)
		}
		paid = m.none(i)
	}
	arc := func(j int32, cost Cost) error {
		d := compareSum(cost, zero, u, m.columnPrice(j))
		if d < 0 {
			return fmt.Errorf("column %d costs %d, below the prices %d and %d", m.columns[j].number, cost, u, m.columnPrice(j))
		}
		if j == r.column && d == 0 {
			paid = cost
		}
		return nil
	}
	for k := range r.near {
		if err := arc(r.near[k].column, r.at(k, m.levels)); err != nil {
			return nil, err
		}
	}
	for k, a := range r.far.arcs {
		if m.told[a.column] <= a.since {
			if err := arc(a.column, r.far.at(k, m.levels)); err != nil {
				return nil, err
			}
		}
	}
	if paid == nil {
		return nil, fmt.Errorf("it has column %d and does not pay its price %d", m.columns[r.column].number, m.columnPrice(r.column))
	}
	return paid, nil
}

func (m *Matching) verifyColumn(j int32) error {
	v, i := m.columnPrice(j), m.columns[j].row
	switch {
	case Compare(v, zeros[:m.levels]) > 0:
		return fmt.Errorf("its price %d is above 0", v)
	case i == none && !v.zero():
		return fmt.Errorf("it is free and has the price %d", v)
	case i != none && m.rows[i].column != j:
		return fmt.Errorf("it is row %d's, and that has column %d", i, m.Column(int(i)))
	}
	return nil
}
