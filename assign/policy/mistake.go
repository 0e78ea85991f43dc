package policy

import (
	"cmp"
	"fmt"
	"slices"
)

// maxMistakes is how many mistakes of one file are told.
const maxMistakes = 100

// Mistake is what is wrong with a policy file, and where.
type Mistake struct {
	Line   int // from 1; 0 if it is nowhere in particular
	Detail string
}

// Error gives the line and what is wrong there.
func (m Mistake) Error() string {
	if m.Line == 0 {
		return m.Detail
	}
	return fmt.Sprintf("line %d: %s", m.Line, m.Detail)
}

// Mistakes is the error of a file that is refused: one or more, by line.
type Mistakes []Mistake

// Error is the first mistake and how many there are besides, on one line.
func (ms Mistakes) Error() string {
	switch n := len(ms); n {
	case 0:
		return "no mistakes"
	case 1:
		return ms[0].Error()
	default:
		return fmt.Sprintf("%v (and %d more)", ms[0], n-1)
	}
}

// Unwrap lists the mistakes, for errors.Is and errors.As.
func (ms Mistakes) Unwrap() []error {
	errs := make([]error, len(ms))
	for i, m := range ms {
		errs[i] = m
	}
	return errs
}

// sorted puts the mistakes in order of their lines. Of very many, the first ones
// are kept, and a last one says so.
func (ms Mistakes) sorted() Mistakes {
	slices.SortStableFunc(ms, func(a, b Mistake) int { return cmp.Compare(a.Line, b.Line) })
	if n := len(ms); n > maxMistakes {
		ms = append(ms[:maxMistakes], Mistake{0, fmt.Sprintf("%d more mistakes are not listed; mend these first", n-maxMistakes)})
	}
	return ms
}
