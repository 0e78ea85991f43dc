package area

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// ranks orders the kinds of areas from the finest to the coarsest and gives
// each its place. Finer is the kind whose areas are smaller, on average, in
// square degrees; beats, sectors and precincts come in this order, whatever
// their sizes.
func ranks(areas []Area, shapes [][]polygon) map[Kind]int {
	sizes := map[Kind]*mean{}
	for i, a := range areas {
		if sizes[a.Kind] == nil {
			sizes[a.Kind] = new(mean)
		}
		sizes[a.Kind].add(size(shapes[i]))
	}
	var kinds []Kind
	for k := range sizes {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(sizes[a].value(), sizes[b].value()), cmp.Compare(a, b))
	})
	rank := make(map[Kind]int, len(kinds))
	known := slices.DeleteFunc([]Kind{Beat, Sector, Precinct}, func(k Kind) bool { return sizes[k] == nil })
	for i, k := range kinds {
		switch k {
		case Beat, Sector, Precinct: // the place of one of them, not always of this one
			k, known = known[0], known[1:]
		}
		rank[k] = i
	}
	return rank
}

// size is twice the area of a shape in square steps of E7, cut at the greatest
// number.
func size(shape []polygon) uint64 {
	var sum uint64
	for _, part := range shape {
		abs, _ := part[0].doubleArea()
		if sum += abs; sum < abs {
			return math.MaxUint64
		}
	}
	return sum
}

// mean is an average of whole numbers, summed in 128 bits.
type mean struct{ hi, lo, n uint64 }

func (m *mean) add(v uint64) {
	var carry uint64
	m.lo, carry = bits.Add64(m.lo, v, 0)
	m.hi += carry
	m.n++
}

func (m *mean) value() uint64 {
	q, _ := bits.Div64(m.hi, m.lo, m.n)
	return q
}
