package policy_test

import (
	"strings"
	"testing"

	"callbox/assign/policy"
)

const good = `name: test
classes:
  - {name: high, answer: 10m, close: 1h, reach: city, travel: emergency}
  - {name: low, answer: 1h, close: 2h}
run_cards:
  10-30: {class: high, needs: [{capabilities: [patrol], count: 2}]}
defaults:
  "911": {class: high, needs: [{capabilities: [patrol], count: 1}]}
  "311": {class: low, needs: [{count: 1}]}
area_order: {sector: 0s, precinct: 30s, city: 90s}
positions: {stale_after: 30m}
straight_line: {speed_kmh: 25, detour_percent: 40}
`

func TestMistakesNameTheirLine(t *testing.T) {
	if _, err := policy.Parse([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"name: test", "name: two words", "line 1: name"},
		{"answer: 10m", "answer: soon", `line 3: "soon" is not a duration`},
		{"answer: 10m", "answer: -10m", "line 3:"},
		{"answer: 10m", "answer: 3h", "sooner than answer"},
		{"reach: city", "reach: town", "line 3: class \"high\": reach"},
		{"travel: emergency", "travel: fast", "line 3: class \"high\": travel"},
		{"name: low", "name: high", "line 4: classes: \"high\" is there twice"},
		{"class: high, needs: [{capabilities: [patrol], count: 2}]", "class: none, needs: [{count: 2}]", "line 6: run_cards: 10-30 names class"},
		{"count: 2", "count: 0", "line 6: run_cards: 10-30: count must be"},
		{"[patrol], count: 2", `["two words"], count: 2`, "capability"},
		{`  "311": {class: low, needs: [{count: 1}]}`, "", `no card for source "311"`},
		{"stale_after: 30m", "stale_after: 0s", "line 11: positions"},
		{"speed_kmh: 25", "speed_kmh: 0", "line 12: straight_line"},
		{"speed_kmh: 25", "speed_mph: 25", "speed_mph"},
		{"name: test", "name: test\nname: test", "name"},
		{good, "", "empty"},
		{good, "[]", "line 1"},
		{good, "a: &a [*a, *a]", "a"},
		{good, strings.Repeat("#", policy.MaxFile+1), "bytes"},
	} {
		_, err := policy.Parse([]byte(strings.Replace(good, c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %.40q: got %v, want %q in it", c.new[:min(len(c.new), 40)], c.old, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	for _, name := range policy.Builtin() {
		_, text, err := policy.Named(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := policy.Parse(text)
		if err != nil {
			return
		}
		if len(p.Classes) == 0 || p.Card("10-30", "911") == nil || p.Card("", "311") == nil {
			t.Errorf("a policy that cannot classify a call: %+v", p)
		}
		for _, card := range p.RunCards {
			if p.Class(card.Class) == nil {
				t.Errorf("card %s names no class", card.Type)
			}
		}
	})
}
