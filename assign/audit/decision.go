package audit

import "callbox/assign"

// decision is one decision, and which of its facts have been read.
type decision struct {
	seq            uint64
	said           *assign.Decision
	sent, recalled map[string]bool
	queued         bool
}

// decide begins to read a decision, in a round of its own unless it says that it
// belongs to the one under way.
func (a *Auditor) decide(d *assign.Decision) {
	a.endDecision()
	if a.round != nil && (d.Round == 0 || d.Round != a.round.number) {
		a.endRound()
	}
	if a.round == nil && d.Round != 0 && d.Round != a.seq {
		a.find(Contradiction, "", d.Call, "decision %d says that it was made together with decision %d, which is not the one before it", a.seq, d.Round)
	}
	a.begin(d.Round)
	a.decision = &decision{seq: a.seq, said: d, sent: make(map[string]bool), recalled: make(map[string]bool)}
	a.report.Decisions++
	if d.Greedy {
		a.report.Greedy++
	}
	if c := a.open(d.Call, ""); c != nil {
		c.decision, c.decided, c.reason = d, a.now, ""
		if d.Reason != nil {
			c.reason = d.Reason.Code
		}
	}
	if d.Policy != a.policy.Name || d.PolicyHash != a.policy.Hash {
		a.find(Contradiction, "", d.Call, "decision %d goes by policy %q, and %q is in force, or another text of it", a.seq, d.Policy, a.policy.Name)
	}
	if d.Order != nil {
		return // a dispatcher owes no reckoning
	}
	for _, chosen := range d.Chosen {
		if len(chosen.Cost) == 0 || chosen.Leg == nil {
			a.find(Contradiction, chosen.Unit, d.Call, "decision %d sends unit %s to %s, and does not say what it costs and how far away it is", a.seq, chosen.Unit, d.Call)
		}
	}
	if d.Status != assign.Assigned && d.Reason == nil {
		a.find(Contradiction, "", d.Call, "decision %d leaves %s %s and gives no reason", a.seq, d.Call, d.Status)
	}
}

// endDecision compares a decision with what followed from it.
func (a *Auditor) endDecision() {
	d := a.decision
	a.decision = nil
	if d == nil {
		return
	}
	contradicts := func(unit, format string, args ...any) {
		f := a.finding(Contradiction, format, args...)
		f.At, f.Fact, f.Unit, f.Call = a.round.at, d.seq, unit, d.said.Call
		a.tell(f)
	}
	for _, chosen := range d.said.Chosen {
		if !d.sent[chosen.Unit] {
			contradicts(chosen.Unit, "decision %d sends unit %s to %s, and it was not dispatched", d.seq, chosen.Unit, d.said.Call)
		}
	}
	for _, unit := range d.said.Recalled {
		if !d.recalled[unit] {
			contradicts(unit, "decision %d recalls unit %s from %s, and it was not recalled", d.seq, unit, d.said.Call)
		}
	}
	c := a.calls[d.said.Call]
	if c == nil {
		return
	}
	status := assign.PartlyAssigned
	switch c.lacking() {
	case 0:
		status = assign.Assigned
	case len(c.slots):
		status = assign.Waiting
	}
	if d.said.Status != status {
		contradicts("", "decision %d leaves %s %s, and it is %s", d.seq, c.id, d.said.Status, status)
	}
	if d.said.Order == nil && d.said.Reason != nil && d.queued != (status != assign.Assigned) {
		contradicts("", "decision %d leaves %s %s, and the log does not queue it so", d.seq, c.id, status)
	}
}

// queue takes in why a call waits.
func (a *Auditor) queue(f *assign.CallQueued) {
	a.begin(0)
	if d := a.decision; d == nil || d.seq != f.Decision || d.said.Call != f.Call {
		a.find(Contradiction, "", f.Call, "%s is queued by decision %d, which was not just made about it", f.Call, f.Decision)
	} else {
		d.queued = true
	}
	if c := a.open(f.Call, ""); c != nil {
		c.reason = f.Reason.Code
	}
}

// ordered is the order that the decision at hand carries out, nil if it is no
// dispatcher's with a name and a reason.
func (a *Auditor) ordered() *assign.Order {
	if a.decision == nil {
		return nil
	}
	if o := a.decision.said.Order; o != nil && o.By != "" && o.Reason != "" {
		return o
	}
	return nil
}
