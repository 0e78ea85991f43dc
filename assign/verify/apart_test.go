package verify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/assign/verify"
)

// TestWhatCannotBeDecidedAgain: rounds on other roads or demand than the verifier
// has are counted by why, and the rest is verified all the same. Differences in
// what another version of the program made are told apart.
func TestWhatCannotBeDecidedAgain(t *testing.T) {
	l := begin(t, 1, "covering", "town")
	l.live(300)
	frames := l.log()
	_, whole := l.verify(frames)
	for why, change := range map[string]func(*verify.Config){
		"they were made on road graph town, and this is other": func(c *verify.Config) { c.Travel, c.Graph = nil, "other" },
		"they were made by demand":                             func(c *verify.Config) { c.Demand = c.Demand[:3] },
	} {
		found, r := l.verifyAs(frames, change)
		if len(found) > 0 || len(r.Impossible) != 1 || r.Orders != whole.Orders {
			t.Errorf("%s: found %v, %+v", why, found, r)
		}
		for said, n := range r.Impossible {
			if !strings.HasPrefix(said, why) || n+r.Rounds != whole.Rounds {
				t.Errorf("%s: %s, %+v, all are %d", why, said, r, whole.Rounds)
			}
		}
	}
	for i := range frames { // by a version that sent units elsewhere
		for j := range frames[i].Facts {
			if is[*assign.UnitDispatched](&frames[i], j) {
				frames[i].Facts[j].Fact = alter(frames[i].Facts[j].Fact)
			}
		}
	}
	found, r := l.verifyAs(frames, func(c *verify.Config) { c.Engine = "newer" })
	if r.Differences > 0 || r.Others == 0 || r.Others != len(found) || !strings.Contains(found[0].String(), "(made by version test)") {
		t.Errorf("found %v, %+v", found[:min(1, len(found))], r)
	}
}

func alter(f assign.Fact) assign.Fact {
	d := *f.(*assign.UnitDispatched)
	d.Assignment.Since++
	return &d
}

// TestAPolicyIsWhatItsTextSays: a policy that was changed and whose text was not is
// found, though all that follows agrees with it.
func TestAPolicyIsWhatItsTextSays(t *testing.T) {
	l := begin(t, 1, "911-first", "town")
	frames := l.log()
	parse := func(c *verify.Config) { c.Parse = policy.Parse }
	if found, r := l.verifyAs(frames, parse); len(found) > 0 || r.Facts != 2 {
		t.Errorf("found %v, %+v", found, r)
	}
	changed := *frames[0].Facts[0].Fact.(*assign.PolicyAdopted)
	changed.Policy.Classes = slices.Clone(changed.Policy.Classes)
	changed.Policy.Classes[4].Reserve = 9
	frames[0].Facts = slices.Clone(frames[0].Facts)
	frames[0].Facts[0].Fact = &changed
	found, _ := l.verifyAs(frames, parse)
	if len(found) != 1 || found[0].Sentence != "policy 911-first is not what its text says: policy.classes[4].reserve is 9, and must be nothing" {
		t.Errorf("found %v", found)
	}
}

// TestTravelTimesAreAskedFor: a round by other travel times is decided again once
// they are in force, and not before.
func TestTravelTimesAreAskedFor(t *testing.T) {
	l := begin(t, 1, "911-first", "town")
	l.live(100)
	frames := l.log()
	for _, f := range frames {
		for j := range f.Facts {
			if begun, ok := f.Facts[j].Fact.(*assign.RoundBegun); ok {
				other := *begun
				other.Roads = "town+week.h7"
				f.Facts[j].Fact = &other
			}
		}
	}
	asked := ""
	_, r := l.verifyAs(frames, func(c *verify.Config) { c.Adopt = func(times string) error { asked = times; return nil } })
	if asked != "week.h7" || r.Rounds != 0 || r.Impossible[`they were made by travel times "week.h7", and these are ""`] == 0 {
		t.Errorf("asked for %q, %+v", asked, r)
	}
}

// TestLogsOfOlderVersions do not say by what decisions were made. What follows
// from the decisions is verified.
func TestLogsOfOlderVersions(t *testing.T) {
	l := begin(t, 1, "911-first", "town")
	l.live(200)
	var old []assign.Frame
	decisions := 0
	for _, f := range l.log() {
		was := f
		was.Facts = nil
		for _, r := range f.Facts {
			switch f := r.Fact.(type) {
			case *assign.RoundBegun, *assign.UnitsMoved:
				continue
			case *assign.DecisionMade:
				if f.Decision.Order == nil {
					decisions++
				}
			case *assign.UnitDispatched: // speaks of the decision by its number
				continue
			}
			was.Facts = append(was.Facts, r)
		}
		if len(was.Facts) > 0 {
			old = append(old, was)
		}
		if decisions == 1 {
			break
		}
	}
	number(old)
	found, r := l.verify(old)
	if r.Unrecorded != decisions || len(found) == 0 || !strings.Contains(found[0].Sentence, "must") {
		t.Errorf("%d decisions, found %v, %+v", decisions, found, r)
	}
}

// gate is a journal that holds appends up while it is shut.
type gate struct {
	*engine.Memory
	shut sync.Mutex
}

func (g *gate) Append(ctx context.Context, after uint64, f assign.Frame) error {
	g.shut.Lock()
	defer g.shut.Unlock()
	return g.Memory.Append(ctx, after, f)
}

// TestHaste: while more commands wait than can be answered exactly, decisions are
// made in haste, and come out again as such.
func TestHaste(t *testing.T) {
	l := begin(t, 1, "911-first", "town")
	l.engine.Close()
	g := &gate{Memory: l.journal}
	l.open(g)
	for i := range 9 {
		l.do(&assign.SignOn{Unit: fmt.Sprint("u", i+1), Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: l.place(), Since: noon}})
	}
	g.shut.Lock()
	var wait sync.WaitGroup
	for i := range 400 {
		at := l.place()
		c := &assign.ReportCall{ID: fmt.Sprint("c", i), Type: "10-30", Location: &at, Cell: "892a1072b5bffff"}
		wait.Go(func() {
			if _, err := l.engine.Do(engine.Request{Command: c}); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(200 * time.Millisecond) // all of them wait, for nothing is appended
	g.shut.Unlock()
	wait.Wait()
	hasty := 0
	for _, f := range l.log() {
		for i := range f.Facts {
			if begun, ok := f.Facts[i].Fact.(*assign.RoundBegun); ok && begun.Hurry {
				hasty++
			}
		}
	}
	found, r := l.verify(l.log())
	if hasty == 0 || len(found) > 0 || r.Decisions < 300 {
		t.Errorf("%d hasty rounds, found %v, %+v", hasty, found[:min(3, len(found))], r)
	}
}

// TestARoundThatWasCutOff: an engine that is killed between two frames of a round
// leaves one that ends early, which only a full frame allows.
func TestARoundThatWasCutOff(t *testing.T) {
	l := begin(t, 1, "911-first", "town")
	for i := range 9 {
		l.do(&assign.SignOn{Unit: fmt.Sprint("u", i+1), Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: l.place(), Since: noon}})
	}
	l.clock.Set(noon.Add(time.Second))
	l.live(20)
	frames := l.log()
	for n, f := range frames {
		for i := range f.Facts {
			if _, facts := decided(&f, i); facts == 0 {
				continue
			}
			// All that stood before the decision is durable, and heavy.
			cut := f
			cut.Facts = append([]assign.Recorded{{Fact: &assign.KeyUsed{Key: "k", Body: make([]byte, engine.MaxWeight-2000)}}}, f.Facts[:i]...)
			log := append(frames[:n:n], cut)
			for j := range log {
				log[j].Facts = append([]assign.Recorded(nil), log[j].Facts...)
			}
			number(log)
			if found, r := l.verify(log); len(found) > 0 || r.CutOff != 1 {
				t.Errorf("found %v, %+v", found, r)
			}
			log[n].Facts = log[n].Facts[1:]
			number(log)
			if found, r := l.verify(log); len(found) == 0 || r.CutOff != 0 {
				t.Errorf("a light frame: found %v, %+v", found, r)
			}
			return
		}
	}
	t.Fatal("nothing was decided")
}
