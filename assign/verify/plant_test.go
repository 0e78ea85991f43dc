package verify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"callbox/assign"
	"callbox/assign/verify"
)

// edit changes a copy of a fact.
func edit[T any, F interface {
	*T
	assign.Fact
}](r *assign.Recorded, change func(*T)) {
	f := *r.Fact.(F)
	change(&f)
	r.Fact = F(&f)
}

// is reports whether fact i of a frame is of that kind.
func is[F assign.Fact](f *assign.Frame, i int) bool {
	if i >= len(f.Facts) {
		return false
	}
	_, ok := f.Facts[i].Fact.(F)
	return ok
}

// decided is the decision at fact i of a frame, nil if there is none, or if a
// dispatcher made it; and how many facts it has with what follows from it.
func decided(f *assign.Frame, i int) (d *assign.Decision, facts int) {
	if !is[*assign.DecisionMade](f, i) {
		return nil, 0
	}
	d = &f.Facts[i].Fact.(*assign.DecisionMade).Decision
	if d.Order != nil {
		return nil, 0
	}
	facts = 1
	for follows(f, i+facts) {
		facts++
	}
	return d, facts
}

func follows(f *assign.Frame, i int) bool {
	if is[*assign.CallQueued](f, i) {
		return f.Facts[i].Fact.(*assign.CallQueued).Decision != 0
	}
	return is[*assign.UnitDispatched](f, i) || is[*assign.UnitDiverted](f, i) || is[*assign.UnitPreempted](f, i) || is[*assign.UnitRecalled](f, i)
}

// plants are the faults. Each looks at fact i of a frame, changes the frame if the
// fault can be planted there, and gives what must be said of it, or what else may.
var plants = []struct {
	name  string
	plant func(f *assign.Frame, i int) string
}{
	{"a candidate that was considered is nearer", func(f *assign.Frame, i int) string {
		d, _ := decided(f, i)
		if d == nil || len(d.Considered) == 0 || d.Considered[0].Leg == nil {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.DecisionMade) {
			f.Decision.Considered = slices.Clone(d.Considered)
			leg := *d.Considered[0].Leg
			leg.Time++
			f.Decision.Considered[0].Leg = &leg
		})
		return fmt.Sprintf("the decision for call %s: considered[0].leg.time is", d.Call)
	}},
	{"another unit is sent, and the dispatch agrees", func(f *assign.Frame, i int) string {
		d, _ := decided(f, i)
		if d == nil || len(d.Chosen) != 1 || d.Chosen[0].From != "" || !is[*assign.UnitDispatched](f, i+1) {
			return ""
		}
		for _, c := range d.Considered {
			if c.Rule == "" && c.From == "" && c.For == "" {
				edit(&f.Facts[i], func(f *assign.DecisionMade) {
					f.Decision.Chosen = slices.Clone(d.Chosen)
					f.Decision.Chosen[0].Unit = c.Unit
				})
				edit(&f.Facts[i+1], func(f *assign.UnitDispatched) { f.Assignment.Unit = c.Unit })
				return fmt.Sprintf("the decision for call %s: chosen[0].unit is %q, and must be %q", d.Call, c.Unit, d.Chosen[0].Unit)
			}
		}
		return ""
	}},
	{"a dispatch does not agree with its decision", func(f *assign.Frame, i int) string {
		if !is[*assign.UnitDispatched](f, i) || f.Facts[i].Fact.(*assign.UnitDispatched).Assignment.Leg == nil {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.UnitDispatched) {
			leg := *f.Assignment.Leg
			leg.Distance++
			f.Assignment.Leg = &leg
		})
		return "assignment.leg.distance is"
	}},
	{"a dispatch is removed", func(f *assign.Frame, i int) string {
		if !is[*assign.UnitDispatched](f, i) {
			return ""
		}
		d := f.Facts[i].Fact.(*assign.UnitDispatched)
		f.Facts = slices.Delete(f.Facts, i, i+1)
		return fmt.Sprintf("the dispatch of unit %s to call %s must", d.Assignment.Unit, d.Call)
	}},
	{"a decision is removed", func(f *assign.Frame, i int) string {
		d, n := decided(f, i)
		if d == nil {
			return ""
		}
		f.Facts = slices.Delete(f.Facts, i, i+n)
		return "round makes the decision for call " + d.Call
	}},
	{"a decision is there twice", func(f *assign.Frame, i int) string {
		d, n := decided(f, i)
		if d == nil || len(d.Chosen) > 0 || len(d.Recalled) > 0 {
			return ""
		}
		f.Facts = slices.Insert(f.Facts, i+n, f.Facts[i:i+n]...)
		return "the decision for call " + d.Call
	}},
	{"a decision is added where no round is", func(f *assign.Frame, i int) string {
		c, ok := f.Facts[i].Fact.(*assign.UnitArrived)
		if !ok {
			return ""
		}
		f.Facts = slices.Insert(f.Facts, i, assign.Recorded{At: f.At, Fact: &assign.DecisionMade{Decision: assign.Decision{Call: c.Call}}})
		return fmt.Sprintf("the decision for call %[1]s: no round is under way that makes it|the decision for call %[1]s: its round makes no such decision", c.Call)
	}},
	{"two decisions change places", func(f *assign.Frame, i int) string {
		d, n := decided(f, i)
		e, m := decided(f, i+n)
		if d == nil || e == nil || len(d.Recalled)+len(e.Recalled) > 0 || e.Round != d.Round {
			return ""
		}
		first := slices.Clone(f.Facts[i : i+n])
		copy(f.Facts[i:], f.Facts[i+n:i+n+m])
		copy(f.Facts[i+m:], first)
		return fmt.Sprintf("here is the decision for call %s, and the round makes the decision for call %s before it", e.Call, d.Call)
	}},
	{"a decision changes its round", func(f *assign.Frame, i int) string {
		d, _ := decided(f, i)
		if d == nil {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.DecisionMade) { f.Decision.Round-- })
		return fmt.Sprintf("the decision for call %s: round is %d, and must be %d", d.Call, d.Round-1, d.Round)
	}},
	{"a unit that was chosen was elsewhere", func(f *assign.Frame, i int) string {
		if !is[*assign.UnitsMoved](f, i) || !is[*assign.RoundBegun](f, i+1) {
			return ""
		}
		d, _ := decided(f, i+2)
		moved := f.Facts[i].Fact.(*assign.UnitsMoved)
		if d == nil || len(d.Chosen) == 0 {
			return ""
		}
		at, ok := slices.BinarySearch(moved.Units, d.Chosen[0].Unit)
		if !ok {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.UnitsMoved) {
			f.Lats = slices.Clone(f.Lats)
			f.Lats[at] += 100
		})
		return "the decision for call " + d.Call
	}},
	{"a unit that was chosen said so later", func(f *assign.Frame, i int) string {
		if !is[*assign.UnitsMoved](f, i) || !is[*assign.RoundBegun](f, i+1) {
			return ""
		}
		d, _ := decided(f, i+2)
		moved := f.Facts[i].Fact.(*assign.UnitsMoved)
		if d == nil || len(d.Chosen) == 0 {
			return ""
		}
		at, ok := slices.BinarySearch(moved.Units, d.Chosen[0].Unit)
		if !ok {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.UnitsMoved) {
			f.Ages = slices.Clone(f.Ages)
			f.Ages[at]--
		})
		return fmt.Sprintf("the decision for call %s: chosen[0].fix.since is", d.Call)
	}},
	{"the positions are removed", func(f *assign.Frame, i int) string {
		if !is[*assign.UnitsMoved](f, i) || !is[*assign.RoundBegun](f, i+1) {
			return ""
		}
		d, _ := decided(f, i+2)
		moved := f.Facts[i].Fact.(*assign.UnitsMoved)
		if d == nil || len(d.Chosen) == 0 || !slices.Contains(moved.Units, d.Chosen[0].Unit) {
			return ""
		}
		f.Facts = slices.Delete(f.Facts, i, i+1)
		return "the decision for call " + d.Call + "|in which nothing is to be decided"
	}},
	{"a call that is new is not looked at", func(f *assign.Frame, i int) string {
		d, _ := decided(f, i+1)
		if !is[*assign.RoundBegun](f, i) || d == nil || i == 0 || !is[*assign.CallReceived](f, i-1) {
			return ""
		}
		begun := f.Facts[i].Fact.(*assign.RoundBegun)
		if len(begun.Calls) != 1 || len(begun.Units) > 0 {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.RoundBegun) { f.Calls = []string{"other"} })
		return "a round is in the log in which nothing is to be decided"
	}},
	{"it goes by other closures", func(f *assign.Frame, i int) string {
		if !is[*assign.RoundBegun](f, i) {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.RoundBegun) { f.Roads += "-12345678" })
		return "a round goes by roads"
	}},
	{"a round is removed", func(f *assign.Frame, i int) string {
		d, _ := decided(f, i+1)
		if !is[*assign.RoundBegun](f, i) || d == nil {
			return ""
		}
		f.Facts = slices.Delete(f.Facts, i, i+1)
		return "no round is under way that makes it"
	}},
	{"a breach is removed", func(f *assign.Frame, i int) string {
		if !is[*assign.ClockBreached](f, i) || i+1 == len(f.Facts) {
			return ""
		}
		call := f.Facts[i].Fact.(*assign.ClockBreached).Call
		f.Facts = slices.Delete(f.Facts, i, i+1)
		return "clock of call " + call
	}},
	{"a breach is of another instant", func(f *assign.Frame, i int) string {
		if !is[*assign.ClockBreached](f, i) {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.ClockBreached) { f.At++ })
		return ": at is"
	}},
	{"a call is given more time", func(f *assign.Frame, i int) string {
		if !is[*assign.CallReceived](f, i) {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.CallReceived) { f.Call.Answer.Target *= 2 })
		return "call.answer.target is"
	}},
	{"a call ends while a unit is on it", func(f *assign.Frame, i int) string {
		if !is[*assign.UnitCleared](f, i) || !is[*assign.CallClosed](f, i+1) {
			return ""
		}
		f.Facts = slices.Delete(f.Facts, i, i+1)
		return "units are on it"
	}},
	{"an end is verified that is not", func(f *assign.Frame, i int) string {
		if !is[*assign.CallClosed](f, i) || !f.Facts[i].Fact.(*assign.CallClosed).End.Unverified {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.CallClosed) { f.End.Unverified = false })
		return "end.unverified is nothing, and must be true"
	}},
	{"a unit arrives before it was sent", func(f *assign.Frame, i int) string {
		if !is[*assign.UnitArrived](f, i) {
			return ""
		}
		edit(&f.Facts[i], func(f *assign.UnitArrived) { f.At -= 3_600_000 })
		return "unit_arrived of unit"
	}},
}

// says reports whether a difference says what must be said, or what else may.
func says(found []verify.Difference, want string) bool {
	return slices.ContainsFunc(found, func(d verify.Difference) bool {
		return slices.ContainsFunc(strings.Split(want, "|"), func(w string) bool { return strings.Contains(d.Sentence, w) })
	})
}

// number numbers facts anew. Numbers of decisions that facts speak of stay as they
// were.
func number(frames []assign.Frame) {
	seq := uint64(0)
	for _, f := range frames {
		for i := range f.Facts {
			seq++
			f.Facts[i].Seq, f.Facts[i].At = seq, f.At
		}
	}
}

// TestEveryFaultIsNamed plants each fault in real logs, up to ten times: the
// first difference is at the frame of the fault, or after it where the fault shows
// later only, and says what is wrong.
func TestEveryFaultIsNamed(t *testing.T) {
	lives := make([]*life, 4)
	for seed := range lives {
		lives[seed] = begin(t, uint64(seed), "911-first", "town")
		lives[seed].live(300)
	}
	for _, p := range plants {
		t.Run(p.name, func(t *testing.T) {
			planted := 0
			for _, l := range lives {
				whole := l.log()
				rounds := 0
				for n := range whole {
					for i := range whole[n].Facts {
						if is[*assign.RoundBegun](&whole[n], i) {
							rounds++
						}
						if rounds < 2 || planted >= 10 { // before the first round a log may be of an older version
							continue
						}
						frames := slices.Clone(whole)
						frames[n].Facts = slices.Clone(frames[n].Facts)
						want := p.plant(&frames[n], i)
						if want == "" || len(frames[n].Facts) == 0 {
							continue
						}
						planted++
						for j := range frames[n:] {
							frames[n+j].Facts = slices.Clone(frames[n+j].Facts)
						}
						number(frames)
						found, _ := l.verify(frames)
						if len(found) == 0 {
							t.Errorf("frame %d, fact %d: nothing was found", n+1, whole[n].Facts[i].Seq)
						} else if !says(found[:min(3, len(found))], want) || found[0].Frame < uint64(n)+1 {
							t.Errorf("frame %d, fact %d: %q is not among the first of what was found:\n%v", n+1, whole[n].Facts[i].Seq, want, found[:min(3, len(found))])
						}
					}
				}
			}
			if planted < 3 {
				t.Errorf("it was planted %d times", planted)
			}
		})
	}
}
