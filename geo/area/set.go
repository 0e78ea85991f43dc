package area

import (
	"cmp"
	"slices"

	"callbox/geo"
	"callbox/geo/index"
)

// Set is a collection of areas made ready for questions. It never changes and
// is safe for use by several goroutines.
type Set struct {
	areas  []Area // in order of kind, finest first, then ID
	rank   []int  // of the kind of each area; 0 is the finest
	kinds  int
	parent []int // index of the parent of each area, -1 if none
	byID   map[string]int
	parts  []*prepared
	first  []int // where the parts of each area begin; one more than areas
	boxes  index.Boxes[*prepared]
	bound  geo.Bound
}

// NewSet mends areas (see Mend), finds the parents of those that name none,
// and makes them ready. A parent must be of a coarser kind: kinds are ordered
// by the mean size of their areas, with beat before sector before precinct. An
// area without a parent gets the area of the next coarser kind that most of it
// lies in, or of the kind after if it lies in none. The error is Faults.
// O(n log n) for n positions. No areas make an empty set.
func NewSet(areas []Area) (*Set, error) {
	var report Report
	mended, shapes := mend(areas, nil, &report)
	if err := report.Err(); err != nil {
		return nil, err
	}
	n, rank := len(mended), ranks(mended, shapes)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		a, b := mended[i], mended[j]
		return cmp.Or(cmp.Compare(rank[a.Kind], rank[b.Kind]), cmp.Compare(a.ID, b.ID))
	})
	s := &Set{kinds: len(rank), byID: make(map[string]int, n), bound: geo.BoundOf()}
	for at, i := range order {
		s.areas, s.rank = append(s.areas, mended[i]), append(s.rank, rank[mended[i].Kind])
		s.byID[mended[i].ID] = at
		s.first = append(s.first, len(s.parts))
		for _, g := range shapes[i] {
			part := prepare(g, at)
			s.parts = append(s.parts, part)
			s.boxes.Add(part.bound, part)
			s.bound = s.bound.Union(part.bound)
		}
	}
	s.first = append(s.first, len(s.parts))
	if err := s.findParents(order); err != nil {
		return nil, err
	}
	return s, nil
}

// All lists the areas in order of their kind, the finest first, then of their
// ID, as NewSet mended them and with the parents it found. The shapes are
// shared: do not change them.
func (s *Set) All() []Area { return slices.Clone(s.areas) }

// Get is the area of an ID, and whether there is one.
func (s *Set) Get(id string) (Area, bool) {
	i, ok := s.byID[id]
	if !ok {
		return Area{}, false
	}
	return s.areas[i], true
}

// Len is the number of areas.
func (s *Set) Len() int { return len(s.areas) }

// Bound is the box around all areas; that of an empty set is empty.
func (s *Set) Bound() geo.Bound { return s.bound }

// Contains reports whether p lies in an area or on its rim. No area has an ID
// that is not in the set.
func (s *Set) Contains(id string, p geo.Point) bool {
	i, ok := s.byID[id]
	return ok && s.holds(i, p)
}

func (s *Set) holds(i int, p geo.Point) bool {
	for _, part := range s.parts[s.first[i]:s.first[i+1]] {
		if part.holds(p) {
			return true
		}
	}
	return false
}

// At lists the IDs of all areas that hold p, those of the finest kind first,
// each kind in order of ID. Under a microsecond in a city.
func (s *Set) At(p geo.Point) []string {
	hits := s.hits(nil, p)
	ids := make([]string, len(hits))
	for i, a := range hits {
		ids[i] = s.areas[a].ID
	}
	return ids
}

// hits appends to list the areas that hold p, in the order of the set.
func (s *Set) hits(list []int, p geo.Point) []int {
	for part := range s.boxes.Touching(geo.Bound{Min: p, Max: p}) {
		if part.holds(p) {
			list = append(list, part.area)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
