package policy

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/assign"
)

// decideAt decides about everything in a town where coverage has a price, and each
// unit uncovers the share that shares says, in thousandths of a percent.
func decideAt(town *town, shares map[string]int) *round {
	s := town.situation()
	s.Uncovers = func(unit string) int { return shares[unit] }
	r := newRound(s)
	r.decide(slices.SortedFunc(r.waiting(), r.before()), slices.SortedFunc(r.improvable(), r.before()))
	return r
}

// TestCoverageIsNoReasonToWait: with a price of coverage, whatever it is, no call
// waits that a unit which goes to a lower one could have served, and none while a
// unit that could serve it stays where it is.
func TestCoverageIsNoReasonToWait(t *testing.T) {
	waited, otherwise := 0, 0
	for seed := range uint64(2000) {
		rnd := rand.New(rand.NewPCG(seed, 9))
		free := strict(t)
		priced := *free
		solver := *free.Solver
		solver.Coverage = []time.Duration{time.Second, 30 * time.Second, 20 * time.Minute}[rnd.IntN(3)]
		priced.Solver = &solver
		s := draw(rnd, 12, 14)
		town := s.town(&priced)
		shares := make(map[string]int)
		for _, u := range s.units {
			shares[u.id] = rnd.IntN(9_000)
		}
		r := decideAt(town, shares)
		if err := r.match.Verify(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		used := make(map[string]bool)
		for _, unit := range r.plan {
			used[unit] = true
		}
		for _, i := range wants(town) {
			if unit, planned := r.plan[slotKey{i.call.ID, i.slot}]; unit != "" || !planned {
				continue
			}
			waited++
			for _, u := range s.units {
				if town.state.Unit(u.id).Status == assign.Available && !used[u.id] && permitted(&priced, town, i, u.id) {
					t.Fatalf("seed %d: %s stays where it is while %s waits\n%+v", seed, u.id, i.call.ID, s)
				}
			}
			for key, unit := range r.plan {
				j := town.state.Call(key.call)
				if unit != "" && unit != holder(j, key.slot) && priced.Rank(i.call.Class) < priced.Rank(j.Class) && permitted(&priced, town, i, unit) {
					t.Fatalf("seed %d: unit %s goes to %s (%s) while %s (%s) waits\n%+v", seed, unit, j.ID, j.Class, i.call.ID, i.call.Class, s)
				}
			}
		}
		for key, unit := range solve(s.town(free)).plan {
			if r.plan[key] != unit {
				otherwise++
			}
		}
	}
	if waited < 1000 || otherwise < 1000 {
		t.Errorf("calls waited %d times, and coverage made a difference %d times: that tries little", waited, otherwise)
	}
}
