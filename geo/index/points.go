package index

import (
	"cmp"
	"iter"
	"slices"

	"github.com/tidwall/rtree"

	"callbox/geo"
)

// Neighbor is a point found near another: who it is and how far away, by
// geo.Between.
type Neighbor struct {
	ID       string
	Distance geo.Distance
}

// Compare orders neighbors by distance, then by ID.
func (n Neighbor) Compare(m Neighbor) int {
	return cmp.Or(cmp.Compare(n.Distance, m.Distance), cmp.Compare(n.ID, m.ID))
}

// Points holds moving points, each under an ID. See the package comment for
// its use by several goroutines.
type Points struct {
	tree  rtree.RTreeG[*item]
	items map[string]*item
}

// item keeps the point that the tree has it under: a removal needs the exact
// old box, and a miss would be silent.
type item struct {
	id string
	at geo.Point
}

// Put places id at p, from wherever it was. O(log n) expected.
func (x *Points) Put(id string, p geo.Point) {
	it, ok := x.items[id]
	switch {
	case !ok:
		if x.items == nil {
			x.items = make(map[string]*item)
		}
		it = &item{id: id}
		x.items[id] = it
	case it.at == p:
		return
	default:
		x.tree.Delete(corner(it.at), corner(it.at), it)
	}
	it.at = p
	x.tree.Insert(corner(p), corner(p), it)
}

// Delete removes id and reports whether it was there. O(log n) expected.
func (x *Points) Delete(id string) bool {
	it, ok := x.items[id]
	if !ok {
		return false
	}
	delete(x.items, id)
	x.tree.Delete(corner(it.at), corner(it.at), it)
	return true
}

// At is the place of id, and whether there is one. O(1).
func (x *Points) At(id string) (geo.Point, bool) {
	it, ok := x.items[id]
	if !ok {
		return geo.Point{}, false
	}
	return it.at, true
}

// Len is the number of points.
func (x *Points) Len() int { return len(x.items) }

// Within lists the IDs of the points in b or on its rim, sorted.
func (x *Points) Within(b geo.Bound) []string {
	if b.Empty() {
		return nil
	}
	var ids []string
	x.tree.Search(corner(b.Min), corner(b.Max), func(_, _ [2]float64, it *item) bool {
		ids = append(ids, it.id)
		return true
	})
	slices.Sort(ids)
	return ids
}

// Near lists the points within radius of p, that distance included, sorted by
// distance, then ID.
func (x *Points) Near(p geo.Point, radius geo.Distance) []Neighbor {
	var near []Neighbor
	for n := range x.Nearest(p) {
		if n.Distance > radius {
			break
		}
		near = append(near, n)
	}
	return near
}

// Nearest streams all points by their distance from p, then ID. It does no
// more work than the points taken from it ask for, and those as far away as
// the last. Points must not be changed until the loop has ended.
func (x *Points) Nearest(p geo.Point) iter.Seq[Neighbor] {
	o := from(p)
	distance := func(lo, hi [2]float64, it *item, leaf bool) float64 {
		if leaf {
			return float64(geo.Between(p, it.at))
		}
		return o.least(bound(lo, hi))
	}
	return func(yield func(Neighbor) bool) {
		// The tree gives equal distances in an order that depends on its
		// history. So they are held back until a greater one appears: the tree
		// has then opened every box that could hold an equal one.
		var tied []Neighbor
		give := func() bool {
			slices.SortFunc(tied, Neighbor.Compare)
			for _, n := range tied {
				if !yield(n) {
					return false
				}
			}
			tied = tied[:0]
			return true
		}
		wanted := true
		x.tree.Nearby(distance, func(_, _ [2]float64, it *item, d float64) bool {
			n := Neighbor{it.id, geo.Distance(d)}
			if len(tied) > 0 && tied[0].Distance < n.Distance {
				wanted = give()
			}
			tied = append(tied, n)
			return wanted
		})
		if wanted {
			give()
		}
	}
}
