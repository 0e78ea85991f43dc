package engine

import (
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/policy"
)

// faulty is an advisor with a bug: it panics when asked for exact answers, or for
// any.
type faulty struct {
	policy.Advisor
	always bool
}

func (f *faulty) Advise(s *assign.Situation) []assign.Decision {
	if f.always || !s.Hurry {
		panic("a cost that no one foresaw")
	}
	return f.Advisor.Advise(s)
}

func (f *faulty) Rank(*assign.Situation, *assign.Call, int) (assign.Decision, []assign.Candidate) {
	panic("another one")
}

// TestABugOfTheAdvisorStopsNobody: calls get the simpler answer; without that they
// wait, dispatchers go on, and all is well once the bug is gone.
func TestABugOfTheAdvisorStopsNobody(t *testing.T) {
	d := newDesk(t, "911-first", nil)
	var reported []error
	advisor := &faulty{}
	d.advisor, d.report = advisor, func(err error) { reported = append(reported, err) }
	d.at(0, signOnAt("near", meters(100)), signOnAt("far", meters(900)))
	d.at(time.Second, &assign.ReportCall{ID: "c1", Class: "critical", Location: meters(0)})
	d.wants("in haste", "near to c1")
	if len(reported) == 0 {
		t.Error("nothing was reported")
	}
	if next, ok := d.next(); !ok || next <= d.now {
		t.Error("the writer goes on at once, to fail again")
	}
	advisor.always = true
	d.at(2*time.Second, &assign.ReportCall{ID: "c2", Class: "critical", Location: meters(0)})
	d.wants()
	d.at(3*time.Second, &assign.Override{Call: "c2", Unit: "far", Order: assign.Order{By: "7", Reason: "the machine does not"}})
	d.wants("far to c2")
	if _, failed, err := d.rank(&assign.ReportCall{ID: "c9", Class: "critical", Location: meters(0)}, 3); failed == nil || err != nil {
		t.Errorf("a question to a broken advisor gives %v, %v", failed, err)
	}
	d.at(4*time.Second, &assign.ReportCall{ID: "c3", Class: "critical", Location: meters(0)}, signOnAt("third", meters(50)))
	d.wants()
	d.advisor = policy.Advisor{}
	d.at(5 * time.Minute)
	d.wants("third to c3")
}
