package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/audit"
)

// over gives a decision's only unit the calls that it passed over.
func over(passed ...assign.PassedOver) func(*assign.Decision) {
	return func(d *assign.Decision) { d.Chosen[0].Passed = passed }
}

// TestPlantedInversions plants a waiting call in real logs, just before a unit is
// sent to a lower one, with all that the log may say about it.
func TestPlantedInversions(t *testing.T) {
	const higher = "higher"
	for _, c := range []struct {
		name  string
		class string
		able  bool // the unit has what the waiting call needs
		said  func(*assign.Decision)
		kind  audit.Kind // "": nothing is to be found
		why   audit.Exception
		says  string
	}{
		{"no rule refuses it", "critical", true, over(assign.PassedOver{Call: higher, Time: 95 * time.Second}), audit.Inversion, "", ", 95 s away for the same unit — inversion, not explained"},
		{"false capability", "critical", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleCapability}), audit.Inversion, "", "and the unit has what is needed"},
		{"false capability unknown", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleCapabilityUnknown}), audit.Inversion, "", "and the unit has what is needed"},
		{"true capability", "critical", false, over(assign.PassedOver{Call: higher, Rule: assign.RuleCapability}), "", "", ""},
		{"nothing said, and not able", "critical", false, over(), "", "", ""},
		{"false pull limit", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RulePullLimit, Time: 10 * time.Minute}), audit.Inversion, "", "600 s away for the same unit; the log's reason is \"pull_limit\", and it is within the limit"},
		{"true pull limit", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RulePullLimit, Time: 601 * time.Second}), "", "", ""},
		{"a pull limit where there is none", "critical", true, over(assign.PassedOver{Call: higher, Rule: assign.RulePullLimit, Time: time.Hour}), audit.Inversion, "", "within the limit"},
		{"false area", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleArea}), audit.Inversion, "", "area within reach"},
		{"false duty", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleDuty}), audit.Inversion, "", "on duty"},
		{"false gave back", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleGaveBack}), audit.Inversion, "", "not given it back"},
		{"false position", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RulePositionUnknown}), audit.Inversion, "", "gives a position"},
		{"stale is not so", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RulePositionStale}), audit.Inversion, "", "gives a position"},
		{"no exception", "critical", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleReserve}), audit.Inversion, "", "which is no exception"},
		{"no exception, and how far nobody knows", "serious", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleOnCall}), audit.Unproven, "", "unproven"},
		{"no way", "critical", true, over(assign.PassedOver{Call: higher, Rule: assign.RuleUnreachable}), audit.Inversion, audit.Unreachable, "explained: the unit had no way"},
		{"nothing said", "critical", true, over(), audit.Unproven, "", "unproven"},
		{"another call is spoken of", "critical", true, over(assign.PassedOver{Call: "other", Time: time.Second}), audit.Unproven, "", "unproven"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			for seed := range uint64(6) {
				log := drive(t, seed, "911-first", 120)
				for i := range log {
					l := &tape{t, slices.Clone(log)}
					d, end, ok := l.sends(i)
					if !ok || rank(l.state(i).Call(d.Call).Class) < rank("non-critical") {
						continue
					}
					class := l.state(i).Policy().Class(c.class)
					need := assign.Need{Capabilities: []string{"boat"}, Count: 1}
					if c.able {
						need.Capabilities = l.state(i).Call(d.Call).Slot(d.Chosen[0].Slot).Capabilities
					}
					l.editDecision(i, c.said)
					l.put(end, &assign.CallClosed{Call: higher, End: assign.End{At: l.facts[i].At, Cancelled: true}})
					l.put(i, &assign.CallReceived{Call: assign.Call{
						ID: higher, Class: c.class, Needs: []assign.Need{need}, ReceivedAt: l.facts[i].At - 190_000,
						Answer: assign.Clock{Target: class.Answer}, Close: assign.Clock{Target: class.Close}, Promote: class.Promote,
					}})
					l.number()
					n++
					one(t, l.facts, higher, audit.Finding{Kind: c.kind, Unit: d.Chosen[0].Unit, Call: d.Call, Explained: c.why}, c.says)
					break
				}
			}
			if n == 0 {
				t.Error("no log has a place for it")
			}
		})
	}
}

// one checks that just this is found of a call, and nothing that is a violation of
// others.
func one(t *testing.T, facts []assign.Recorded, call string, want audit.Finding, says string) {
	t.Helper()
	findings, _ := judge(t, facts)
	n := 0
	for _, f := range findings {
		switch {
		case f.Other == call && f.Kind == want.Kind && f.Unit == want.Unit && f.Call == want.Call && f.Explained == want.Explained && strings.Contains(f.Sentence, says):
			n++
		case f.Other == call || f.Explained == "" && f.Kind != audit.Unproven:
			t.Errorf("found %s: %v", f.Kind, f)
		}
	}
	if expected := min(1, len(want.Kind)); n != expected {
		t.Errorf("found %d times %s %q of %s, want %d: %v", n, want.Kind, says, call, expected, findings)
	}
}
