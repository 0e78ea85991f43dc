package policy_test

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/policy"
	"callbox/geo"
)

var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// city is a situation made of a table: how long each unit takes to each call.
type city struct {
	t     testing.TB
	state *assign.State
	at    map[string]geo.Point                   // of calls
	legs  map[geo.Point]map[string]time.Duration // to a call's place, by unit
}

func newCity(t testing.TB, name string) *city {
	c := &city{t: t, state: assign.NewState(), at: map[string]geo.Point{}, legs: map[geo.Point]map[string]time.Duration{}}
	c.do(&assign.AdoptPolicy{Policy: builtin(t, name)})
	return c
}

var parsed = map[string]*assign.Policy{}

// builtin parses each policy once: there are thousands of cities.
func builtin(t testing.TB, name string) *assign.Policy {
	if parsed[name] == nil {
		p, _, err := policy.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		parsed[name] = p
	}
	return parsed[name]
}

func (c *city) do(cmd assign.Command) {
	c.t.Helper()
	facts, err := c.state.Decide(noon, cmd)
	if err != nil {
		c.t.Fatalf("%T: %v", cmd, err)
	}
	for _, f := range facts {
		if err := c.state.Apply(assign.Recorded{Seq: c.state.Seq() + 1, At: noon, Fact: f}); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *city) unit(id string, capabilities ...string) {
	c.t.Helper()
	c.do(&assign.SignOn{Unit: id, Capabilities: capabilities, Fix: &assign.Fix{Since: noon}})
}

// call reports a call that was received so long ago; legs are pairs of a unit
// and its seconds to the call.
func (c *city) call(id, callType string, ago time.Duration, legs map[string]int) {
	c.t.Helper()
	at := geo.Point{Lat: int32(len(c.at) + 1)}
	c.at[id] = at
	c.legs[at] = map[string]time.Duration{}
	for unit, seconds := range legs {
		c.legs[at][unit] = time.Duration(seconds) * time.Second
	}
	c.do(&assign.ReportCall{ID: id, Type: callType, Location: &at, ReceivedAt: noon.Add(-ago)})
}

func (c *city) situation() *assign.Situation {
	return &assign.Situation{
		Now: noon, State: c.state, Roads: "table",
		Fix: func(unit string) (assign.Fix, bool) {
			u := c.state.Unit(unit)
			if u.Fix == nil {
				return assign.Fix{}, false
			}
			return *u.Fix, true
		},
		Leg: func(unit string, to geo.Point, _ geo.Profile, limit time.Duration) (geo.Leg, bool) {
			t, ok := c.legs[to][unit]
			return geo.Leg{ID: unit, Time: t, Straight: strings.HasPrefix(unit, "x-boat")}, ok && (limit == 0 || t <= limit)
		},
		Measure: func(*geo.Leg, geo.Point, geo.Profile) {},
		Legs: func(to geo.Point, _ geo.Profile, limit time.Duration, _ assign.Want) iter.Seq[geo.Leg] {
			var legs []geo.Leg
			for unit, t := range c.legs[to] {
				if c.state.Unit(unit) != nil && (limit == 0 || t <= limit) {
					legs = append(legs, geo.Leg{ID: unit, Time: t, Straight: strings.HasPrefix(unit, "x-boat")})
				}
			}
			slices.SortFunc(legs, func(a, b geo.Leg) int {
				if a.Straight != b.Straight {
					return strings.Compare(a.ID[:1], b.ID[:1]) // boats last
				}
				return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.ID, b.ID))
			})
			return func(yield func(geo.Leg) bool) {
				for _, l := range legs {
					if !yield(l) {
						return
					}
				}
			}
		},
	}
}

// advice is what the advisor says, a line a call: "call: units" or "call: code".
func (c *city) advice() []string {
	var out []string
	for _, d := range (policy.Advisor{}).Advise(c.situation()) {
		line := d.Call + ":"
		for _, chosen := range d.Chosen {
			line += " " + chosen.Unit
		}
		if d.Reason != nil {
			line += " (" + d.Reason.Code + ")"
		}
		out = append(out, line)
	}
	return out
}

func TestOrderOfCalls(t *testing.T) {
	all := map[string]int{"u1": 10, "u2": 20}
	t.Run("class before age", func(t *testing.T) {
		c := newCity(t, "911-first")
		c.unit("u1", "patrol")
		c.call("old-dispute", "10-52", 50*time.Minute, all)
		c.call("new-robbery", "10-30", 0, all)
		want(t, c.advice(), "new-robbery: u1", "old-dispute: (units_taken)")
	})
	t.Run("age over target before age", func(t *testing.T) {
		c := newCity(t, "911-first")
		c.unit("u1", "patrol")
		c.do(&assign.ReportCall{ID: "x", Location: &geo.Point{Lat: 99}, Type: "10-39"})
		c.call("a", "10-52", 50*time.Minute, all)
		c.call("b", "10-52", 51*time.Minute, all)
		c.legs[geo.Point{Lat: 99}] = nil
		want(t, c.advice(), "x: (out_of_reach)", "b: u1", "a: (units_taken)")
	})
	t.Run("age over target, however long both are", func(t *testing.T) {
		c := newCity(t, "911-first")
		p := *c.state.Policy()
		p.Classes = slices.Clone(p.Classes)
		for i := range p.Classes {
			p.Classes[i].Answer = 10_000 * time.Hour
		}
		c.do(&assign.AdoptPolicy{Policy: &p})
		c.unit("u1", "patrol")
		c.call("old", "10-52", 29*24*time.Hour, all)
		c.call("new", "10-52", time.Minute, all)
		want(t, c.advice(), "old: u1", "new: (units_taken)")
	})
	t.Run("sooner before ID", func(t *testing.T) {
		c := newCity(t, "911-first")
		c.unit("u1", "patrol")
		c.call("a", "10-30", time.Minute, map[string]int{"u1": 30})
		c.call("b", "10-30", time.Minute, map[string]int{"u1": 20})
		want(t, c.advice(), "a: (units_taken)", "b: u1")
	})
	t.Run("as they came", func(t *testing.T) {
		c := newCity(t, "911-first")
		c.unit("u1", "patrol")
		c.call("b", "10-30", time.Minute, map[string]int{"u1": 20})
		c.call("a", "10-30", time.Minute, map[string]int{"u1": 20})
		want(t, c.advice(), "b: u1", "a: (units_taken)")
	})
	t.Run("the unit of the lower ID", func(t *testing.T) {
		c := newCity(t, "911-first")
		c.unit("u2", "patrol")
		c.unit("u1", "patrol")
		c.call("a", "10-30", time.Minute, map[string]int{"u1": 20, "u2": 20})
		want(t, c.advice(), "a: u1")
	})
	t.Run("311 first, as alleged", func(t *testing.T) {
		c := newCity(t, "311-first")
		c.unit("u1", "patrol")
		c.call("robbery", "10-30", 6*time.Minute, all)
		c.do(&assign.ReportCall{ID: "noise", Source: "311", Location: &geo.Point{Lat: 1}})
		want(t, c.advice(), "noise: u1", "robbery: (units_taken)")
	})
}

func want(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("advice\n%q\nwant\n%q", got, want)
	}
}

func TestReasons(t *testing.T) {
	near := map[string]int{"u1": 10}
	for _, c := range []struct {
		name  string
		setUp func(*city)
		legs  map[string]int
		want  string
	}{
		{"nobody is there", func(*city) {}, nil, "no_units"},
		{"cannot", func(c *city) { c.unit("u1", "k9") }, near, "no_capable_unit"},
		{"nobody has said", func(c *city) { c.unit("u1") }, near, "capabilities_unknown"},
		{"off duty", func(c *city) {
			c.unit("u1", "patrol")
			c.do(&assign.SetStatus{Unit: "u1", Status: assign.OffDuty})
		}, near, "no_unit_on_duty"},
		{"nobody knows where", func(c *city) {
			c.do(&assign.SignOn{Unit: "u1", Capabilities: []string{"patrol"}})
		}, near, "position_unknown"},
		{"nobody knows where any more", func(c *city) {
			c.do(&assign.SignOn{Unit: "u1", Capabilities: []string{"patrol"}, Fix: &assign.Fix{Since: noon.Add(-31 * time.Minute)}})
		}, near, "position_stale"},
		{"too far", func(c *city) { c.unit("u1", "patrol") }, map[string]int{"u1": 481}, "out_of_reach"},
		{"no road", func(c *city) { c.unit("u1", "patrol") }, nil, "out_of_reach"},
		{"the one that came farthest counts", func(c *city) {
			c.unit("u1", "patrol")
			c.unit("u2", "k9")
			c.do(&assign.SetStatus{Unit: "u1", Status: assign.OutOfService})
		}, near, "no_unit_on_duty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			city := newCity(t, "911-first")
			c.setUp(city)
			city.call("c1", "10-52", 0, c.legs)
			want(t, city.advice(), "c1: ("+c.want+")")
		})
	}
}

func TestAClassMayKeepToItsArea(t *testing.T) {
	text := `
name: areas
classes: [{name: all, answer: 1h, close: 2h, reach: precinct, travel: routine}]
defaults:
  "911": {class: all, needs: [{count: 1}]}
  "311": {class: all, needs: [{count: 1}]}
area_order: {sector: 0s, precinct: 60s, city: 600s}
positions: {stale_after: 1h}
straight_line: {speed_kmh: 25, detour_percent: 40}
`
	p, err := policy.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c := newCity(t, "911-first")
	c.do(&assign.AdoptPolicy{Policy: p, Source: text})
	legs := map[string]int{"here": 50, "beside": 1, "abroad": 0, "somewhere": 0}
	at := geo.Point{Lat: 1}
	c.legs[at] = map[string]time.Duration{}
	for unit, areas := range map[string][]string{"here": {"75A", "75"}, "beside": {"75B", "75"}, "abroad": {"73A", "73"}, "somewhere": nil} {
		c.do(&assign.SignOn{Unit: unit, Areas: areas, Fix: &assign.Fix{Since: noon}})
		c.legs[at][unit] = time.Duration(legs[unit]) * time.Second
	}
	c.do(&assign.ReportCall{ID: "c1", Location: &at, Areas: []string{"75A", "75"}})
	d := (policy.Advisor{}).Advise(c.situation())[0]
	if d.Chosen[0].Unit != "here" || d.Chosen[0].Total() != 50*time.Second {
		t.Errorf("sent %s for %v; beside costs 61s", d.Chosen[0].Unit, d.Chosen[0].Total())
	}
	rules := map[string]assign.Rule{}
	for _, x := range d.Considered {
		rules[x.Unit] = x.Rule
	}
	if want := map[string]assign.Rule{"abroad": assign.RuleArea, "beside": "", "somewhere": assign.RuleAreaUnknown}; !maps.Equal(rules, want) {
		t.Errorf("considered %v, want %v", rules, want)
	}
}

// TestUnitsForOneCall compares the units chosen for one call with several needs
// with the best of all choices: at the least cost, that of the first slot counting
// eight times.
func TestUnitsForOneCall(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	skills := []string{"patrol", "k9", "medic"}
	for range 2000 {
		c := newCity(t, "911-first")
		able := map[string][]string{}
		legs := map[string]int{}
		for i := range 1 + r.IntN(6) {
			id := fmt.Sprint("u", i)
			for _, s := range skills {
				if r.IntN(2) == 0 {
					able[id] = append(able[id], s)
				}
			}
			slices.Sort(able[id])
			c.unit(id, append([]string{}, able[id]...)...)
			legs[id] = r.IntN(20)
		}
		var needs []assign.Need
		for range 1 + r.IntN(3) {
			needs = append(needs, assign.Need{Capabilities: []string{skills[r.IntN(3)]}, Count: 1 + r.IntN(2)})
		}
		at := geo.Point{Lat: 7}
		c.legs[at] = map[string]time.Duration{}
		for u, s := range legs {
			c.legs[at][u] = time.Duration(s) * time.Second
		}
		c.do(&assign.ReportCall{ID: "c", Location: &at, Needs: needs})
		d := (policy.Advisor{}).Advise(c.situation())[0]
		cost := 0
		for slot := range c.state.Call("c").Slots() {
			cost += nobody * weight(slot)
		}
		for _, chosen := range d.Chosen {
			cost += (legs[chosen.Unit] - nobody) * weight(chosen.Slot)
			if need := c.state.Call("c").Slot(chosen.Slot).Capabilities[0]; !slices.Contains(able[chosen.Unit], need) {
				t.Fatalf("unit %s with %v fills a slot for %s", chosen.Unit, able[chosen.Unit], need)
			}
		}
		if least := best(c.state.Call("c"), c.state.UnitIDs(), able, legs, 0); cost != least {
			t.Fatalf("needs %v, units %v, legs %v: %v costs %d s, the best %d s", needs, able, legs, d.Chosen, cost, least)
		}
	}
}

// nobody is what an empty slot costs, in seconds: more than any unit.
const nobody = 1000

func weight(slot int) int {
	if slot == 0 {
		return 8
	}
	return 1
}

// best tries every way to fill the slots from the given one on.
func best(c *assign.Call, free []string, able map[string][]string, legs map[string]int, slot int) int {
	if slot == c.Slots() {
		return 0
	}
	least := nobody*weight(slot) + best(c, free, able, legs, slot+1)
	for i, u := range free {
		if slices.Contains(able[u], c.Slot(slot).Capabilities[0]) {
			rest := best(c, slices.Delete(slices.Clone(free), i, i+1), able, legs, slot+1)
			least = min(least, legs[u]*weight(slot)+rest)
		}
	}
	return least
}

// TestAUnitThatCannotGoChangesNothing: units off the roads come after all that
// have a way by road, whoever else is met between them.
func TestAUnitThatCannotGoChangesNothing(t *testing.T) {
	for _, bystander := range []int{1, 1000, 2000, 9000} {
		c := newCity(t, "911-first")
		c.unit("by-road", "patrol")
		c.unit("x-boat", "patrol")
		c.unit("bystander", "patrol")
		c.do(&assign.SetStatus{Unit: "bystander", Status: assign.OffDuty})
		c.call("c1", "10-30", time.Hour, map[string]int{"by-road": 1186, "x-boat": 618, "bystander": bystander})
		want(t, c.advice(), "c1: by-road")
		_, list := (policy.Advisor{}).Rank(c.situation(), c.state.Call("c1"), 2)
		if list[0].Unit != "by-road" || list[1].Unit != "x-boat" {
			t.Errorf("bystander at %d s: ranked %s, %s", bystander, list[0].Unit, list[1].Unit)
		}
	}
}

// TestACallWithAllItsUnitsCanBeRanked: nobody is unfit for a need that is met.
func TestACallWithAllItsUnitsCanBeRanked(t *testing.T) {
	c := newCity(t, "911-first")
	c.unit("u1", "patrol")
	c.unit("u2", "patrol")
	c.call("c1", "10-52", 0, map[string]int{"u1": 10, "u2": 20})
	for _, d := range (policy.Advisor{}).Advise(c.situation()) {
		c.do(&assign.Dispatch{Decision: d})
	}
	d, list := (policy.Advisor{}).Rank(c.situation(), c.state.Call("c1"), 2)
	if len(d.Chosen) != 0 || list[0].Unit != "u2" || list[0].Rule != "" || list[1].Rule != assign.RuleOnCall {
		t.Errorf("chosen %v, ranked %v", d.Chosen, list)
	}
}

func TestRankShowsTheBestFirstThenTheRefused(t *testing.T) {
	c := newCity(t, "911-first")
	c.unit("near-busy", "patrol")
	c.unit("far", "patrol")
	c.unit("middle", "patrol")
	c.unit("beyond", "patrol")
	c.do(&assign.SignOn{Unit: "nowhere", Capabilities: []string{"patrol"}})
	c.do(&assign.SetStatus{Unit: "near-busy", Status: assign.OutOfService})
	c.call("c1", "10-52", 0, map[string]int{"near-busy": 1, "middle": 20, "far": 30, "beyond": 2000})
	d, list := (policy.Advisor{}).Rank(c.situation(), c.state.Call("c1"), 10)
	var got []string
	for _, x := range list {
		got = append(got, x.Unit+" "+string(x.Rule))
	}
	want(t, got, "middle ", "far ", "near-busy duty", "beyond pull_limit", "nowhere position_unknown")
	if d.Chosen[0].Unit != "middle" || d.Status != assign.Assigned {
		t.Errorf("it would be %s, by %s", d.Status, d.Chosen[0].Unit)
	}
	if _, list := (policy.Advisor{}).Rank(c.situation(), c.state.Call("c1"), 1); len(list) != 1 || list[0].Unit != "middle" {
		t.Errorf("the best one is %v", list)
	}
}

// TestTheLimitGrowsWithAge, so that none waits for ever for a unit that is near.
func TestTheLimitGrowsWithAge(t *testing.T) {
	for _, c := range []struct {
		age  time.Duration
		want string
	}{
		{59 * time.Minute, "c: (out_of_reach)"},
		{2*time.Hour - time.Second, "c: (out_of_reach)"}, // 8 minutes for each hour
		{2 * time.Hour, "c: u1"},
	} {
		city := newCity(t, "911-first")
		city.unit("u1", "patrol")
		city.call("c", "10-52", c.age, map[string]int{"u1": 16 * 60})
		want(t, city.advice(), c.want)
	}
}
