package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/policy"
)

func TestBuiltinPolicies(t *testing.T) {
	if got := strings.Join(policy.Builtin(), " "); got != "311-first 911-first 911-first-slack closest-idle closest-idle-divert first-come" {
		t.Errorf("built in are %s", got)
	}
	for _, name := range policy.Builtin() {
		p, text, err := policy.Named(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if p.Name != name || p.Description == "" || len(text) == 0 {
			t.Errorf("%s: its name is %q and its description %q", name, p.Name, p.Description)
		}
		checkWhole(t, p)
	}
}

// What the built-in policies are about, class by class: rank, times weight if it
// is not 1, what it may take (d: divert, p: preempt), what may be taken from it
// (D, P), and whether it is protected (!).
func TestWhatTheBuiltinPoliciesAreAbout(t *testing.T) {
	for name, want := range map[string]string{
		"911-first":           "critical 1dpD! serious 2dD! non-critical 3D other-911 4D 311 5DP; together, leave_way 30s",
		"911-first-slack":     "critical 1dpD! serious 2dD! non-critical 3x3dD other-911 3x4dD 311 3x2dDP; together, leave_way 30s",
		"311-first":           "311 1DP! critical 2dpD! serious 3dD! non-critical 4D other-911 5D; together, leave_way 30s",
		"first-come":          "critical 1 serious 1 non-critical 1 other-911 1 311 1; in turn by age, leave_way 0s",
		"closest-idle":        "critical 1! serious 2! non-critical 3 other-911 4 311 5; in turn, leave_way 0s",
		"closest-idle-divert": "critical 1d! serious 2dD! non-critical 3D other-911 4D 311 5D; in turn, leave_way 30s",
	} {
		p := builtin(t, name)
		var classes []string
		for _, k := range p.Classes {
			class := fmt.Sprintf("%s %d", k.Name, k.Rank)
			if k.Weight != 1 {
				class += fmt.Sprintf("x%d", k.Weight)
			}
			for _, flag := range []struct {
				set  bool
				sign string
			}{{k.MayDivert, "d"}, {k.MayPreempt, "p"}, {k.Divertible, "D"}, {k.Preemptible, "P"}, {k.Protected, "!"}} {
				if flag.set {
					class += flag.sign
				}
			}
			classes = append(classes, class)
		}
		decided := map[assign.Solver]string{{Together: true}: "together", {}: "in turn", {ByAge: true}: "in turn by age"}
		how := decided[assign.Solver{Together: p.Solver.Together, ByAge: p.Solver.ByAge}]
		if got := fmt.Sprintf("%s; %s, leave_way %s", strings.Join(classes, " "), how, policy.Brief(p.Solver.LeaveWay)); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
		if p.Solver.BatchWindow != 0 || p.Solver.Coverage != 0 {
			t.Errorf("%s: %+v", name, p.Solver)
		}
	}
}

// Where two policies are compared, the difference is theirs and not that of a
// run card: all else is the same in the six files.
func TestTheRestOfTheBuiltinPoliciesIsTheSame(t *testing.T) {
	own := map[string]map[string][2]time.Duration{ // answer and close targets that a policy is about
		"911-first-slack": {"311": {45 * time.Minute, 24 * time.Hour}},
		"311-first":       {"311": {45 * time.Minute, 45 * time.Minute}},
	}
	base := builtin(t, policy.Default)
	if got := base.Class("311").Answer; got != 8*time.Hour {
		t.Errorf("311 is answered within %v; the city posts 8h", got)
	}
	for _, name := range policy.Builtin() {
		p := builtin(t, name)
		rest := func(p *assign.Policy) string {
			return fmt.Sprint(p.RunCards, p.Defaults, p.AreaOrder, p.Positions, p.Straight, p.MutualAid == nil)
		}
		if rest(p) != rest(base) {
			t.Errorf("%s and %s differ in more than classes and solver", name, base.Name)
		}
		if len(p.Classes) != len(base.Classes) {
			t.Errorf("%s has %d classes", name, len(p.Classes))
		}
		for _, k := range p.Classes {
			want := *base.Class(k.Name)
			if target, its := own[name][k.Name]; its {
				want.Answer, want.Close = target[0], target[1]
			}
			if !k.Preemptible {
				want.LeaveScene = 0
			}
			// The other test has these.
			want.Rank, want.Weight, want.MayDivert, want.MayPreempt = k.Rank, k.Weight, k.MayDivert, k.MayPreempt
			want.Divertible, want.Preemptible, want.Protected = k.Divertible, k.Preemptible, k.Protected
			if k != want {
				t.Errorf("%s: class %+v, in %s %+v", name, k, base.Name, want)
			}
		}
	}
}

// In the slack policy a complaint gives way to other 911 calls as old, and comes
// before new ones as its target comes near.
func TestWeightsOfTheSlackClasses(t *testing.T) {
	p := builtin(t, "911-first-slack")
	claim := func(class string) int64 { // by how much it grows in 3 h
		k := p.Class(class)
		return int64(k.Weight) * (3 * time.Hour).Milliseconds() / k.Answer.Milliseconds()
	}
	if n, o, c := claim("non-critical"), claim("other-911"), claim("311"); n != 18 || o != 12 || c != 8 {
		t.Errorf("claims grow by %d, %d, %d; want each half as fast again as the next", n, o, c)
	}
}

func TestCardOfType(t *testing.T) {
	p, _, err := policy.Named(policy.Default)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		callType string
		source   assign.Source
		class    string
	}{
		{"10-30", assign.Source911, "critical"},
		{"10-34", assign.Source911, "serious"},
		{"10-34Q1", assign.Source911, "serious"},
		{"10-34K1", assign.Source911, "critical"},
		{"10-10S", assign.Source911, "critical"},
		{"10-10P1", assign.Source911, "other-911"},
		{"10-3", assign.Source911, "other-911"},   // no card: not a prefix of one
		{"10-301", assign.Source911, "other-911"}, // 10-30 would split the number
		{"", assign.Source311, "311"},
		{"noise", assign.Source311, "311"},
		{"10-30", assign.Source311, "critical"}, // a robbery is a robbery whoever passes it on
	} {
		if got := p.Card(c.callType, c.source).Class; got != c.class {
			t.Errorf("%q from %s: class %s, want %s", c.callType, c.source, got, c.class)
		}
	}
}
