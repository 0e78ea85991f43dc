package index

import (
	"iter"

	"github.com/tidwall/rtree"

	"callbox/geo"
)

// Boxes holds things that each fill a box, such as the parts of an area. See
// the package comment for its use by several goroutines.
type Boxes[T any] struct {
	tree rtree.RTreeG[T]
}

// Add puts v into the box b. An empty box holds nothing and is not kept.
// O(log n) expected.
func (x *Boxes[T]) Add(b geo.Bound, v T) {
	if !b.Empty() {
		x.tree.Insert(corner(b.Min), corner(b.Max), v)
	}
}

// Len is the number of boxes.
func (x *Boxes[T]) Len() int { return x.tree.Len() }

// Touching gives what lies in a box that shares a point with b, in no order
// that a caller may rely on.
func (x *Boxes[T]) Touching(b geo.Bound) iter.Seq[T] {
	return func(yield func(T) bool) {
		if b.Empty() {
			return
		}
		x.tree.Search(corner(b.Min), corner(b.Max), func(_, _ [2]float64, v T) bool { return yield(v) })
	}
}

// Nearest streams everything with a distance that no point of its box is
// nearer to p than (0 for a box that holds p), and these distances never
// fall. A caller who looks for the nearest thing measures each exactly and
// stops at the first distance above the best so far; equal ones must be read,
// since their order is open.
func (x *Boxes[T]) Nearest(p geo.Point) iter.Seq2[T, geo.Distance] {
	o := from(p)
	distance := func(lo, hi [2]float64, _ T, _ bool) float64 { return o.least(bound(lo, hi)) }
	return func(yield func(T, geo.Distance) bool) {
		x.tree.Nearby(distance, func(_, _ [2]float64, v T, d float64) bool { return yield(v, geo.Distance(d)) })
	}
}
