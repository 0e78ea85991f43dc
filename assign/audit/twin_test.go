package audit_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"callbox/assign"
	"callbox/assign/audit"
)

// scan finds the inversions of a log the slow way, with the core's own state:
// after each round it looks at every unit that was sent and every call. It knows
// no travel times, so it finds those that are explained or unproven too.
func scan(t *testing.T, facts []assign.Recorded) map[string]bool {
	t.Helper()
	type move struct {
		fact             uint64
		unit, call, from string
	}
	s, found := assign.NewState(), make(map[string]bool)
	var round uint64
	var sent []move
	judge := func() {
		got := make(map[string]bool)
		for _, m := range sent {
			got[m.call] = true
		}
		for _, m := range sent {
			u, to := s.Unit(m.unit), s.Call(m.call)
			for _, i := range s.OpenCalls() {
				if rank(i.Class) >= rank(to.Class) {
					continue
				}
				able, had := false, false
				for _, slot := range i.OpenSlots() {
					able = able || u.Can(i.Slot(slot))
					had = had || slices.ContainsFunc(i.Assignments, func(a assign.Assignment) bool {
						return a.Unit == m.unit && a.Slot == slot && a.Ended == s.Now() && (a.How == assign.Diverted || a.How == assign.Preempted)
					})
				}
				took := m.from == i.ID && (able || had)
				tier, _ := s.Policy().TierOf(u.Areas, i.Areas)
				if took || !got[i.ID] && able && !i.GaveBackBy(m.unit) && tier <= s.Policy().Class(i.Class).Reach {
					found[fmt.Sprint(m.fact, m.unit, m.call, i.ID)] = true
				}
			}
		}
		sent = nil
	}
	for _, r := range facts {
		switch f := r.Fact.(type) {
		case *assign.DecisionMade:
			if f.Decision.Round == 0 || f.Decision.Round != round {
				judge()
			}
			round = f.Decision.Round
		case *assign.UnitDiverted, *assign.UnitPreempted, *assign.UnitRecalled, *assign.CallQueued:
		case *assign.UnitDispatched:
			sent = append(sent, move{r.Seq, f.Assignment.Unit, f.Call, f.Assignment.From})
		default:
			judge()
		}
		if err := s.Apply(r); err != nil {
			t.Fatal(err)
		}
	}
	judge()
	return found
}

// TestInversionsAreThoseOfTheScan: in the drawn town no unit is beyond a pull
// limit, so the auditor finds what the scan finds, no less and no more.
func TestInversionsAreThoseOfTheScan(t *testing.T) {
	all := 0
	for seed := range uint64(20) {
		for _, name := range []string{"911-first", "311-first"} {
			facts := drive(t, seed, name, 200)
			want, got := scan(t, facts), make(map[string]bool)
			findings, _ := judge(t, facts)
			for _, f := range findings {
				if f.Kind == audit.Inversion || f.Kind == audit.Unproven {
					got[fmt.Sprint(f.Fact, f.Unit, f.Call, f.Other)] = true
				}
			}
			if !maps.Equal(got, want) {
				t.Fatalf("seed %d, %s: found %v, want %v", seed, name, got, want)
			}
			all += len(want)
		}
	}
	if all < 500 {
		t.Errorf("only %d inversions were compared", all)
	}
}
