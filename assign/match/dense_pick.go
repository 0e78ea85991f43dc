package match

import "slices"

// Few candidates of a row are ever of use, the cheapest. So a row of a table is
// looked at in parts: some 1/16 that cost least, as many again, and so on up to
// half of all. A sample says what they cost; they are picked out, each with its
// column in one number, once they are asked for.
const (
	samples = 32
	parts   = 4

	columnBits = 20 // of a picked number, the lowest; the others are level 0 of the cost
)

// picked is what was picked out of a row: part p is list[end[p-1]:end[p]], and
// costs at most cut[p].
type picked struct {
	list []int64
	cut  [parts]int64
	end  [parts]int32
	done int // parts
}

// sample sets the cuts of a row, and says whether there are any: not in a short
// row, and not if half of it is forbidden.
func (d *dense) sample(i int32) bool {
	columns, costs := d.table.Columns, d.table.costs(i)
	if columns < 2*samples {
		return false
	}
	var at [samples]int64
	for k := range at {
		at[k] = costs[k*columns/samples*d.table.Levels]
	}
	slices.Sort(at[:])
	if at[samples/2-1] == Forbidden {
		return false
	}
	r := &d.picked[i]
	for p := range parts {
		r.cut[p] = at[samples>>(parts-p)-1]
	}
	r.list = make([]int64, 0, columns/8)
	return true
}

// pick gives part p of a row. The parts before were picked already.
func (d *dense) pick(i int32, p int) []int64 {
	r, from := &d.picked[i], int32(0)
	if p > 0 {
		from = r.end[p-1]
	}
	if p == r.done {
		cut, low := r.cut[p], int64(-MaxDense)
		if p > 0 {
			low = r.cut[p-1] + 1
		}
		costs, levels := d.table.costs(i), d.table.Levels
		for k := 0; k < len(costs); k += levels {
			if c := costs[k]; c <= cut && c >= low {
				r.list = append(r.list, c<<columnBits|int64(k/levels))
			}
		}
		r.end[p] = int32(len(r.list))
		r.done++
	}
	return r.list[from:r.end[p]]
}
