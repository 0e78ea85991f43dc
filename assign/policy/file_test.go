package policy_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
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

// full has all that a file may have.
const full = `name: full
description: All of it.
classes:
  - name: high
    rank: 1
    answer: 10m
    close: 1h
    reach: mutual_aid
    travel: emergency
    reserve: 1
    may_divert: true
    may_preempt: true
    divertible: true
    protected: true
  - {name: middle, rank: 2, answer: 20m, close: 1h, weight: 3, pull_limit: 10m, reserve: 3, divertible: true}
  - {name: low, rank: 2, answer: 1h, close: 2h, reach: sector, reserve: 1, preemptible: true, leave_scene: 1m30s}
  - {name: least, rank: 3, answer: 1h, close: 2h, reserve: 3, promote: {after: 90m, to: low}}
defaults:
  "911": {class: high, needs: &one [{capabilities: [patrol], count: 1}]}
  "311": {class: low, needs: *one}
area_order: {sector: 0s, precinct: 30s, city: 90s, mutual_aid: 5m}
mutual_aid: [westchester, nassau]
positions: {stale_after: 30m}
straight_line: {speed_kmh: 25.5}
solver:
  decide: together
  batch_window: 500ms
  leave_way: 30s
  coverage: 1s
  cover_within: 6m
`

// mistakes are those of a text, as lines.
func mistakes(t *testing.T, text string) string {
	t.Helper()
	_, err := policy.Parse([]byte(text))
	var all policy.Mistakes
	if err == nil || !errors.As(err, &all) {
		t.Fatalf("%.200q: got %v, want mistakes", text, err)
	}
	return errors.Join(all.Unwrap()...).Error()
}

func TestFileIsRead(t *testing.T) {
	p, err := policy.Parse([]byte(full))
	if err != nil {
		t.Fatal(err)
	}
	patrol := []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}}
	minute := time.Minute
	want := assign.Policy{
		Name: "full", Description: "All of it.", Hash: p.Hash,
		Classes: []assign.Class{
			{Name: "high", Rank: 1, Answer: 10 * minute, Close: time.Hour, Weight: 1, Reach: assign.Mutual, Profile: p.Classes[0].Profile,
				Reserve: 1, MayDivert: true, MayPreempt: true, Divertible: true, Protected: true},
			{Name: "middle", Rank: 2, Answer: 20 * minute, Close: time.Hour, Weight: 3, PullLimit: 10 * minute, Reach: assign.City, Reserve: 3, Divertible: true},
			{Name: "low", Rank: 2, Answer: time.Hour, Close: 2 * time.Hour, Weight: 1, Reach: assign.Sector, Reserve: 1, Preemptible: true, LeaveScene: 90 * time.Second},
			{Name: "least", Rank: 3, Answer: time.Hour, Close: 2 * time.Hour, Weight: 1, Reach: assign.City, Reserve: 3,
				Promote: &assign.Promotion{After: 90 * minute, To: "low"}},
		},
		Defaults:  []assign.RunCard{{Type: "311", Class: "low", Needs: patrol}, {Type: "911", Class: "high", Needs: patrol}},
		AreaOrder: assign.AreaOrder{0, 30 * time.Second, 90 * time.Second},
		Positions: assign.Staleness{StaleAfter: 30 * minute},
		Straight:  p.Straight,
		MutualAid: &assign.MutualAid{Areas: []string{"nassau", "westchester"}, Cost: 5 * minute},
		Solver:    &assign.Solver{Together: true, BatchWindow: 500 * time.Millisecond, LeaveWay: 30 * time.Second, Coverage: time.Second, CoverWithin: 6 * minute},
	}
	if got, want := inside(p), inside(&want); got != want || p.Classes[0].Profile.String() != "emergency" {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// inside writes out a policy with what it points to.
func inside(p *assign.Policy) string {
	var promoted []assign.Promotion
	flat := *p
	flat.Classes = slices.Clone(p.Classes)
	for i := range flat.Classes {
		if k := &flat.Classes[i]; k.Promote != nil {
			promoted, k.Promote = append(promoted, *k.Promote), nil
		}
	}
	flat.MutualAid, flat.Solver = nil, nil
	return fmt.Sprintf("%+v %+v %+v %+v", flat, promoted, p.MutualAid, p.Solver)
}

func TestWhatAFileNeedNotSay(t *testing.T) {
	p, err := policy.Parse([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if *p.Solver != (assign.Solver{Together: true}) || p.MutualAid != nil {
		t.Errorf("solver %+v, mutual aid %+v", p.Solver, p.MutualAid)
	}
	low := assign.Class{Name: "low", Rank: 2, Weight: 1, Answer: time.Hour, Close: 2 * time.Hour, Reach: assign.City}
	if p.Classes[0].Rank != 1 || p.Classes[1] != low {
		t.Errorf("classes %+v", p.Classes)
	}
	inTurn, err := policy.Parse([]byte(good + "solver: {decide: in_turn, batch_window: 0s}\ndescription: ~\n"))
	if err != nil || *inTurn.Solver != (assign.Solver{}) {
		t.Errorf("solver %+v, %v", inTurn.Solver, err)
	}
}

func TestMistakesNameTheirLine(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"name: test", "name: two words", `line 1: name: "two words" is not`},
		{"answer: 10m", "answer: soon", `line 3: class "high": answer: "soon" is not a duration`},
		{"answer: 10m", "answer: -10m", `line 3: class "high": answer is -10m`},
		{"answer: 10m", "answer: 1001h", `line 3: class "high": answer is 1001h; it must be 1ms to 1000h`},
		{"answer: 10m, ", "", `line 3: class "high": answer is missing`},
		{"answer: 10m", "answer: 3h", `line 3: class "high": close is 1h, sooner than answer, 3h`},
		{"reach: city", "reach: town", `line 3: class "high": reach is "town"; it must be one of sector, precinct, city, mutual_aid`},
		{"travel: emergency", "travel: fast", `line 3: class "high": travel is "fast"`},
		{"name: low, ", "", "line 4: class 2: name is missing"},
		{"name: low", "name: high", `line 4: class "high" is there twice, on line 3 too`},
		{"class: high, needs: [{capabilities: [patrol], count: 2}]", "class: none, needs: [{count: 2}]", `line 6: run_cards: 10-30 names class "none"`},
		{"count: 2", "count: 0", `line 6: run_cards: 10-30: needs: count is "0"; it must be a whole number from 1 to 32`},
		{"[patrol], count: 2", `["two words"], count: 2`, `line 6: run_cards: 10-30: needs: capabilities: "two words" is not`},
		{"[{capabilities: [patrol], count: 2}]", "[{count: 20}, {count: 20}]", "line 6: run_cards: 10-30: a call may need 32 units in all"},
		{"10-30", "10 30", `line 6: run_cards: type "10 30" is not`},
		{`  "311": {class: low, needs: [{count: 1}]}` + "\n", "", "line 8: defaults: 311 is missing"},
		{`  "311"`, `  "312": {class: low, needs: [{count: 1}]}` + "\n" + `  "311"`, `line 9: defaults: "312" is no field; known here: 311, 911`},
		{"stale_after: 30m", "stale_after: 0s", "line 11: positions: stale_after is 0s"},
		{"speed_kmh: 25", "speed_kmh: 0", "line 12: straight_line: speed_kmh"},
		{"speed_kmh: 25", "speed_kmh: .nan", "line 12: straight_line: speed_kmh"},
		{"speed_kmh: 25", "speed_mph: 25", `line 12: straight_line: "speed_mph" is no field; known here: speed_kmh, detour_percent`},
		{"name: test", "name: test\nname: test", "line 2: name is there twice, on line 1 too"},
		{"name: test", "name: test\n\tx: 1", "line 2: this is not YAML: found a tab"},
		{"name: test", "name: *test", "line 1: this is not YAML: unknown anchor"},
		{"name: test", "name: [test]", "line 1: name must be a text"},
		{"name: test", "name: test\n? [a]\n: b", "line 2: a policy: the name of a field must be a plain word"},
		{"name: test", "name: test\nclasses: {}", "line 3: classes is there twice"},
		{"positions: {", "positions: [", "this is not YAML"},
		{"positions: {stale_after: 30m}", "positions: 3", "line 11: positions must be fields with values"},
		{good, "name: x\nclasses: {a: b}\n", "line 2: classes must be a list"},
		{good, "name: x\nclasses: []\n", "line 2: classes: there must be 1 to 32, there are 0"},
		{good, "", "empty"},
		{good, "# nothing\n", "empty"},
		{good, "~", "empty"},
		{good, "[]", "line 1: a policy must be fields"},
		{good, "a: &a [*a, *a]", "aliases"},
		{good, good + "---\nname: other\n", "line 13: a second document begins here"},
		{good, good + "---\n[", "line 15: this is not YAML"},
		{good, strings.Repeat("#", policy.MaxFile+1), "bytes"},
		{good, strings.Repeat("x: &x [y]\n", 1000), "905 more mistakes are not listed"},
	} {
		if got := mistakes(t, strings.Replace(good, c.old, c.new, 1)); !strings.Contains(got, c.want) {
			t.Errorf("%q for %.40q: got %s, want %q in it", c.new[:min(len(c.new), 40)], c.old, got, c.want)
		}
	}
}

// Rules that compare one field with others. Each breaks one line of a file that
// is whole, and is the only mistake that is found.
func TestFieldsThatDoNotGoTogether(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"rank: 1\n", "rank: 2\n", `line 5: class "high": rank is 2; the first class has rank 1`},
		{"name: least, rank: 3", "name: least, rank: 4", `line 17: class "least": rank is 4, after a class of rank 2; no class has rank 3`},
		{"name: low, rank: 2", "name: low, rank: 1.5", `line 16: class "low": rank is "1.5"; it must be a whole number from 1 to 32`},
		{"name: low, rank: 2", "name: low", `line 16: class "low" has no rank and others have; give all of them one, or none`},
		{"name: least, rank: 3, ", "name: least, rank: 1, ", `line 17: class "least": rank is 1, after a class of rank 2`},
		{"weight: 3", "weight: 0", `line 15: class "middle": weight is "0"; it must be a whole number from 1 to 100`},
		{"weight: 3", "weight: 101", `line 15: class "middle": weight is "101"`},
		{"leave_scene: 1m30s", "leave_scene: 1m30s, preemptible: false", `line 16: class "low": preemptible is there twice`},
		{"preemptible: true, leave_scene: 1m30s", "preemptible: maybe", `line 16: class "low": preemptible is "maybe"; it must be true or false`},
		{"weight: 3", "leave_scene: 1m", `line 15: class "middle": leave_scene means nothing without preemptible: true`},
		{"to: low", "to: none", `line 17: class "least": promote: to names class "none", which is not among the classes`},
		{"to: low", "to: least", `line 17: class "least": promote: to is "least" of rank 3, which is not above rank 3`},
		{"to: low", "to: high", `line 17: class "least": promote: to is "high" of rank 1, but "high" of rank 1 is protected; name a class below it`},
		{"after: 90m", "after: 3h", `line 17: class "least": promote: after is 3h, later than close, 2h`},
		{"after: 90m", "after: 0s", `line 17: class "least": promote: after is 0s; it must be 1ms to 10000h`},
		{"protected: true", "x: 1", `line 14: class "high": "x" is no field`},
		{"reserve: 1\n", "reserve: 2\n", `line 16: class "low": reserve is 1, but 2 for a class of higher rank; raise it to 2`},
		{"reserve: 3, promote", "reserve: 2, promote", `line 17: class "least": reserve is 2, but 3 for a class of higher rank; raise it to 3`},
		{"reserve: 1\n", "reserve: -1\n", `line 10: class "high": reserve is "-1"`},
		{", mutual_aid: 5m", "", "line 22: mutual_aid: there is no cost of these units; set mutual_aid in area_order"},
		{"[westchester, nassau]", "[nassau, westchester, nassau]", "line 22: mutual_aid: nassau is there twice"},
		{"[westchester, nassau]", "[]", "line 22: mutual_aid: there must be 1 to 256, there are 0"},
		{"decide: together", "decide: sometimes", `line 26: solver: decide is "sometimes"; it must be one of together, in_turn`},
		{"decide: together", "order: age", "line 26: solver: order means nothing where calls are decided together"},
		{"batch_window: 500ms", "batch_window: 1h", "line 27: solver: batch_window is 1h; it must be 0s to 5m"},
	} {
		text := strings.Replace(full, c.old, c.new, 1)
		if text == full {
			t.Fatalf("%q is not in the file", c.old)
		}
		got := mistakes(t, text)
		if !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s for %s:\ngot  %s\nwant %s", c.new, c.old, got, c.want)
		}
	}
}

func TestWhatMeansNothingIsRefused(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"travel: emergency", "may_divert: true", `line 3: class "high": may_divert means nothing while no class is divertible`},
		{"travel: emergency", "may_preempt: true", `line 3: class "high": may_preempt means nothing while no class is preemptible`},
		{"close: 2h", "close: 2h, reach: mutual_aid", `line 4: class "low": reach is mutual_aid, and there is no list of areas, mutual_aid: [...]`},
		{"city: 90s", "mutual_aid: 90s", "line 10: area_order: mutual_aid means nothing without a list of areas, mutual_aid: [...]"},
		{"detour_percent: 40}", "detour_percent: 40}\nsolver: {leave_way: 30s}", "line 13: solver: leave_way means nothing while no class is divertible"},
		{"detour_percent: 40}", "detour_percent: 40}\nsolver: {order: age}", "line 13: solver: order means nothing where calls are decided together; leave it out, or decide: in_turn"},
		{"detour_percent: 40}", "detour_percent: 40}\nsolver: {decide: in_turn, batch_window: 1s}", "line 13: solver: batch_window means nothing where calls are decided in turn"},
		{"detour_percent: 40}", "detour_percent: 40}\nsolver: {decide: in_turn, coverage: 1s}", "line 13: solver: coverage means nothing where calls are decided in turn"},
	} {
		if got := mistakes(t, strings.Replace(good, c.old, c.new, 1)); !strings.HasPrefix(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s:\ngot  %s\nwant %s", c.new, got, c.want)
		}
	}
}

// Protected classes come first, and have their ranks for themselves.
func TestProtectedClassesComeFirst(t *testing.T) {
	for classes, want := range map[string]string{
		"P1 P2 3 4>3": "",
		"P1 P1 2 3>3": "",
		"1 2 3 4>1":   "",
		"1 1":         "",
		"P1 P2":       "",
		"1 P2":        `"c1" of rank 1 is not protected, but "c2" of rank 2 is`,
		"P1 1":        `"c2" of rank 1 is not protected, but "c1" of rank 1 is`,
		"P1 2 3>1":    `"c3": promote: to is "c1" of rank 1, but "c1" of rank 1 is protected`,
		"P1 P2 3 3>3": `"c4": promote: to is "c3" of rank 3, which is not above rank 3`,
		"P1 P2 3>4 4": `"c3": promote: to is "c4" of rank 4, which is not above rank 3`,
	} {
		var list strings.Builder
		for i, class := range strings.Fields(classes) {
			class, protected := strings.CutPrefix(class, "P")
			rank, to, _ := strings.Cut(class, ">")
			fmt.Fprintf(&list, "  - {name: c%d, rank: %s, answer: 1h, close: 1h, protected: %t", i+1, rank, protected)
			if to != "" {
				fmt.Fprintf(&list, ", promote: {after: 30m, to: c%s}", to)
			}
			list.WriteString("}\n")
		}
		text := strings.NewReplacer("high", "c1", "low", "c2").Replace(good[strings.Index(good, "run_cards"):])
		_, err := policy.Parse([]byte("name: test\nclasses:\n" + list.String() + text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", classes, err, want)
		}
	}
}

// A planner mends a file in one go, and not by one mistake at a time.
func TestAllMistakesAreFoundAtOnce(t *testing.T) {
	text := strings.NewReplacer("name: test", "nam: test", "answer: 10m", "answer: soon", "close: 2h", "close: 2m", "count: 2", "count: two",
		"311\": {class: low", "311\": {class: none", "30s", "-30s", "stale_after", "stale").Replace(good) + "solver: {decide: in_turn, coverage: 5s}\n"
	const want = `line 1: "nam" is no field; known here: name, description, classes, run_cards, defaults, area_order, mutual_aid, positions, straight_line, solver
line 1: name is missing
line 3: class "high": answer: "soon" is not a duration; write it as 45m, 8h or 1m30s
line 4: class "low": close is 2m, sooner than answer, 1h
line 6: run_cards: 10-30: needs: count is "two"; it must be a whole number from 1 to 32
line 9: defaults: 311 names class "none", which is not among the classes
line 10: area_order: precinct is -30s; it must be 0s to 10000h, in whole milliseconds
line 11: positions: "stale" is no field; known here: stale_after
line 11: positions: stale_after is missing
line 13: solver: coverage means nothing where calls are decided in turn; leave it out, or decide: together`
	if got := mistakes(t, text); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	_, err := policy.Parse([]byte(text))
	if first, _, _ := strings.Cut(want, "\n"); err.Error() != first+" (and 9 more)" {
		t.Errorf("on one line: %v", err)
	}
}

// Aliases save writing; they cannot make a small file a large policy.
func TestAliasesAreBounded(t *testing.T) {
	cards := func(n int) string {
		var text strings.Builder
		text.WriteString(good[:strings.Index(good, "defaults")])
		for i := range n {
			if i == 0 {
				text.WriteString("  c0: &card {class: high, needs: [{capabilities: [" + strings.Repeat("abcdefghij,", 30) + "k], count: 1}]}\n")
				continue
			}
			fmt.Fprintf(&text, "  c%d: *card\n", i)
		}
		return text.String() + good[strings.Index(good, "defaults"):]
	}
	p, err := policy.Parse([]byte(cards(100)))
	if err != nil || len(p.RunCards) != 101 || len(p.Card("c99", assign.Source911).Needs[0].Capabilities) != 2 {
		t.Errorf("a hundred: %v", err)
	}
	if got := mistakes(t, cards(1000)); !strings.Contains(got, "aliases") {
		t.Errorf("a thousand: %s", got)
	}
	needs := strings.Repeat("{count: 1},", assign.MaxNeeds)
	for n := 10; ; n += 30 { // the heaviest: many needs of few bytes
		text := good[:strings.Index(good, "defaults:")] + "  c0: {class: high, needs: &n [" + needs + "]}\n"
		for i := range n {
			text += fmt.Sprintf("  c%d: {class: low, needs: *n}\n", i+1)
		}
		p, err := policy.Parse([]byte(text + good[strings.Index(good, "defaults"):]))
		if n < 100 && err != nil || n > 1000 && err == nil {
			t.Fatalf("%d cards: %v", n, err)
		}
		if err != nil {
			break
		}
		mustFit(t, p, text)
	}
}

// mustFit wants that a policy can be adopted.
func mustFit(t *testing.T, p *assign.Policy, text string) {
	t.Helper()
	if w := assign.Weight(&assign.PolicyAdopted{Policy: *p, Source: text}); w > engine.MaxWeight {
		t.Errorf("a file of %d bytes takes %d of the journal", len(text), w)
	}
}

// What parses is whole: whoever reads it need not check it again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(full))
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
			var all policy.Mistakes
			if !errors.As(err, &all) || len(all) == 0 || len(all) > 101 || p != nil {
				t.Errorf("%v is not mistakes", err)
			}
			for _, m := range all {
				if m.Line < 0 || m.Line > len(text)+1 || m.Detail == "" {
					t.Errorf("%+v", m)
				}
			}
			return
		}
		if p.Card("10-30", assign.Source911) == nil || p.Card("", assign.Source311) == nil {
			t.Errorf("a policy that cannot classify a call: %+v", p)
		}
		for _, card := range slices.Concat(p.RunCards, p.Defaults) {
			if p.Class(card.Class) == nil || len(card.Needs) == 0 {
				t.Errorf("card %+v", card)
			}
		}
		checkWhole(t, p)
		mustFit(t, p, string(text))
	})
}

// checkWhole holds a policy against the rules of its file, said another way.
func checkWhole(t *testing.T, p *assign.Policy) {
	t.Helper()
	closed, rank, reserve, before := 0, 0, 0, 0 // closed: the lowest rank that is protected; before: of higher ranks
	for _, k := range p.Classes {
		if k.Protected {
			closed = k.Rank
		}
	}
	for i, k := range p.Classes {
		if k.Rank != rank && k.Rank != rank+1 || k.Rank == 0 {
			t.Errorf("rank %d after %d", k.Rank, rank)
		}
		if k.Rank != rank {
			before = reserve
		}
		rank, reserve = k.Rank, max(reserve, k.Reserve)
		to := (*assign.Class)(nil)
		if k.Promote != nil {
			to = p.Class(k.Promote.To)
		}
		switch {
		case p.Rank(k.Name) != k.Rank, slices.ContainsFunc(p.Classes[:i], func(c assign.Class) bool { return c.Name == k.Name }),
			k.Answer <= 0 || k.Answer > 1000*time.Hour || k.Close < k.Answer || k.PullLimit < 0,
			k.Weight < 1 || k.Weight > 100, k.Reserve < before, k.Protected != (k.Rank <= closed),
			k.LeaveScene != 0 && !k.Preemptible, k.Reach == assign.Mutual && p.MutualAid == nil,
			k.Promote != nil && (to == nil || to.Rank >= k.Rank || to.Rank <= closed || k.Promote.After <= 0 || k.Promote.After > k.Close):
			t.Errorf("class %+v of %+v", k, p)
		}
	}
	if a := p.MutualAid; a != nil && (len(a.Areas) == 0 || !slices.IsSorted(a.Areas) || len(slices.Compact(slices.Clone(a.Areas))) < len(a.Areas)) {
		t.Errorf("mutual aid %+v", a)
	}
	if s := p.Solver; s == nil || s.Together && s.ByAge || !s.Together && s.BatchWindow+s.Coverage > 0 {
		t.Errorf("solver %+v", s)
	}
}
