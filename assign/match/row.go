package match

import (
	"cmp"
	"slices"
)

// Row is one row's candidates, asked for lazily. What it returns is copied
// before it is asked again. It is asked only while a method of the Matching
// runs, and no longer once the row has left.
type Row interface {
	// None is the price of taking no column, asked for once; nil: the row must
	// get a column.
	None() Cost
	// Next is the next candidate, and false if there is none left. Each column
	// comes at most once, in any order; the nearer the order is to that of
	// cost, the less is read.
	Next() (column int, cost Cost, ok bool)
	// Bound is a lower bound of all that Next has not given yet. It never falls.
	// nil: nothing is left.
	Bound() Cost
}

// Candidate is a column that a row may take, and at what cost.
type Candidate struct {
	Column int
	Cost   Cost
}

// List is a Row whose candidates are all known. It keeps a sorted copy of the
// list, and is read once.
func List(none Cost, candidates []Candidate) Row {
	sorted := slices.Clone(candidates)
	slices.SortFunc(sorted, func(a, b Candidate) int {
		return cmp.Or(slices.Compare(a.Cost, b.Cost), cmp.Compare(a.Column, b.Column))
	})
	return &list{none: none, rest: sorted}
}

type list struct {
	none Cost
	rest []Candidate
}

func (l *list) None() Cost { return l.none }

func (l *list) Next() (column int, cost Cost, ok bool) {
	if len(l.rest) == 0 {
		return 0, nil, false
	}
	c := l.rest[0]
	l.rest = l.rest[1:]
	return c.Column, c.Cost, true
}

func (l *list) Bound() Cost {
	if len(l.rest) == 0 {
		return nil
	}
	return l.rest[0].Cost
}
