package audit_test

import (
	"testing"

	"callbox/assign/audit"
)

// TestRealLogs: what the engine writes keeps the order of classes under the
// policies that say so, and all other promises under every one. The directive as
// alleged, and calls taken as they come, are seen.
func TestRealLogs(t *testing.T) {
	for _, c := range []struct {
		policy, order string
		seeds         uint64
		inverts       bool
	}{
		{"911-first", audit.Reference, 16, false},
		{"911-first-slack", "critical,serious,non-critical=other-911=311", 4, false},
		{"closest-idle", audit.Reference, 6, false},
		{"closest-idle-divert", audit.Reference, 6, false},
		{"311-first", audit.Reference, 6, true},
		{"first-come", audit.Reference, 6, true},
	} {
		t.Run(c.policy, func(t *testing.T) {
			decisions, dispatches, inversions, unproven := 0, 0, 0, 0
			for seed := range c.seeds {
				findings, r := judgeBy(t, drive(t, seed, c.policy, 300), c.order)
				for _, f := range findings {
					if f.Violation(false) && !(c.inverts && f.Kind == audit.Inversion) {
						t.Errorf("seed %d: %s: %v", seed, f.Kind, f)
					}
				}
				decisions += r.Decisions
				dispatches += r.Dispatches
				inversions += r.Found[audit.Inversion]
				unproven += r.Found[audit.Unproven]
			}
			t.Logf("%d decisions, %d dispatches, %d inversions, %d unproven", decisions, dispatches, inversions, unproven)
			if dispatches < 100 || inversions > 0 != c.inverts {
				t.Errorf("%d dispatches and %d inversions", dispatches, inversions)
			}
		})
	}
}
