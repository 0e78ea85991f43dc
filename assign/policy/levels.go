package policy

import (
	"math/bits"
	"slices"
	"time"

	"callbox/assign"
	"callbox/assign/match"
)

// levels is how a cost is laid out for the solver. Each rank has a level, the
// highest first: the lateness of its calls. Below them are the levels that break
// ties: travel time, changes of assignments, calls (the later ones wait), units
// (the lower IDs go).
type levels struct {
	ranks   []int // ascending
	classes map[string]*scale
}

// The levels that break ties, counted from the end.
const (
	travelLevel = iota - tieLevels
	changesLevel
	callsLevel
	unitsLevel
	tieLevels = 4
)

// scale turns the forecast response to a call into a number of its rank's level.
// The unit of a level is a millisecond of a call that is not late, of weight 1, of
// the rank's class with the longest target.
type scale struct {
	target   int64  // milliseconds
	multiply uint64 // by this over target
}

func levelsOf(p *assign.Policy) levels {
	l := levels{classes: make(map[string]*scale)}
	longest := make(map[int]int64)
	for i := range p.Classes {
		k := &p.Classes[i]
		rank := p.Rank(k.Name)
		l.ranks = append(l.ranks, rank)
		longest[rank] = max(longest[rank], k.Answer.Milliseconds())
	}
	slices.Sort(l.ranks)
	l.ranks = slices.Compact(l.ranks)
	for i := range p.Classes {
		k := &p.Classes[i]
		target := max(1, k.Answer.Milliseconds())
		l.classes[k.Name] = &scale{target: target, multiply: uint64(longest[p.Rank(k.Name)]) * uint64(max(1, k.Weight))}
	}
	return l
}

func (l *levels) count() int { return len(l.ranks) + tieLevels }

// of is the level of a rank.
func (l *levels) of(rank int) int {
	i, _ := slices.BinarySearch(l.ranks, rank)
	return i
}

// price tells a difference of two costs by its first level that says anything.
func (l *levels) price(p *assign.Policy, more, less match.Cost) *assign.Price {
	for i, rank := range l.ranks {
		if d := more[i] - less[i]; d != 0 {
			class := slices.IndexFunc(p.Classes, func(k assign.Class) bool { return p.Rank(k.Name) == rank })
			return &assign.Price{Class: p.Classes[class].Name, Time: time.Duration(d) * time.Millisecond}
		}
	}
	travel := len(more) + travelLevel
	return &assign.Price{Time: time.Duration(more[travel]-less[travel]) * time.Millisecond}
}

// The shape of lateness: from this share of the target on, in tenths, what is
// beyond it counts in addition by its square over the target, so many times.
const (
	kneeTenths = 7
	steepness  = 4
	maxLate    = match.MaxCost / 2
)

// late is what a call costs that is answered r after it was received: in units of
// target T and with z = r/T, the weight times z + 4 max(0, z - 0.7)^2. It is
// convex, so that of two calls of a class the one that has used more of its
// target goes first: the generalized c-mu rule of van Mieghem (1995) with due
// dates. It rises with every millisecond; after weeks, or days where weights are
// large, by no more than that.
func (s *scale) late(r time.Duration) int64 {
	ms := max(0, r.Milliseconds())
	late := uint64(ms)
	if beyond := ms - s.target*kneeTenths/10; beyond > 0 {
		high, low := bits.Mul64(uint64(beyond), uint64(beyond)*steepness)
		late = saturate(high, low, uint64(s.target), late)
	}
	high, low := bits.Mul64(late, s.multiply)
	if late = saturate(high, low, uint64(s.target), 0); late == maxLate {
		late += uint64(min(ms, maxLate/2))
	}
	return int64(late)
}

// backupShare is how many units that follow the first one to a call weigh as much
// as it: of two calls of one rank that need somebody, none is left alone for the
// other's backup.
const backupShare = 8

// saturate is plus + (high, low) / divide, maxLate at most.
func saturate(high, low, divide, plus uint64) uint64 {
	if high >= divide {
		return maxLate
	}
	quotient, _ := bits.Div64(high, low, divide)
	if quotient > maxLate {
		return maxLate
	}
	return min(maxLate, quotient+plus)
}
