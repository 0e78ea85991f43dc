package match

import "fmt"

// Limits. Within them no sum of the solver leaves an int64. A price is the
// difference of two alternating paths in a tree, so at most 2 MaxRows costs. What
// a search compares is such a path, at most 2 MaxRows - 1 costs, less a price:
// below 4 MaxRows MaxCost = 2^63. (On the way to it a sum may wrap around, and
// back.)
const (
	MaxLevels  = 64
	MaxRows    = 1 << 14 // at a time
	MaxColumns = 1 << 20 // column numbers are below it
	MaxCost    = 1 << 47 // of any level, up or down
)

// Cost is a tuple of whole numbers, the weightiest level first. Tuples are
// added level by level and compared by the first level that differs.
type Cost []int64

// Compare is negative if a is the lesser, positive if b is, and 0 if they are
// equal. Both must have the same number of levels.
func Compare(a, b Cost) int {
	b = b[:len(a)]
	for l, x := range a {
		if x != b[l] {
			if x < b[l] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// compareSum compares base + c - v with x.
func compareSum(base, c, v, x []int64) int {
	c, v, x = c[:len(base)], v[:len(base)], x[:len(base)]
	for l, b := range base {
		if d := b + c[l] - v[l]; d != x[l] {
			if d < x[l] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// sum puts base + c - v into x.
func sum(x, base, c, v []int64) {
	c, v, x = c[:len(base)], v[:len(base)], x[:len(base)]
	for l, b := range base {
		x[l] = b + c[l] - v[l]
	}
}

func (c Cost) add(d []int64) {
	for l := range c {
		c[l] += d[l]
	}
}

func (c Cost) subtract(d []int64) {
	for l := range c {
		c[l] -= d[l]
	}
}

// zero is true if no level says anything.
func (c Cost) zero() bool {
	for _, x := range c {
		if x != 0 {
			return false
		}
	}
	return true
}

// check refuses a cost of another number of levels, or beyond MaxCost.
func (c Cost) check(levels int) error {
	if len(c) != levels {
		return fmt.Errorf("a cost has %d levels, where all have %d", len(c), levels)
	}
	for l, x := range c {
		if x < -MaxCost || x > MaxCost {
			return fmt.Errorf("level %d of a cost is %d: keep it within 2^47 up or down", l, x)
		}
	}
	return nil
}

func checkColumn(column int) error {
	if column < 0 || column >= MaxColumns {
		return fmt.Errorf("column %d: number columns from 0 to %d", column, MaxColumns-1)
	}
	return nil
}
