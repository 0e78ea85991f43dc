package engine_test

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/geo"
	"callbox/geo/road/roadtest"
)

var update = flag.Bool("update", false, "write the transcripts of the scenes anew")

// TestScenes plays the scenes in testdata. A scene is a drawn town, then what
// happens in it, then, below a line of dashes, all that the log says of it.
// Run with -update to write the transcripts anew, and read the difference.
func TestScenes(t *testing.T) {
	files, err := filepath.Glob("testdata/*.scene")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no scenes", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".scene"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			script, want, _ := strings.Cut(string(text), "\n----\n")
			got := play(t, script)
			if *update {
				if err := os.WriteFile(file, []byte(script+"\n----\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("the log says\n%s\nand should say\n%s", got, want)
			}
		})
	}
}

// play carries out a script and tells what the log says.
func play(t *testing.T, script string) string {
	story, rest, _ := strings.Cut(script, "\ntown\n")
	if !strings.HasPrefix(story, "# ") {
		t.Fatal("a scene begins with a line that says what it shows")
	}
	drawing, steps, _ := strings.Cut(rest, "\nend\n")
	town := roadtest.Draw(t, drawing)
	b := newBench(t, town, "911-first")
	for _, line := range strings.Split(strings.TrimSpace(steps), "\n") {
		b.step(strings.Fields(line))
	}
	var out strings.Builder
	for r, err := range b.engine.Log(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if line := tell(r); line != "" {
			fmt.Fprintf(&out, "%s %2d %s\n", clockFace(r.At), r.Seq, line)
		}
	}
	return out.String()
}

// step carries out one line of a script: a time of day, a verb, its arguments.
func (b *bench) step(words []string) {
	b.t.Helper()
	at, err := time.Parse(time.TimeOnly, words[0])
	if err != nil {
		b.t.Fatalf("%v: %v", words, err)
	}
	now := assign.InstantOf(at.AddDate(noon.Time().Year(), int(noon.Time().Month())-1, noon.Time().Day()-1))
	b.clock.Set(now)
	verb, args := words[1], words[2:]
	switch verb {
	case "sign-on": // unit, place, capabilities; a place of - is not known
		c := &assign.SignOn{Unit: args[0], Capabilities: args[2:]}
		if len(args) == 2 {
			c.Capabilities = nil
		}
		if args[1] != "-" {
			c.Fix = &assign.Fix{At: b.town.At(args[1]), Since: now}
		}
		b.do(c)
	case "call", "complaint": // call, type, place; a complaint came through 311
		at, ok := geo.Point{}, len(args[2]) == 1
		if ok {
			at = b.town.At(args[2])
		} else if _, err := fmt.Sscanf(args[2], "%d,%d", &at.Lat, &at.Lon); err != nil {
			b.t.Fatalf("%v: %v", words, err)
		}
		c := report(b.t, args[0], args[1], at)
		if verb == "complaint" {
			c.Source = assign.Source311
		}
		b.do(c)
	case "status": // unit, status
		b.do(&assign.SetStatus{Unit: args[0], Status: assign.UnitStatus(args[1])})
	case "order": // call, unit
		b.do(&assign.Override{Call: args[0], Unit: args[1], Order: assign.Order{By: "Sgt. Rivera", Reason: "by voice"}})
	case "close":
		b.do(&assign.CloseCall{Call: args[0], Disposition: "10-90Z"})
	case "cancel":
		b.do(&assign.CancelCall{Call: args[0], Reason: "called back"})
	case "tick": // anything that makes the engine look at its clock
		_, _ = b.engine.Move(nil)
	default:
		b.t.Fatalf("there is no verb %q", verb)
	}
}

func clockFace(i assign.Instant) string { return i.Time().Format("15:04:05") }

// tell says a fact in a line; nothing of facts that every scene begins with.
func tell(r assign.Recorded) string {
	switch f := r.Fact.(type) {
	case *assign.UnitSignedOn:
		return fmt.Sprintf("unit %s signs on, %s", f.Unit.ID, f.Unit.Status)
	case *assign.CallReceived:
		c := f.Call
		return fmt.Sprintf("call %s received: %s, %s, due %s", c.ID, c.Type, c.Class, clockFace(c.Answer.Due(c.ReceivedAt)))
	case *assign.UnitsMoved:
		return "positions: " + strings.Join(f.Units, " ")
	case *assign.RoundBegun:
		looks := append(slices.Clone(f.Calls), f.Units...)
		if f.All {
			looks = []string{"everything"}
		}
		return "round: looks at " + strings.Join(looks, " ")
	case *assign.DecisionMade:
		d := f.Decision
		var b strings.Builder
		fmt.Fprintf(&b, "decision: call %s is %s", d.Call, d.Status)
		for _, c := range d.Chosen {
			fmt.Fprintf(&b, "\n            sends  %s%s", c.Unit, way(c.Leg))
		}
		for _, c := range d.Considered {
			fmt.Fprintf(&b, "\n            passes %s%s %s", c.Unit, way(c.Leg), cmp.Or(string(c.Rule), "-"))
			if c.For != "" {
				fmt.Fprintf(&b, ", with %s", c.For)
			}
			if c.Swap != nil {
				fmt.Fprintf(&b, ", would cost %s", price(c.Swap))
			}
		}
		if d.Price != nil {
			fmt.Fprintf(&b, "\n            one more unit here is worth %s", price(d.Price))
		}
		for _, n := range d.Refused {
			fmt.Fprintf(&b, "\n            %d refused by %s", n.Units, n.Rule)
		}
		return b.String()
	case *assign.CallQueued:
		return fmt.Sprintf("call %s waits: %s. %s", f.Call, f.Reason.Code, f.Reason.Sentence)
	case *assign.UnitDispatched:
		by := ""
		if o := f.Assignment.Order; o != nil {
			by = " by order of " + o.By
		}
		return fmt.Sprintf("unit %s is dispatched to %s%s", f.Assignment.Unit, f.Call, by)
	case *assign.UnitDiverted:
		return fmt.Sprintf("unit %s is diverted from %s to %s", f.Unit, f.From, f.To)
	case *assign.UnitPreempted:
		return fmt.Sprintf("unit %s is preempted from %s for %s", f.Unit, f.From, f.To)
	case *assign.UnitRecalled:
		return fmt.Sprintf("unit %s is recalled from %s", f.Unit, f.Call)
	case *assign.CallPromoted:
		return fmt.Sprintf("call %s counts as %s from %s on", f.Call, f.Class, clockFace(f.At))
	case *assign.UnitEnRoute:
		return fmt.Sprintf("unit %s is en route to %s", f.Unit, f.Call)
	case *assign.UnitArrived:
		return fmt.Sprintf("unit %s is on scene at %s", f.Unit, f.Call)
	case *assign.UnitCleared:
		return fmt.Sprintf("unit %s leaves %s (%s), %s", f.Unit, f.Call, f.How, f.Status)
	case *assign.UnitStatusChanged:
		return fmt.Sprintf("unit %s is %s", f.Unit, f.Status)
	case *assign.CallClosed:
		return fmt.Sprintf("call %s closed: %s%s, unverified %v", f.Call, f.End.Disposition, f.End.Reason, f.End.Unverified)
	case *assign.ClockWarned:
		return fmt.Sprintf("%s clock of %s: %d %% used up at %s", f.Clock, f.Call, f.Share, clockFace(f.At))
	case *assign.ClockBreached:
		return fmt.Sprintf("%s clock of %s: breached at %s", f.Clock, f.Call, clockFace(f.At))
	}
	return ""
}

func price(p *assign.Price) string { return strings.TrimSpace(p.Time.String() + " " + p.Class) }

func way(l *geo.Leg) string {
	if l == nil {
		return ", no telling when"
	}
	s := fmt.Sprintf(", %v", l.Time)
	if l.Distance != geo.Unmeasured {
		s += fmt.Sprintf(", %.0f m", l.Distance.Meters())
	}
	if l.Straight {
		s += " straight line"
	}
	return s
}
