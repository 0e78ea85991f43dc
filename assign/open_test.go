package assign_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"callbox/assign"
)

// scan counts the calls in memory one by one, the slow and honest way.
func scan(s *assign.State) (open []string, counts map[assign.CallStatus]int) {
	counts = map[assign.CallStatus]int{assign.Closed: 0}
	for _, id := range s.CallIDs() {
		c := s.Call(id)
		counts[c.Status()]++
		if c.Open() {
			open = append(open, id)
		}
	}
	return open, counts
}

// The open calls are kept apart, and are those that a look at every call finds.
func TestOpenCallsAreThoseThatAreNotClosed(t *testing.T) {
	l := newLog(t)
	check := func() {
		t.Helper()
		want, counts := scan(l.state)
		var got []string
		for _, c := range l.state.OpenCalls() {
			got = append(got, c.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) || l.state.Open() != len(want) {
			t.Errorf("%d open calls are kept, %v, want %v", l.state.Open(), got, want)
		}
		if kept, _ := l.state.Counts(); !maps.Equal(kept, counts) {
			t.Errorf("counted %v, want %v", kept, counts)
		}
	}
	check()
	random := rand.New(rand.NewPCG(1, 1))
	for i := range 20 {
		l.signOn(fmt.Sprint("u", i))
	}
	for i := range 200 {
		call := fmt.Sprint("c", i)
		l.report(noon, call)
		if unit := fmt.Sprint("u", random.IntN(20)); l.state.Unit(unit).Call == "" {
			l.dispatch(noon, call, unit)
		}
		if old := l.state.Call(fmt.Sprint("c", random.IntN(i+1))); old.Open() {
			switch random.IntN(3) {
			case 0:
				l.do(noon, &assign.CloseCall{Call: old.ID, Disposition: "x"})
			case 1:
				l.do(noon, &assign.CancelCall{Call: old.ID, Reason: "x"})
			}
		}
		check()
	}
	// Closed calls that are forgotten leave the counts too.
	for i := range assign.KeepClosed {
		call := fmt.Sprint("d", i)
		l.report(noon, call)
		l.do(noon, &assign.CloseCall{Call: call, Disposition: "x"})
	}
	check()
	if kept, _ := l.state.Counts(); kept[assign.Closed] != assign.KeepClosed {
		t.Errorf("%d closed calls are kept", kept[assign.Closed])
	}
}
