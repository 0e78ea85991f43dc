package audit_test

import (
	"testing"

	"callbox/assign/audit"
)

// TestARealLogIsClean: what the engine writes under 911-first breaks no promise,
// and what it writes under the directive as alleged is seen.
func TestARealLogIsClean(t *testing.T) {
	var total audit.Report
	inverted := 0
	for seed := range uint64(30) {
		facts := drive(t, seed, "911-first", 300)
		findings, r := judge(t, facts)
		for _, f := range findings {
			if f.Explained == "" && f.Kind != audit.Unproven {
				t.Errorf("seed %d: %s: %v", seed, f.Kind, f)
			}
		}
		total.Facts += r.Facts
		total.Dispatches += r.Dispatches
		total.Orders += r.Orders
		total.Decisions += r.Decisions
		_, r = judge(t, drive(t, seed, "311-first", 300))
		inverted += r.Found[audit.Inversion] + r.Found[audit.Unproven]
		if t.Failed() {
			return
		}
	}
	t.Logf("%d facts, %d decisions, %d dispatches, %d of them ordered; %d inversions under 311-first", total.Facts, total.Decisions, total.Dispatches, total.Orders, inverted)
	if total.Dispatches < 1000 || inverted == 0 {
		t.Errorf("%d dispatches, %d inversions under 311-first: the logs show too little", total.Dispatches, inverted)
	}
}
