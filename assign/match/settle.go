package match

// settle brings the price of a free column back to 0: it is the search of
// augment from the other side. Either rows move along a path of them to take the
// column, and one at its None or a column at the end of the path is relieved, or
// nobody wants it. Prices of columns only rise here, and to 0 at most, so arcs
// that are not near cannot come below 0 by it and no source is asked.
func (m *Matching) settle(free int32) {
	if m.columnPrice(free).zero() {
		return
	}
	m.seek(free)
	s := &m.search
	for _, j := range s.order {
		v, d, i := m.columnPrice(j), m.dist(j), m.columns[j].row
		for l, x := range s.end.dist {
			v[l] += x - d[l]
			if i != none {
				m.rowPrice(i)[l] -= x - d[l]
			}
		}
	}
	m.total.add(s.end.dist)
	i := s.end.node.number()
	if s.end.node.kind() == columnKind {
		j := m.met(int(i))
		if j == free {
			return
		}
		i = m.columns[j].row
		m.columns[j].row = none
	}
	for {
		j := s.via[i]
		next := m.columns[j].row
		m.columns[j].row = i
		m.rows[i].column = j
		if j == free {
			return
		}
		i = next
	}
}

// seek finds the nearest end of a path from a column that has one to give away,
// and changes nothing. Distances begin at the column's price, so that of the end
// is what the total would change by: at most 0.
func (m *Matching) seek(source int32) {
	s := &m.search
	s.begin(m.levels)
	copy(m.dist(source), m.columnPrice(source))
	m.visit(source)
	for len(s.queue.items) > 0 {
		top := s.queue.pop()
		if Compare(s.queue.dist(top), s.end.dist) >= 0 {
			return
		}
		i := top.node.number()
		if s.rowMark[i] == s.final {
			continue
		}
		s.rowMark[i] = s.final
		j := m.rows[i].column
		copy(m.dist(j), m.base(i))
		m.visit(j)
	}
}

// visit offers a column as an end, and finds the rows that would take it. A
// column before a row's None, where they are equally far: an arc that is not near
// can only tie with the column.
func (m *Matching) visit(j int32) {
	s := &m.search
	s.order = append(s.order, j)
	v, slack := m.columnPrice(j), s.slack
	sum(slack, m.dist(j), zeros[:m.levels], v)
	s.offer(nodeOf(columnKind, m.columns[j].number), slack, zeros[:m.levels], zeros[:m.levels])
	for _, link := range m.columns[j].links {
		i := link.row
		r := &m.rows[i]
		if r.column == out || s.rowMark[i] == s.final {
			continue
		}
		cost, u := r.at(int(link.arc), m.levels), m.rowPrice(i)
		if compareSum(slack, cost, u, s.end.dist) >= 0 ||
			s.rowMark[i] == s.found && compareSum(slack, cost, u, m.base(i)) >= 0 {
			continue
		}
		s.rowMark[i] = s.found
		s.via[i] = j
		sum(m.base(i), slack, cost, u)
		if r.column == none {
			s.offer(nodeOf(noneKind, i), m.base(i), zeros[:m.levels], zeros[:m.levels])
		} else {
			s.queue.push(nodeOf(0, i), m.base(i), zeros[:m.levels], zeros[:m.levels])
		}
	}
}
