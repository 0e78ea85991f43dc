package match

// dense is the work on a Table.
type dense struct {
	Assignment
	search
	base   Cost     // of the row that is scanned: its distance less its price
	goal   []int64  // of columns: the shortest way, before the column's price is taken off
	better []better // what the scan found
	picked []picked // of rows
}

// better is a column that a scan found a shorter way to, and level 0 of the way,
// before the column's own price is taken off.
type better struct {
	column int32
	way    int64
}

const (
	unreached = 1 << 61  // goal of a column before a way to it is known
	settled   = -1 << 61 // and once none can be shorter
)

func newDense(t Table) *dense {
	n, m, levels := t.Rows, t.Columns, t.Levels
	d := &dense{
		Assignment: Assignment{
			table:  t,
			total:  make(Cost, levels),
			u:      make([]int64, n*levels),
			v:      make([]int64, m*levels),
			column: make([]int32, n),
			row:    make([]int32, m),
		},
		base:   make(Cost, levels),
		goal:   make([]int64, m*levels),
		better: make([]better, 0, m),
		picked: make([]picked, n),
	}
	d.columns(m, levels)
	for j := range d.row {
		d.row[j] = none
	}
	return d
}

// augment finds a place for a row, as Matching.augment does.
func (d *dense) augment(root int32) error {
	d.begin(len(d.base))
	clear(d.base)
	for k := range d.goal {
		d.goal[k] = unreached
	}
	d.scan(root)
	d.limit()
	for len(d.queue.items) > 0 {
		top := d.queue.pop()
		if d.end.there && Compare(d.queue.dist(top), d.end.dist) >= 0 {
			break
		}
		j := top.node.number()
		if d.at(d.goal, j)[0] == settled {
			continue
		}
		d.at(d.goal, j)[0] = settled
		d.order = append(d.order, j)
		copy(d.at(d.dist, j), d.queue.dist(top))
		i := d.row[j]
		sum(d.base, d.queue.dist(top), zeros[:len(d.base)], d.at(d.u, i))
		d.scan(i)
	}
	if !d.end.there {
		return ErrInfeasible
	}
	d.reprice(root)
	d.flip(root)
	return nil
}

// scan looks for shorter ways by the row, the cheapest part of it first, and
// stops where all that follows costs too much. Prices of columns are never above
// 0, so no way is shorter than base and cost.
func (d *dense) scan(i int32) {
	if price := d.table.none(i); price != nil {
		d.offer(nodeOf(noneKind, i), d.base, price, zeros[:len(d.base)])
	}
	costs, levels := d.table.costs(i), len(d.base)
	if d.picked[i].list != nil || d.sample(i) {
		for p := range parts {
			d.better = shorterPart(d.better[:0], d.pick(i, p), d.goal, d.base)
			d.relax(i, costs)
			if d.end.there && d.base[0]+d.picked[i].cut[p] > d.end.dist[0] {
				return
			}
		}
	}
	if levels == 1 {
		d.better = shorter(d.better[:0], costs, d.goal, d.base[0])
	} else {
		d.better = shorterTuples(d.better[:0], costs, d.goal, d.base)
	}
	d.relax(i, costs)
}

// limit has no way looked at that is as long as the way to the end, now that
// there is one: where it leads to, the price is not above 0.
func (d *dense) limit() {
	if !d.end.there {
		return
	}
	levels, first := len(d.base), d.end.dist[0]
	if levels == 1 {
		for j, way := range d.goal {
			d.goal[j] = min(way, first+d.v[j])
		}
		return
	}
	for k := 0; k < len(d.goal); k += levels {
		if d.goal[k] > first {
			copy(d.goal[k:k+levels], d.end.dist)
		}
	}
}

// relax takes down the ways that a scan found: first those to free columns, as
// ends, then the others, unless they are no nearer than the end.
func (d *dense) relax(i int32, costs []int64) {
	if len(d.base) == 1 {
		d.relaxNumbers(i)
		return
	}
	for _, free := range [...]bool{true, false} {
		for _, b := range d.better {
			j := b.column
			cost, v, goal := d.at(costs, j), d.at(d.v, j), d.at(d.goal, j)
			if (d.row[j] == none) != free || compareSum(d.base, cost, zeros[:len(d.base)], goal) >= 0 {
				continue
			}
			sum(goal, d.base, cost, zeros[:len(d.base)])
			if d.end.there && compareSum(d.base, cost, v, d.end.dist) >= 0 {
				continue
			}
			d.from[j] = i
			if free {
				d.offer(nodeOf(columnKind, j), d.base, cost, v)
			} else {
				d.queue.push(nodeOf(columnKind, j), d.base, cost, v)
			}
		}
	}
}

// relaxNumbers is relax for costs of one level.
func (d *dense) relaxNumbers(i int32) {
	end := int64(unreached)
	if d.end.there {
		end = d.end.dist[0]
	}
	for _, b := range d.better {
		j := b.column
		d.goal[j] = b.way
		if way := b.way - d.v[j]; way < end && d.row[j] == none {
			end = way
			d.end.there, d.end.node, d.end.dist[0] = true, nodeOf(columnKind, j), way
			d.from[j] = i
		}
	}
	for _, b := range d.better {
		j := b.column
		if way := b.way - d.v[j]; way < end && d.row[j] != none {
			d.from[j] = i
			d.queue.pushNumber(nodeOf(columnKind, j), way)
		}
	}
}

// shorter lists the columns that cost less than their goal, after base. Most do
// not: eight at a time are sent away by the sign of one number.
func shorter(list []better, costs, goal []int64, base int64) []better {
	goal = goal[:len(costs)]
	j := 0
	for ; j+8 <= len(costs); j += 8 {
		c, g := (*[8]int64)(costs[j:]), (*[8]int64)(goal[j:])
		if (c[0]+base-g[0])|(c[1]+base-g[1])|(c[2]+base-g[2])|(c[3]+base-g[3])|
			(c[4]+base-g[4])|(c[5]+base-g[5])|(c[6]+base-g[6])|(c[7]+base-g[7]) >= 0 {
			continue
		}
		for k, c := range c {
			if c+base < g[k] {
				list = append(list, better{int32(j + k), c + base})
			}
		}
	}
	for ; j < len(costs); j++ {
		if costs[j]+base < goal[j] {
			list = append(list, better{int32(j), costs[j] + base})
		}
	}
	return list
}

// shorterTuples is shorter for costs of several levels, by the first of them.
func shorterTuples(list []better, costs, goal []int64, base Cost) []better {
	goal = goal[:len(costs)]
	for k := 0; k < len(costs); k += len(base) {
		if way := costs[k] + base[0]; way <= goal[k] {
			list = append(list, better{int32(k / len(base)), way})
		}
	}
	return list
}

// shorterPart is shorter, or shorterTuples, for what was picked out of a row.
func shorterPart(list []better, picked, goal []int64, base Cost) []better {
	levels, first, tie := len(base), base[0], int64(0)
	if levels > 1 {
		tie = 1
	}
	for _, x := range picked {
		j := int(x & (1<<columnBits - 1))
		if way := x>>columnBits + first; way < goal[j*levels]+tie {
			list = append(list, better{int32(j), way})
		}
	}
	return list
}

// reprice is Matching.reprice.
func (d *dense) reprice(root int32) {
	for _, j := range d.order {
		v, u, dist := d.at(d.v, j), d.at(d.u, d.row[j]), d.at(d.dist, j)
		for l, x := range d.end.dist {
			v[l] -= x - dist[l]
			u[l] += x - dist[l]
		}
	}
	copy(d.at(d.u, root), d.end.dist)
	d.total.add(d.end.dist)
}

// flip moves each row of the path to the end that was found.
func (d *dense) flip(root int32) {
	j := d.end.node.number()
	if d.end.node.kind() == noneKind {
		i := j
		j = d.column[i]
		d.column[i] = none
		if i == root {
			return
		}
	}
	for {
		i := d.from[j]
		next := d.column[i]
		d.column[i] = j
		d.row[j] = i
		if i == root {
			return
		}
		j = next
	}
}
