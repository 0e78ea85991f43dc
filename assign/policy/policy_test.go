package policy_test

import (
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/policy"
)

func TestBuiltinPoliciesParse(t *testing.T) {
	for _, name := range policy.Builtin() {
		p, text, err := policy.Named(name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if p.Name != name || p.Description == "" || len(text) == 0 {
			t.Errorf("%s: its name is %q and its description %q", name, p.Name, p.Description)
		}
	}
	p, _, _ := policy.Named(policy.Default)
	var names []string
	for _, c := range p.Classes {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, " "); got != "critical serious non-critical other-911 311" {
		t.Errorf("the classes of %s are %s", p.Name, got)
	}
	if got := p.Class("311").Answer; got != 8*time.Hour {
		t.Errorf("311 is answered within %v; the city posts 8h", got)
	}
	alleged, _, _ := policy.Named("311-first")
	if alleged.Rank("311") != 1 || alleged.Class("311").Answer != 45*time.Minute {
		t.Errorf("311-first: rank %d, answer %v", alleged.Rank("311"), alleged.Class("311").Answer)
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
