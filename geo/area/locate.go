package area

import "callbox/geo"

// Place is where a point lies in a city: one area of each kind.
type Place struct {
	Areas []string     // IDs, the finest kind first: the sector, then its precinct
	Off   geo.Distance // how far outside the nearest area; 0 inside
}

// Locate names the areas that p belongs to, at most one of each kind. Where
// several of a kind hold p, the first ID is taken. The parent of an area taken
// is taken too, so that a sector always comes with its own precinct, even
// where their borders are drawn apart.
//
// A point outside all areas belongs to the nearest within the tolerance, in
// the same manner: official borders are simplified and cut along the shore,
// and calls come from piers and bridges beyond them. Likewise a point in a
// precinct but in none of its sectors gets the nearest of them within the
// tolerance. Of equally near areas the finest kind comes first, then the first
// ID. It returns false if nothing is near enough.
//
// Distances are those of geo.Between to the nearest point of an edge, found in
// the plane that touches the earth at p: right to the centimetre in a city.
func (s *Set) Locate(p geo.Point, tolerance geo.Distance) (Place, bool) {
	var place Place
	var space [8]int
	hits := s.hits(space[:0], p)
	if len(hits) == 0 {
		nearest, off, ok := s.nearest(p, tolerance, func(int) bool { return true })
		if !ok {
			return Place{}, false
		}
		hits, place.Off = append(hits, nearest), off
	}
	c := s.newChain()
	for _, a := range hits {
		c.add(a)
	}
	for rank := s.kinds - 1; rank >= 0; rank-- {
		if c.of[rank] >= 0 {
			continue
		}
		if a, _, ok := s.nearest(p, tolerance, func(a int) bool { return s.rank[a] == rank && c.fits(a) }); ok {
			c.add(a)
		}
	}
	for _, a := range c.of {
		if a >= 0 {
			place.Areas = append(place.Areas, s.areas[a].ID)
		}
	}
	return place, true
}

// nearest is the nearest area that will do, not farther than within.
func (s *Set) nearest(p geo.Point, within geo.Distance, willDo func(area int) bool) (area int, d geo.Distance, ok bool) {
	area, d = len(s.areas), within
	for part, least := range s.boxes.Nearest(p) {
		if least > d {
			break
		}
		if !willDo(part.area) {
			continue
		}
		if near, found := part.distance(p, d); found && (near < d || part.area < area) {
			area, d, ok = part.area, near, true
		}
	}
	return area, d, ok
}

// chain is a choice of one area of each kind, finest first, -1 where none is
// chosen yet.
type chain struct {
	set *Set
	of  []int
}

func (s *Set) newChain() chain {
	c := chain{s, make([]int, s.kinds)}
	for i := range c.of {
		c.of[i] = -1
	}
	return c
}

// add takes area a and its parents, as far as their kinds are open.
func (c chain) add(a int) {
	for a >= 0 && c.of[c.set.rank[a]] < 0 {
		c.of[c.set.rank[a]] = a
		a = c.set.parent[a]
	}
}

// fits reports whether no parent of a stands against the choice made so far.
func (c chain) fits(a int) bool {
	for a = c.set.parent[a]; a >= 0; a = c.set.parent[a] {
		if chosen := c.of[c.set.rank[a]]; chosen >= 0 && chosen != a {
			return false
		}
	}
	return true
}
