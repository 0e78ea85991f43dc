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
		if s.end.found {
			if d := Compare(s.queue.dist(top), s.end.dist); d > 0 || d == 0 && top.node.kind() != restKind {
				break
			}
		}
		s.queue.pop()
		if n := top.node.number(); top.node.kind() == restKind {
			if err := m.expand(n, top.key); err != nil {
				return err
			}
		} else if s.settled[n] != s.round {
			s.settled[n] = s.round
			s.order = append(s.order, n)
			i := m.columns[n].row
			sum(m.base(i), m.dist(n), zeros[:m.levels], m.rowPrice(i))
			m.scan(i)
		}
	}
	if !s.end.found {
		return ErrInfeasible
	}
	m.reprice(root)
	m.total.add(s.end.dist)
	j := s.end.node.number()
	if s.end.node.kind() == noneKind {
		i := j
		j = m.rows[i].column
		m.rows[i].column = none
		if i == root {
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
	if r.none != nil {
		s.offer(nodeOf(noneKind, i), base, r.none, zeros[:m.levels])
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
	if row == out || s.settled[j] == s.round {
		return
	}
	if s.end.found {
		if d := compareSum(base, cost, v, s.end.dist); d > 0 || d == 0 && row != none {
			return
		}
	}
	dist := m.dist(j)
	if s.seen[j] == s.round {
		d := compareSum(base, cost, v, dist)
		if d > 0 || d == 0 && s.rank[i] >= s.rank[s.from[j]] {
			return
		}
		if d == 0 {
			s.from[j] = i
			return
		}
	}
	s.seen[j] = s.round
	s.from[j] = i
	sum(dist, base, cost, v)
	if row == none {
		s.offer(nodeOf(columnKind, j), base, cost, v)
	} else {
		s.queue.push(nodeOf(columnKind, j), base, cost, v)
	}
}

// await puts what is not near to the row into the queue, if a way to it can
// still be of use.
func (m *Matching) await(i int32) {
	s, base := &m.search, m.base(i)
	rest := m.rest(&m.rows[i])
	if rest == nil || s.end.found && compareSum(base, rest, zeros[:m.levels], s.end.dist) > 0 {
		return
	}
	s.queue.push(nodeOf(restKind, i), base, rest, zeros[:m.levels])
}

// expand brings near whatever is not further than the key, and relaxes it.
func (m *Matching) expand(i int32, key int) error {
	s, r := &m.search, &m.rows[i]
	for {
		rest := m.rest(r)
		if rest == nil {
			return nil
		}
		if compareSum(m.base(i), rest, zeros[:m.levels], s.queue.keys[key:][:m.levels]) > 0 {
			m.await(i)
			return nil
		}
		if r.source != nil && (len(r.far.arcs) == 0 || Compare(r.bound, r.far.at(0, m.levels)) < 0) {
			if _, err := m.read(i); err != nil {
				return err
			}
			continue
		}
		j := r.far.arcs[0].column
		m.bring(i, j, r.far.at(0, m.levels))
		r.far.drop(0, m.levels)
		m.relax(i, j, m.base(i), r.at(len(r.near)-1, m.levels))
	}
}

// zeros is a cost of nothing.
var zeros [MaxLevels]int64

func (m *Matching) base(i int32) []int64 { return m.search.base[int(i)*m.levels:][:m.levels] }
func (m *Matching) dist(j int32) Cost    { return m.search.dist[int(j)*m.levels:][:m.levels] }
