package verify_test

import (
	"testing"

	"callbox/assign/policy"
)

// TestWhatTheEngineWroteIsFoundAgain lets anything happen under every policy, with
// and without roads, and with a restart in the middle: every decision comes out
// again as it was logged.
func TestWhatTheEngineWroteIsFoundAgain(t *testing.T) {
	for _, name := range append(policy.Builtin(), "covering") {
		for _, graph := range []string{"town", "none"} {
			decisions, steps := 0, 400
			for seed := range uint64(4) {
				l := begin(t, seed, name, graph)
				l.live(steps / 2)
				l.restart()
				l.live(steps / 2)
				found, r := l.verify(l.log())
				for _, d := range found[:min(3, len(found))] {
					t.Errorf("%s, roads %s, seed %d: %v", name, graph, seed, d)
				}
				if len(r.Impossible) > 0 || r.Unrecorded > 0 || r.CutOff > 0 || r.Differences != len(found) {
					t.Errorf("%s, roads %s, seed %d: %+v", name, graph, seed, r)
				}
				decisions += r.Decisions
			}
			t.Logf("%s, roads %s: %d decisions", name, graph, decisions)
			if decisions < 300 {
				t.Errorf("%s, roads %s: no more than %d decisions were made", name, graph, decisions)
			}
		}
	}
}
