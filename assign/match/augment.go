package match

import "errors"

// ErrInfeasible is why a row without None has no place in any matching.
var ErrInfeasible = errors.New("no matching gives every row without None a column")

// The nodes of a search from a row: what a row has not looked at yet, which goes
// first, so that the answer does not depend on how much of it is known; a column;
// a row's None, as an end.
const (
	restKind node = iota << 32
	columnKind
	noneKind
)

// augment finds a place for a row that has none yet: the shortest augmenting
// path from it, by reduced cost, and Dijkstra's way of finding it. Prices of
// columns only fall on the way, so they stay at or below 0 and an arc that is
// not near costs at least the row's rest bound: one node stands for all of them.
// Nothing is changed if there is no place, or a source breaks its promise.
func (m *Matching) augment(root int32) error {
	s := &m.search
	s.begin(m.levels)
	clear(m.base(root))
	m.scan(root)
	for len(s.queue.items) > 0 {
		top := s.queue.items[0]
		if s.end.there {
			if d := Compare(s.queue.dist(top), s.end.dist); d > 0 || d == 0 && top.node.kind() != restKind {
				break
			}
		}
		s.queue.pop()
		if n := top.node.number(); top.node.kind() == restKind {
			if err := m.expand(n, top.key); err != nil {
				return err
			}
		} else if j := m.met(int(n)); s.columnMark[j] != s.final {
			s.columnMark[j] = s.final
			s.order = append(s.order, j)
			i := m.columns[j].row
			sum(m.base(i), m.dist(j), zeros[:m.levels], m.rowPrice(i))
			m.scan(i)
		}
	}
	if !s.end.there {
		return ErrInfeasible
	}
	m.reprice(root)
	m.total.add(s.end.dist)
	n := s.end.node.number()
	j := m.met(int(n))
	if s.end.node.kind() == noneKind {
		j = m.rows[n].column
		m.rows[n].column = none
		if n == root {
			return nil
		}
	}
	for {
		i := s.from[j]
		next := m.rows[i].column
		m.rows[i].column = j
		m.columns[j].row = i
		if i == root {
			return nil
		}
		j = next
	}
}

// reprice lowers the prices of settled columns by what they are nearer than the
// end, and raises those of their rows.
func (m *Matching) reprice(root int32) {
	s := &m.search
	for _, j := range s.order {
		v, u, d := m.columnPrice(j), m.rowPrice(m.columns[j].row), m.dist(j)
		for l, x := range s.end.dist {
			v[l] -= x - d[l]
			u[l] += x - d[l]
		}
	}
	copy(m.rowPrice(root), s.end.dist)
}

// scan relaxes what is near to a row that was reached, and puts a node for the
// rest into the queue.
func (m *Matching) scan(i int32) {
	s, r := &m.search, &m.rows[i]
	s.rank[i] = int32(len(s.order))
	base := m.base(i)
	if !r.must {
		s.offer(nodeOf(noneKind, i), base, m.none(i), zeros[:m.levels])
	}
	for k := range r.near {
		m.relax(i, r.near[k].column, base, r.at(k, m.levels))
	}
	m.await(i)
}

// relax finds column j by way of row i. Of two ways of equal length that from
// the row that was reached first is kept.
func (m *Matching) relax(i, j int32, base, cost []int64) {
	s, v := &m.search, m.columnPrice(j)
	row := m.columns[j].row
	if row == out || s.columnMark[j] == s.final {
		return
	}
	if s.end.there {
		if d := compareSum(base, cost, v, s.end.dist); d > 0 || d == 0 && row != none {
			return
		}
	}
	dist := m.dist(j)
	if s.columnMark[j] == s.found {
		d := compareSum(base, cost, v, dist)
		if d > 0 || d == 0 && s.rank[i] >= s.rank[s.from[j]] {
			return
		}
		if d == 0 {
			s.from[j] = i
			return
		}
	}
	s.columnMark[j] = s.found
	s.from[j] = i
	sum(dist, base, cost, v)
	if row == none {
		s.offer(nodeOf(columnKind, m.columns[j].number), base, cost, v)
	} else {
		s.queue.push(nodeOf(columnKind, m.columns[j].number), base, cost, v)
	}
}

// await puts what is not near to the row into the queue, if a way to it can
// still be of use.
func (m *Matching) await(i int32) {
	s, base := &m.search, m.base(i)
	rest := m.rest(i)
	if rest == nil || s.end.there && compareSum(base, rest, zeros[:m.levels], s.end.dist) > 0 {
		return
	}
	s.queue.push(nodeOf(restKind, i), base, rest, zeros[:m.levels])
}

// expand brings near whatever is not further than the key, and relaxes it.
func (m *Matching) expand(i int32, key int) error {
	r := &m.rows[i]
	within := func(cost []int64) bool {
		return compareSum(m.base(i), cost, zeros[:m.levels], m.search.queue.keys[key:][:m.levels]) <= 0
	}
	for {
		rest := m.rest(i)
		if rest == nil || !within(rest) {
			break
		}
		if len(r.far.arcs) > 0 && (r.source == nil || Compare(r.far.at(0, m.levels), m.bound(i)) <= 0) {
			j := r.far.arcs[0].column
			m.bring(i, j, r.far.at(0, m.levels))
			r.far.drop(0, m.levels)
			m.relax(i, j, m.base(i), r.at(len(r.near)-1, m.levels))
			continue
		}
		j, err := m.read(i)
		if err != nil {
			return err
		}
		if heard := m.search.heard; j != none && within(heard) {
			m.bring(i, j, heard)
			m.relax(i, j, m.base(i), heard)
		} else if j != none {
			r.far.push(farArc{j, m.now}, heard)
		}
	}
	m.await(i)
	return nil
}

// zeros is a cost of nothing.
var zeros [MaxLevels]int64

func (m *Matching) base(i int32) []int64 { return m.search.base[int(i)*m.levels:][:m.levels] }
func (m *Matching) dist(j int32) Cost    { return m.search.dist[int(j)*m.levels:][:m.levels] }
