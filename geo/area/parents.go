package area

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"callbox/geo"
)

// findParents links each area to the parent it names, or to the one that lies
// around it, and writes that one's ID into the area. given is the index that
// each area had in the input.
func (s *Set) findParents(given []int) error {
	var report Report
	s.parent = make([]int, len(s.areas))
	for i := range s.areas {
		a := &s.areas[i]
		where := Feature(given[i], a.ID)
		if a.Parent == "" {
			if s.parent[i] = s.around(i); s.parent[i] >= 0 {
				a.Parent = s.areas[s.parent[i]].ID
			}
			continue
		}
		p, ok := s.byID[a.Parent]
		switch {
		case !ok:
			report.Add(where.Fault(NoParent, fmt.Sprintf("its parent %.128q is not among the areas; add that area, or leave the parent out", a.Parent)))
		case s.rank[p] <= s.rank[i]:
			report.Add(where.Fault(BadParent, fmt.Sprintf("its parent %q is a %s, which is not coarser than a %s; name an area of a coarser kind", a.Parent, s.areas[p].Kind, a.Kind)))
		default:
			s.parent[i] = p
		}
	}
	return report.Err()
}

// around is the area of the next coarser kind that holds most of area i, the
// first by ID of equal ones; if none of that kind holds any of it, of the kind
// after, and -1 if there is none. Borders of two kinds are often drawn apart
// by some metres, so no single point can be trusted.
func (s *Set) around(i int) int {
	if s.rank[i] == s.kinds-1 {
		return -1
	}
	votes := map[int]int{}
	for _, p := range s.samples(i) {
		for _, a := range s.hits(nil, p) {
			votes[a]++
		}
	}
	best := -1
	for _, a := range slices.Sorted(maps.Keys(votes)) { // in order of kind, then ID
		switch {
		case s.rank[a] <= s.rank[i]:
		case best < 0:
			best = a
		case s.rank[a] == s.rank[best] && votes[a] > votes[best]:
			best = a
		}
	}
	return best
}

// samples lists points of area i, 64 of them or more, evenly spread: those of
// a grid over its box, which is made finer until enough of them are inside. An
// area too thin for any grid here is sampled at its corners.
func (s *Set) samples(i int) []geo.Point {
	box := geo.BoundOf()
	for _, part := range s.parts[s.first[i]:s.first[i+1]] {
		box = box.Union(part.bound)
	}
	var points []geo.Point
	for n := int64(12); n <= 200 && len(points) < 64; n *= 2 {
		points = points[:0]
		for p := range lattice(box, n) {
			if s.holds(i, p) {
				points = append(points, p)
			}
		}
	}
	if len(points) == 0 {
		for _, part := range s.parts[s.first[i]:s.first[i+1]] {
			for _, e := range part.edges {
				points = append(points, e.a)
			}
		}
	}
	return points
}

// lattice gives n times n points evenly spread over b, row by row.
func lattice(b geo.Bound, n int64) iter.Seq[geo.Point] {
	return func(yield func(geo.Point) bool) {
		high, wide := int64(b.Max.Lat)-int64(b.Min.Lat), int64(b.Max.Lon)-int64(b.Min.Lon)
		for i := range n * n {
			y, x := i/n, i%n
			p := geo.Point{
				Lat: int32(int64(b.Min.Lat) + high*(2*y+1)/(2*n)),
				Lon: int32(int64(b.Min.Lon) + wide*(2*x+1)/(2*n)),
			}
			if !yield(p) {
				return
			}
		}
	}
}
