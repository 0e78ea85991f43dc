package match

import (
	"math"
)

// dense is the work on a Table. Of a column, goal is the length of the shortest
// way to it, before its own price is taken off: so a scan compares the costs of
// a row with it and reads nothing else. It is unreached before there is a way,
// and below all lengths once the column is settled.
type dense struct {
	Table
	u, v   []int64
	column []int32 // of rows; none if at None, out before the row has a place
	row    []int32 // of columns

	goal   []int64
	dist   []int64 // of settled columns
	from   []int32
	better []int32
	order  []int32
	base   Cost
	search
}

const (
	unreached = math.MaxInt64
	settled   = math.MinInt64
)

func newDense(t Table) *dense {
	n, m, levels := t.Rows, t.Columns, t.Levels
	d := &dense{
		Table:  t,
		u:      make([]int64, n*levels),
		v:      make([]int64, m*levels),
		column: make([]int32, n),
		row:    make([]int32, m),
		goal:   make([]int64, m*levels),
		dist:   make([]int64, m*levels),
		from:   make([]int32, m),
		better: make([]int32, 0, m),
		base:   make(Cost, levels),
	}
	for i := range d.column {
		d.column[i] = out
	}
	for j := range d.row {
		d.row[j] = none
	}
	return d
}

func (d *dense) costs(i int32) []int64 {
	width := d.Columns * d.Levels
	return d.Costs[int(i)*width:][:width]
}

func (d *dense) none(i int32) Cost {
	if d.None == nil || d.None[int(i)*d.Levels] == Forbidden {
		return nil
	}
	return d.None[int(i)*d.Levels:][:d.Levels]
}

func (d *dense) at(list []int64, k int32) Cost { return list[int(k)*d.Levels:][:d.Levels] }

// augment finds a place for a row, as Matching.augment does.
func (d *dense) augment(root int32) error {
	d.begin(d.Levels)
	for k := range d.goal {
		d.goal[k] = unreached
	}
	clear(d.base)
	d.scan(root)
	for len(d.queue.items) > 0 {
		top := d.queue.pop()
		if d.end.there && Compare(d.queue.dist(top), d.end.dist) >= 0 {
			break
		}
		j := top.node.number()
		if d.goal[int(j)*d.Levels] == settled {
			continue
		}
		d.goal[int(j)*d.Levels] = settled
		d.order = append(d.order, j)
		copy(d.at(d.dist, j), d.queue.dist(top))
		i := d.row[j]
		sum(d.base, d.queue.dist(top), zeros[:d.Levels], d.at(d.u, i))
		d.scan(i)
	}
	if !d.end.there {
		return ErrInfeasible
	}
	for _, j := range d.order {
		v, u, dist := d.at(d.v, j), d.at(d.u, d.row[j]), d.at(d.dist, j)
		for l, x := range d.end.dist {
			v[l] -= x - dist[l]
			u[l] += x - dist[l]
		}
	}
	copy(d.at(d.u, root), d.end.dist)
	j := d.end.node.number()
	if d.end.node.kind() == noneKind {
		i := j
		j = d.column[i]
		d.column[i] = none
		if i == root {
			return nil
		}
	}
	for {
		i := d.from[j]
		next := d.column[i]
		d.column[i] = j
		d.row[j] = i
		if i == root {
			return nil
		}
		j = next
	}
}

// scan looks for shorter ways by the row, whose distance less its price is base.
func (d *dense) scan(i int32) {
	if price := d.none(i); price != nil {
		d.offer(nodeOf(noneKind, i), d.base, price, zeros[:d.Levels])
	}
	costs := d.costs(i)
	if d.Levels == 1 {
		d.better = shorter(d.better[:0], costs, d.goal, d.base[0])
	} else {
		d.better = shorterTuples(d.better[:0], costs, d.goal, d.base)
	}
	for _, j := range d.better {
		cost, v := costs[int(j)*d.Levels:][:d.Levels], d.at(d.v, j)
		sum(d.at(d.goal, j), d.base, cost, zeros[:d.Levels])
		d.from[j] = i
		if d.row[j] == none {
			d.offer(nodeOf(columnKind, j), d.base, cost, v)
		} else if !d.end.there || compareSum(d.base, cost, v, d.end.dist) < 0 {
			d.queue.push(nodeOf(columnKind, j), d.base, cost, v)
		}
	}
}

// shorter appends the columns whose cost after base is below their goal.
func shorter(better []int32, costs, goal []int64, base int64) []int32 {
	goal = goal[:len(costs)]
	for j, c := range costs {
		if c+base < goal[j] && c != Forbidden {
			better = append(better, int32(j))
		}
	}
	return better
}

// shorterTuples is shorter for tuples.
func shorterTuples(better []int32, costs, goal []int64, base Cost) []int32 {
	goal = goal[:len(costs)]
	first, levels := base[0], len(base)
	for k := 0; k < len(costs); k += levels {
		c, g := costs[k]+first, goal[k]
		if c > g || costs[k] == Forbidden {
			continue
		}
		if c == g && compareSum(base, costs[k:], zeros[:levels], goal[k:]) >= 0 {
			continue
		}
		better = append(better, int32(k/levels))
	}
	return better
}
