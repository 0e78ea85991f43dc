package policy

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/assign"
	"callbox/geo"
)

var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// town is a situation drawn at random: units that are free, on their way and on
// scene, calls of all classes, and a table of travel times. It is kept as the
// commands that made it, so that it can be made again a little different.
type town struct {
	state *assign.State
	times map[geo.Point]map[string]time.Duration
	fixes map[string]assign.Fix
	off   map[string]bool // units off the roads, whose ways are estimated
}

func newTown(p *assign.Policy) *town {
	t := &town{state: assign.NewState(), times: map[geo.Point]map[string]time.Duration{}, fixes: map[string]assign.Fix{}}
	t.do(&assign.AdoptPolicy{Policy: p})
	return t
}

func (t *town) do(c assign.Command) {
	facts, err := t.state.Decide(noon, c)
	if err != nil {
		panic(fmt.Sprintf("%T: %v", c, err))
	}
	for _, f := range facts {
		if err := t.state.Apply(assign.Recorded{Seq: t.state.Seq() + 1, At: noon, Fact: f}); err != nil {
			panic(err)
		}
	}
}

func (t *town) situation() *assign.Situation {
	leg := func(unit string, to geo.Point, _ geo.Profile, limit time.Duration) (geo.Leg, bool) {
		took, ok := t.times[to][unit]
		return geo.Leg{ID: unit, Time: took, Straight: t.off[unit]}, ok && (limit == 0 || took <= limit)
	}
	return &assign.Situation{
		Now: noon, State: t.state, Roads: "table", Leg: leg,
		Measure: func(*geo.Leg, geo.Point, geo.Profile) {},
		Fix:     func(unit string) (assign.Fix, bool) { f, ok := t.fixes[unit]; return f, ok },
		Legs: func(to geo.Point, p geo.Profile, limit time.Duration, _ assign.Want) iter.Seq[geo.Leg] {
			var legs []geo.Leg
			for _, unit := range t.state.UnitIDs() {
				if l, ok := leg(unit, to, p, limit); ok {
					legs = append(legs, l)
				}
			}
			slices.SortStableFunc(legs, func(a, b geo.Leg) int {
				if a.Straight != b.Straight && a.Straight {
					return 1
				} else if a.Straight != b.Straight {
					return -1
				}
				return int(a.Time - b.Time)
			})
			return slices.Values(legs)
		},
	}
}

// sketch is what a town is made from.
type sketch struct {
	units []sketchUnit
	calls []sketchCall
}

type sketchUnit struct {
	id     string
	skills []string
}

type sketchCall struct {
	id    string
	class string
	age   time.Duration
	needs []assign.Need
	times map[string]int // seconds, by unit
	units []string       // that have been sent
	there []string       // of these, that have arrived
}

func (s *sketch) town(p *assign.Policy) *town {
	t := newTown(p)
	for _, u := range s.units {
		t.do(&assign.SignOn{Unit: u.id, Capabilities: u.skills})
		t.fixes[u.id] = assign.Fix{Since: noon}
	}
	for i, c := range s.calls {
		at := geo.Point{Lat: int32(i + 1)}
		t.times[at] = map[string]time.Duration{}
		for unit, seconds := range c.times {
			t.times[at][unit] = time.Duration(seconds) * time.Second
		}
		t.do(&assign.ReportCall{ID: c.id, Class: c.class, Location: &at, ReceivedAt: noon.Add(-c.age), Needs: c.needs})
		d := assign.Decision{Call: c.id}
		for slot, unit := range c.units {
			leg := geo.Leg{ID: unit, Time: t.times[at][unit]}
			d.Chosen = append(d.Chosen, assign.Candidate{Unit: unit, Slot: slot, Leg: &leg})
		}
		if d.Chosen != nil {
			t.do(&assign.Dispatch{Decision: d})
		}
		for _, unit := range c.there {
			t.do(&assign.SetStatus{Unit: unit, Status: assign.OnScene})
		}
	}
	return t
}

// draw makes a sketch: small enough for every way to be tried, with ties.
func draw(r *rand.Rand, maxUnits, maxCalls int) *sketch {
	s := &sketch{}
	for i := range 1 + r.IntN(maxUnits) {
		u := sketchUnit{id: fmt.Sprint("u", i), skills: []string{"patrol"}}
		if r.IntN(4) == 0 {
			u.skills = []string{"k9", "patrol"}
		}
		s.units = append(s.units, u)
	}
	free := slices.Clone(s.units)
	classes := []string{"critical", "serious", "non-critical", "other-911", "311"}
	for i := range 1 + r.IntN(maxCalls) {
		c := sketchCall{
			id: fmt.Sprint("c", i), class: classes[r.IntN(5)], age: time.Duration(r.IntN(50)) * time.Minute,
			needs: []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}}, times: map[string]int{},
		}
		if r.IntN(5) == 0 {
			c.needs[0].Count = 2
		}
		if r.IntN(6) == 0 {
			c.needs = append(c.needs, assign.Need{Capabilities: []string{"k9"}, Count: 1})
		}
		for _, u := range s.units {
			if r.IntN(8) > 0 {
				c.times[u.id] = 30 * (1 + r.IntN(24))
			}
		}
		if len(free) > 0 && r.IntN(2) == 0 {
			if _, ok := c.times[free[0].id]; ok {
				c.units = []string{free[0].id}
				if r.IntN(3) == 0 {
					c.there = c.units
				}
				free = free[1:]
			}
		}
		s.calls = append(s.calls, c)
	}
	return s
}

// strict is 911-first with everything on that a policy may have.
func strict(t testing.TB) *assign.Policy {
	p, _, err := Named("911-first")
	if err != nil {
		t.Fatal(err)
	}
	q := *p
	q.Classes = slices.Clone(p.Classes)
	q.Solver = &assign.Solver{Together: true, LeaveWay: 30 * time.Second}
	for i := range q.Classes {
		k := &q.Classes[i]
		k.MayDivert, k.Divertible, k.MayPreempt = true, true, i < 2
		if k.Preemptible = i > 2; k.Preemptible {
			k.LeaveScene = time.Minute
		}
	}
	return &q
}

// solve decides about everything in a town.
func solve(t *town) *round {
	r := newRound(t.situation())
	r.decide(slices.SortedFunc(r.waiting(), r.before()), slices.SortedFunc(r.improvable(), r.before()))
	return r
}

// TestTogetherIsTheBest compares the solver's answer with the best of all ways to
// give units to slots, tried one by one with costs of their own, and checks its
// certificate.
func TestTogetherIsTheBest(t *testing.T) {
	p, moved := strict(t), 0
	for seed := range uint64(1500) {
		s := draw(rand.New(rand.NewPCG(seed, 1)), 5, 4)
		town := s.town(p)
		r := solve(town)
		if err := r.match.Verify(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		got, want := costOfPlan(p, town, r.plan), bestPlan(p, town)
		if slices.Compare(got, want) != 0 {
			t.Fatalf("seed %d: the plan %v costs %v, the best %v\n%+v", seed, r.plan, got, want, s)
		}
		for key, unit := range r.plan {
			if h := holder(town.state.Call(key.call), key.slot); h != "" && h != unit {
				moved++
			}
		}
	}
	if moved < 100 {
		t.Errorf("units left their calls %d times only", moved)
	}
}

// want is a slot that could get a unit, for the search through all ways.
type want struct {
	call *assign.Call
	slot int
	held string
}

func wants(town *town) (out []want) {
	for _, id := range town.state.CallIDs() {
		c := town.state.Call(id)
		for slot := range c.Slots() {
			out = append(out, want{c, slot, holder(c, slot)})
		}
	}
	return out
}

// bestPlan tries every way.
func bestPlan(p *assign.Policy, town *town) []int64 {
	list := wants(town)
	plan := map[slotKey]string{}
	var best []int64
	used := map[string]bool{}
	var try func(i int)
	try = func(i int) {
		if i == len(list) {
			if cost := costOfPlan(p, town, plan); best == nil || slices.Compare(cost, best) < 0 {
				best = cost
			}
			return
		}
		w := list[i]
		key := slotKey{w.call.ID, w.slot}
		for _, unit := range append([]string{""}, town.state.UnitIDs()...) {
			if unit != "" && (used[unit] || !permitted(p, town, w, unit)) {
				continue
			}
			plan[key], used[unit] = unit, true
			try(i + 1)
			delete(used, unit)
		}
		delete(plan, key)
	}
	try(0)
	return best
}

// permitted says anew which unit may fill a slot.
func permitted(p *assign.Policy, town *town, w want, unit string) bool {
	if unit == w.held {
		return true
	}
	u, k := town.state.Unit(unit), p.Class(w.call.Class)
	for _, skill := range w.call.Slot(w.slot).Capabilities {
		if !slices.Contains(u.Capabilities, skill) {
			return false
		}
	}
	took, ok := town.times[w.call.Location][unit]
	limit := limitOf(k, noon.Sub(w.call.ReceivedAt))
	if !ok || limit > 0 && took > limit {
		return false
	}
	if u.Call == "" {
		return true
	}
	from := town.state.Call(u.Call)
	mine, theirs := p.Rank(w.call.Class), p.Rank(from.Class)
	if from == w.call {
		return false
	}
	if u.Status == assign.OnScene {
		return k.MayPreempt && p.Class(from.Class).Preemptible && mine < theirs
	}
	return k.MayDivert && p.Class(from.Class).Divertible && mine <= theirs
}

func limitOf(k *assign.Class, age time.Duration) time.Duration {
	if age <= k.Answer {
		return k.PullLimit
	}
	return time.Duration(k.PullLimit.Milliseconds()*age.Milliseconds()/k.Answer.Milliseconds()) * time.Millisecond
}

// costOfPlan says anew what a plan costs: the lateness of each rank, total travel,
// changes. A slot that is not in it keeps what it has.
func costOfPlan(p *assign.Policy, town *town, plan map[slotKey]string) []int64 {
	cost := make([]int64, len(p.Classes)+2)
	for _, w := range wants(town) {
		unit, planned := plan[slotKey{w.call.ID, w.slot}]
		if !planned {
			unit = w.held
		}
		k := p.Class(w.call.Class)
		age := noon.Sub(w.call.ReceivedAt)
		far := limitOf(k, age)
		if far == 0 || far > 4*time.Hour {
			far = 4 * time.Hour
		}
		took := min(town.times[w.call.Location][unit], far)
		var response time.Duration
		switch {
		case unit == "":
			response, took = age+far+2*(2*30*time.Second+time.Minute)+3*time.Second, 0
			if w.held != "" {
				cost[len(cost)-1]++
			}
		case unit == w.held && town.state.Unit(unit).Status == assign.OnScene:
			response, took = w.call.On(unit).Arrived.Sub(w.call.ReceivedAt), 0
		case unit == w.held:
			response = age + took
		default:
			response = age + took
			switch u := town.state.Unit(unit); {
			case u.Status == assign.OnScene:
				response += time.Minute
			case u.Call != "":
				response += 30 * time.Second
			}
			if w.held != "" && town.state.Unit(w.held).Status != assign.OnScene {
				response += 30 * time.Second
			}
			cost[len(cost)-1]++
		}
		r, target := response.Milliseconds(), k.Answer.Milliseconds()
		if x := r - target*7/10; x > 0 {
			r += 4 * x * x / target
		}
		if !first(w) {
			r /= 8
		}
		cost[p.Rank(k.Name)-1] += r
		cost[len(cost)-2] += took.Milliseconds()
	}
	return cost
}

// first reports whether nobody else goes to the call before the unit of a slot.
func first(w want) bool {
	for i := range w.call.Assignments {
		if a := &w.call.Assignments[i]; a.Active() && a.Arrived != 0 && a.Slot != w.slot {
			return false
		}
	}
	return w.slot == 0
}

// TestNoUnitPassesAHigherCall: after a round no call waits that a free unit could
// have served, or one that goes to a lower call; by the rules said anew above.
func TestNoUnitPassesAHigherCall(t *testing.T) {
	p := strict(t)
	p.AreaOrder = assign.AreaOrder{0, 0, 2 * time.Minute}
	for seed := range uint64(3000) {
		s := draw(rand.New(rand.NewPCG(seed, 2)), 12, 14)
		town := s.town(p)
		town.off = map[string]bool{"u1": true, "u4": true, "u7": seed%2 == 0}
		plan := solve(town).plan
		gone := map[string]bool{}
		for _, unit := range plan {
			gone[unit] = true
		}
		for _, i := range wants(town) {
			if unit, planned := plan[slotKey{i.call.ID, i.slot}]; unit != "" || !planned {
				continue
			}
			for _, unit := range town.state.UnitIDs() {
				if town.state.Unit(unit).Call == "" && !gone[unit] && permitted(p, town, i, unit) {
					t.Fatalf("seed %d: unit %s stays where it is while %s waits\n%+v", seed, unit, i.call.ID, s)
				}
			}
			for key, unit := range plan {
				j := town.state.Call(key.call)
				if unit != "" && unit != holder(j, key.slot) && p.Rank(i.call.Class) < p.Rank(j.Class) && permitted(p, town, i, unit) {
					t.Fatalf("seed %d: unit %s goes to %s (%s) while %s (%s) waits\n%+v", seed, unit, j.ID, j.Class, i.call.ID, i.call.Class, s)
				}
			}
		}
	}
}

// TestReservesAreForHigherCalls: whoever gets an available unit leaves as many as
// are to be kept back from its class, and what is kept back from a call goes to
// none below it.
func TestReservesAreForHigherCalls(t *testing.T) {
	p := strict(t)
	for i := range p.Classes {
		p.Classes[i].Reserve = i
	}
	kept := 0
	for seed := range uint64(4000) {
		s := draw(rand.New(rand.NewPCG(seed, 8)), 9, 12)
		town := s.town(p)
		plan := solve(town).plan
		idle := 0
		for _, unit := range town.state.UnitIDs() {
			if town.state.Unit(unit).Status == assign.Available {
				idle++
			}
		}
		var takers []*assign.Class
		for key, unit := range plan {
			if u := town.state.Unit(unit); u != nil && u.Status == assign.Available {
				takers = append(takers, p.Class(town.state.Call(key.call).Class))
			}
		}
		for _, k := range takers {
			if left := idle - len(takers); left < k.Reserve && !slices.ContainsFunc(takers, func(o *assign.Class) bool { return o.Reserve < k.Reserve }) {
				t.Fatalf("seed %d: class %s leaves %d units\n%+v", seed, k.Name, left, s)
			}
		}
		for _, i := range wants(town) {
			if unit, planned := plan[slotKey{i.call.ID, i.slot}]; unit != "" || !planned {
				continue
			}
			for key, unit := range plan {
				u, j := town.state.Unit(unit), town.state.Call(key.call)
				if u == nil || u.Status != assign.Available || !permitted(p, town, i, unit) {
					continue
				}
				if kept++; p.Rank(i.call.Class) < p.Rank(j.Class) {
					t.Fatalf("seed %d: unit %s goes to %s (%s) and is kept back from %s (%s)\n%+v", seed, unit, j.ID, j.Class, i.call.ID, i.call.Class, s)
				}
			}
		}
	}
	if kept == 0 {
		t.Error("no unit was ever kept back from a call and given to another")
	}
}

// TestLowerCallsCostHigherOnesNothing: class protection. Calls of lower rank,
// however many, change nothing for those of higher rank.
func TestLowerCallsCostHigherOnesNothing(t *testing.T) {
	p := strict(t)
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := draw(r, 10, 12)
		above := 1 + r.IntN(4)
		fewer := &sketch{units: s.units}
		for _, c := range s.calls {
			if p.Rank(c.class) <= above {
				fewer.calls = append(fewer.calls, c)
			} else if len(c.units) > 0 {
				c.units, c.there = nil, nil // the unit is free without the call, and with it
			}
		}
		more := &sketch{units: s.units, calls: slices.Clone(fewer.calls)}
		for _, c := range s.calls {
			if p.Rank(c.class) > above {
				c.units, c.there = nil, nil
				more.calls = append(more.calls, c)
			}
		}
		if len(fewer.calls) == 0 {
			continue
		}
		a, b := fewer.town(p), more.town(p)
		costA, costB := costOfPlan(p, a, solve(a).plan), costOfPlan(p, b, solve(b).plan)
		if !slices.Equal(costA[:above], costB[:above]) {
			t.Fatalf("seed %d: the first %d ranks cost %v alone and %v with others", seed, above, costA, costB)
		}
	}
}

// TestOneMoreUnitOrCall: one more unit costs nothing; one more call costs no less,
// and at most what it costs that nobody goes there.
func TestOneMoreUnitOrCall(t *testing.T) {
	p := strict(t)
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 4))
		s := draw(r, 8, 8)
		town := s.town(p)
		cost := costOfPlan(p, town, solve(town).plan)
		more := &sketch{units: append(slices.Clone(s.units), sketchUnit{"zz", []string{"k9", "patrol"}}), calls: s.calls}
		for i := range more.calls {
			more.calls[i].times["zz"] = 30 * (1 + r.IntN(24))
		}
		richer := more.town(p)
		if got := costOfPlan(p, richer, solve(richer).plan); slices.Compare(got[:5], cost[:5]) > 0 {
			t.Fatalf("seed %d: one more unit makes it %v, it was %v", seed, got, cost)
		}
		if len(s.calls) < 2 || len(s.calls[len(s.calls)-1].units) > 0 {
			continue
		}
		fewer := &sketch{units: s.units, calls: s.calls[:len(s.calls)-1]}
		calmer := fewer.town(p)
		without := costOfPlan(p, calmer, solve(calmer).plan)
		last := town.state.Call(s.calls[len(s.calls)-1].id)
		alone := map[slotKey]string{}
		for slot := range last.Slots() {
			alone[slotKey{last.ID, slot}] = ""
		}
		for key, unit := range solve(calmer).plan {
			alone[key] = unit
		}
		unserved := costOfPlan(p, town, alone)
		if slices.Compare(cost[:5], without[:5]) < 0 || slices.Compare(cost[:5], unserved[:5]) > 0 {
			t.Fatalf("seed %d: %v with one more call, %v without, %v if nobody goes there", seed, cost, without, unserved)
		}
	}
}

// TestTheOrderOfUnitsIsNothing: the same town told in another order, and
// told again, gives the same decisions.
func TestTheOrderOfUnitsIsNothing(t *testing.T) {
	p := strict(t)
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 5))
		s := draw(r, 8, 8)
		want := fmt.Sprint(solve(s.town(p)).plan)
		if got := fmt.Sprint(solve(s.town(p)).plan); got != want {
			t.Fatalf("seed %d: %s, and again %s", seed, want, got)
		}
		r.Shuffle(len(s.units), func(i, j int) { s.units[i], s.units[j] = s.units[j], s.units[i] })
		if got := fmt.Sprint(solve(s.town(p)).plan); got != want {
			t.Fatalf("seed %d: %s, and with units told in another order %s", seed, want, got)
		}
	}
}

// TestLookingAtWhatIsNewIsEnough: where a round has looked at everything, and one
// more call comes or one unit is freed, a round that looks at what is new ends at
// what a round that looks at everything does, as far as it costs.
func TestLookingAtWhatIsNewIsEnough(t *testing.T) {
	p := strict(t)
	for seed := range uint64(1500) {
		r := rand.New(rand.NewPCG(seed, 6))
		s := draw(r, 8, 6)
		town := s.town(p)
		for range 4 { // a unit that is recalled is free for others in the next round
			for _, d := range (Advisor{}).Advise(town.situation()) {
				town.do(&assign.Dispatch{Decision: d})
			}
		}
		fresh := &assign.Fresh{Calls: map[string]bool{}, Units: map[string]bool{}}
		if r.IntN(2) == 0 {
			at := geo.Point{Lat: 99}
			town.times[at] = map[string]time.Duration{}
			for _, u := range s.units {
				town.times[at][u.id] = time.Duration(30*(1+r.IntN(24))) * time.Second
			}
			class := []string{"critical", "serious", "non-critical", "other-911", "311"}[r.IntN(5)]
			town.do(&assign.ReportCall{ID: "new", Class: class, Location: &at, ReceivedAt: noon.Add(-time.Duration(r.IntN(40)) * time.Minute)})
			fresh.Calls["new"] = true
		} else {
			unit := s.units[r.IntN(len(s.units))].id
			call := town.state.Unit(unit).Call
			if call == "" {
				continue
			}
			if town.state.Unit(unit).Status != assign.OnScene {
				town.do(&assign.SetStatus{Unit: unit, Status: assign.OnScene})
			}
			town.do(&assign.SetStatus{Unit: unit, Status: assign.Available})
			fresh.Units[unit], fresh.Calls[call] = true, true
		}
		all := solve(town)
		situation := town.situation()
		situation.Fresh = fresh
		some := newRound(situation)
		some.decide(slices.SortedFunc(some.waiting(), some.before()), slices.SortedFunc(some.improvable(), some.before()))
		whole, part := costOfPlan(p, town, all.plan), costOfPlan(p, town, some.plan)
		if slices.Compare(part[:5], whole[:5]) != 0 {
			t.Errorf("seed %d: fresh %v: looking at all gives %v, %v, at what is new %v, %v", seed, fresh, whole, all.plan, part, some.plan)
		}
	}
}
