package match

import (
	"fmt"
	"slices"
)

// bring makes an arc near.
func (m *Matching) bring(i, j int32, cost []int64) {
	r, c := &m.rows[i], &m.columns[j]
	r.near = append(r.near, nearArc{j, int32(len(c.links))})
	r.cost = append(r.cost, cost...)
	c.links = append(c.links, link{i, int32(len(r.near) - 1)})
}

// cut removes near arc k of row i: the last arc and the last link take the
// places that become free.
func (m *Matching) cut(i int32, k int) {
	r := &m.rows[i]
	gone, last := r.near[k], len(r.near)-1
	c := &m.columns[gone.column]
	end := c.links[len(c.links)-1]
	c.links[gone.link] = end
	c.links = c.links[:len(c.links)-1]
	m.rows[end.row].near[end.arc].link = gone.link
	if k != last {
		moved := r.near[last]
		r.near[k] = moved
		copy(r.at(k, m.levels), r.at(last, m.levels))
		m.columns[moved.column].links[moved.link].arc = int32(k)
	}
	r.near = r.near[:last]
	r.cost = r.cost[:last*m.levels]
}

// tell gives the row an arc: near if it lies below the row's price, or else far.
func (m *Matching) tell(i, j int32, cost Cost) {
	r := &m.rows[i]
	if r.column != out && Compare(cost, m.rowPrice(i)) < 0 {
		m.bring(i, j, cost)
		return
	}
	r.far.push(farArc{j, m.now}, cost)
	r.far.purge(m.told, m.levels)
}

// forget removes the arcs of the pair, wherever they are, and hears the source
// on it no more.
func (m *Matching) forget(i, j int32) {
	r := &m.rows[i]
	for k := len(r.near) - 1; k >= 0; k-- {
		if r.near[k].column == j {
			m.cut(i, k)
		}
	}
	for k := len(r.far.arcs) - 1; k >= 0; k-- {
		if r.far.arcs[k].column == j {
			r.far.drop(k, m.levels)
		}
	}
	if at, known := slices.BinarySearch(r.own, j); !known && r.source != nil {
		r.own = slices.Insert(r.own, at, j)
	}
}

// rest is a lower bound of all arcs of a row that are not near, nil if there are
// none.
func (m *Matching) rest(i int32) Cost {
	r := &m.rows[i]
	for len(r.far.arcs) > 0 && m.told[r.far.arcs[0].column] > r.far.arcs[0].since {
		r.far.drop(0, m.levels)
	}
	if len(r.far.arcs) == 0 {
		if r.source == nil {
			return nil
		}
		return m.bound(i)
	}
	if top := r.far.at(0, m.levels); r.source == nil || Compare(top, m.bound(i)) <= 0 {
		return top
	}
	return m.bound(i)
}

// read takes one candidate from the source, whose cost is in search.heard until
// the next. It gives its column, none if there is nothing new: something was told
// of it since the row came. A source that breaks its promise is not asked again.
func (m *Matching) read(i int32) (int32, error) {
	r := &m.rows[i]
	column, cost, ok := r.source.Next()
	if !ok {
		r.source = nil
		return none, nil
	}
	err := checkColumn(column)
	if err == nil {
		err = cost.check(m.levels)
	}
	if err == nil && Compare(cost, m.bound(i)) < 0 {
		err = fmt.Errorf("column %d costs %d, below the bound %d that was given before", column, cost, m.bound(i))
	}
	if r.reads++; err == nil && r.reads > MaxColumns {
		err = fmt.Errorf("more than %d candidates, so some came twice", MaxColumns)
	}
	if err != nil {
		return none, m.blame(i, err)
	}
	m.search.heard = append(m.search.heard[:0], cost...)
	j := m.meet(column)
	if len(r.own) > 0 || m.told[j] > r.born {
		if _, told := slices.BinarySearch(r.own, j); told || m.told[j] > r.born {
			j = none
		}
	}
	return j, m.peek(i)
}

// peek asks the source for its bound.
func (m *Matching) peek(i int32) error {
	r := &m.rows[i]
	bound := r.source.Bound()
	if bound == nil {
		r.source = nil
		return nil
	}
	if err := bound.check(m.levels); err != nil {
		return m.blame(i, fmt.Errorf("bound: %w", err))
	}
	if before := m.bound(i); r.reads > 0 && Compare(bound, before) < 0 {
		return m.blame(i, fmt.Errorf("the bound falls from %d to %d", before, bound))
	}
	copy(m.bound(i), bound)
	return nil
}

// blame ends a source that broke its promise, and keeps the fault for Verify.
func (m *Matching) blame(i int32, fault error) error {
	r := &m.rows[i]
	r.source, r.fault = nil, fmt.Errorf("row %d: %w", i, fault)
	return r.fault
}
