package verify

import (
	"fmt"
	"strings"

	"callbox/assign"
	"callbox/assign/engine"
)

// round is the decisions that are made together.
type round struct {
	first uint64            // number of the first of them
	left  []assign.Decision // that the log must hold next
	given bool              // nobody knows what they must be: they are taken as they stand
	cut   bool              // its frame was full, and it may end there
}

// beginRound makes the decisions of a round again.
func (v *Verifier) beginRound(f *assign.RoundBegun) {
	v.recorded = true
	v.round = &round{first: v.at.Seq + 1, given: true}
	var s *assign.Situation
	err := safely(func() error {
		s = v.picture.Situation(v.at.At, f.Hurry, f.Fresh())
		if want := timesOf(f.Roads); v.c.Adopt != nil && want != timesOf(s.Roads) {
			err := v.c.Adopt(want)
			s = v.picture.Situation(v.at.At, f.Hurry, f.Fresh())
			return err
		}
		return nil
	})
	if err == nil {
		if why := v.unlike(s, f); why != "" {
			v.report.Impossible[why]++
			return
		}
		err = safely(func() error {
			v.round.left = v.c.Advisor.Advise(s)
			return nil
		})
	}
	switch {
	case err != nil:
		v.differ(f, "a round cannot be decided again: %v", err)
	case s.Roads != f.Roads:
		v.differ(f, "a round goes by roads %s, and the closures in the log make them %s", f.Roads, s.Roads)
	case len(v.round.left) == 0:
		v.differ(f, "a round is in the log in which nothing is to be decided")
	default:
		v.round.given = false
		v.report.Rounds++
	}
}

// unlike says why a round cannot be made again with what the verifier has; "" if it
// can.
func (v *Verifier) unlike(s *assign.Situation, f *assign.RoundBegun) string {
	started, p := v.picture.State().Started(), s.State.Policy()
	switch before, has := timesOf(f.Roads), timesOf(s.Roads); {
	case started.Roads != v.c.Graph:
		return fmt.Sprintf("they were made on road graph %s, and this is %s", started.Roads, v.c.Graph)
	case before != has:
		return fmt.Sprintf("they were made by travel times %q, and these are %q", before, has)
	case p != nil && p.Solver != nil && p.Solver.Coverage != 0 && started.Demand != v.demand:
		return fmt.Sprintf("they were made by demand %q, and this is %q", started.Demand, v.demand)
	}
	return ""
}

// timesOf is the name of the travel times in a version of the roads, "" if they are
// those that the graph was built with: graph+times-closures.
func timesOf(roads string) string {
	_, name, _ := strings.Cut(roads, "+")
	name, _, _ = strings.Cut(name, "-")
	return name
}

// decision compares the decision at hand with the one that its round makes here.
func (v *Verifier) decision(f *assign.DecisionMade) {
	told := v.report.Differences + v.report.Others
	switch {
	case !v.recorded:
		v.report.Unrecorded++
	case v.round == nil:
		v.differ(f, "%s: no round is under way that makes it", named(f))
	case !v.round.given:
		facts := v.nextOf(v.round)
		if len(facts) == 0 {
			v.differ(f, "%s: its round makes no such decision, or made it before", named(f))
		} else if want := facts[0].(*assign.DecisionMade); want.Decision.Call != f.Decision.Call {
			v.differ(want, "here is %s, and the round makes %s before it", named(f), named(want))
		} else {
			v.report.Decisions++
			if difference(f, want) == "" {
				v.expect, v.round.cut = facts, false
				v.round.left = v.round.left[1:]
				return
			}
			v.differ(f, "%s: %s", named(f), difference(f, want))
		}
	}
	if v.round == nil || !v.round.given {
		v.round = &round{given: true}
	}
	// What follows from it must agree with it all the same.
	facts, err := v.decide(&assign.Dispatch{Decision: f.Decision})
	if err != nil {
		v.differ(f, "%s cannot be carried out: %v", named(f), err)
		return
	}
	if v.expect = facts; v.report.Differences+v.report.Others > told {
		facts[0] = f // it has been said what is wrong with it
	}
}

// nextOf is what the next decision of a round leads to; nil if there is none. The
// engine leaves out one that the core refuses.
func (v *Verifier) nextOf(r *round) []assign.Fact {
	for len(r.left) > 0 {
		d := r.left[0]
		d.Round = r.first
		if facts, err := v.decide(&assign.Dispatch{Decision: d}); err == nil {
			return facts
		}
		r.left = r.left[1:]
	}
	return nil
}

// endFrame ends a frame of that weight. A round goes on in the next one only if its
// next decision would have made this one too heavy.
func (v *Verifier) endFrame(weight int) {
	r := v.round
	if r == nil || r.given {
		return
	}
	facts := v.nextOf(r)
	for _, f := range facts {
		weight += assign.Weight(f)
	}
	switch {
	case len(facts) == 0:
		v.round = nil
	case weight > engine.MaxWeight:
		r.cut = true
	default:
		v.differ(facts[0], "the frame ends, and the round makes %s in it", named(facts[0]))
		r.given = true
	}
}

// endRound ends the round that is under way: nothing of it may be left.
func (v *Verifier) endRound() {
	r := v.round
	v.round = nil
	if r == nil || r.given {
		return
	}
	if facts := v.nextOf(r); len(facts) == 0 {
		return
	} else if r.cut {
		v.report.CutOff++
	} else {
		v.differ(facts[0], "the round ends here, and it makes %s before", named(facts[0]))
	}
}
