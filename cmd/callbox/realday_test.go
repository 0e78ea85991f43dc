package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/city"
	"callbox/data/dimacs/dimacstest"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

// TestARealDay sends every event of the 75th Precinct of 2025-12-17 through the
// HTTP API, in order, on the road graph of New York, with 20 units that work as
// long on scene as the file says; and once more with 6 units, so that calls
// wait. Then it reads the log back and checks what must hold of any day. Run it
// with -v to see the waits beside the file's own.
func TestARealDay(t *testing.T) {
	newYork := newYork(t)
	for _, units := range []int{20, 6} {
		t.Run(fmt.Sprint(units, " units"), func(t *testing.T) {
			d := newDay(t, newYork)
			d.signOn(units)
			d.play()
			log := d.log()
			d.checkHistories(log)
			d.checkUnits(log)
			if waits := d.checkOrder(log); units == 6 && waits < 100 {
				t.Errorf("calls waited %d times; that tests nothing", waits)
			}
			d.checkClocks(log)
			d.print(log)
		})
	}
}

// dayCall is one event of the file.
type dayCall struct {
	id, code, class string
	at              assign.Instant
	place           geo.Point
	onScene         time.Duration
	ownWait         time.Duration // entry to arrival in the file; below 0 if none is recorded
}

type day struct {
	t      *testing.T
	calls  []dayCall // in order of entry
	byID   map[string]*dayCall
	roads  *roads
	clock  *engine.Manual
	stack  *stack
	api    *client.Client
	todo   []errand // sorted by instant, then number
	count  int
	closed int
}

// errand is something that a unit does later in the day.
type errand struct {
	at assign.Instant
	n  int
	do func()
}

func newYork(t *testing.T) *city.City {
	built, _, err := city.Build(city.Sources{
		Name: "New York", Order: route.Order,
		Areas: []string{roadtest.DataFile(t, "nypd_precincts_78_simplified.geojson"), roadtest.DataFile(t, "nypd_sectors_303_simplified.geojson")},
		Roads: dimacstest.NewYorkFiles(t),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return built
}

func newDay(t *testing.T, built *city.City) *day {
	d := &day{t: t, byID: make(map[string]*dayCall)}
	d.read()
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	if d.roads, err = prepare(built, byHierarchy); err != nil {
		t.Fatal(err)
	}
	d.clock = engine.NewManual(d.calls[0].at.Add(-time.Minute))
	d.stack, err = startStack(context.Background(), stackConfig{
		city: built, roads: d.roads, listen: "127.0.0.1:0", clock: d.clock, policy: policy, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.stack.stop(); err != nil {
			t.Error(err)
		}
	})
	if d.api, err = client.New(d.stack.url(), client.Options{}); err != nil {
		t.Fatal(err)
	}
	return d
}

// table reads a CSV file into rows by column name.
func table(t *testing.T, file string) (rows []map[string]string) {
	f, err := os.Open(roadtest.DataFile(t, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	for err == nil {
		var record []string
		if record, err = r.Read(); err == nil {
			row := make(map[string]string)
			for i, name := range header {
				row[name] = record[i]
			}
			rows = append(rows, row)
		}
	}
	if err != io.EOF {
		t.Fatalf("%s: %v", file, err)
	}
	return rows
}

// read reads the day. An event that stands in several rows, one for each job
// made of it, is taken by its first. Where no arrival is recorded, the time on
// scene is the median of the others.
func (d *day) read() {
	codes := make(map[string]string)
	for _, row := range table(d.t, "nypd_radio_codes_2024.csv") {
		codes[row["typ_desc"]] = "10-" + row["radio_code"]
	}
	classes := map[string]string{"Critical": "critical", "Serious": "serious", "Non Critical": "non-critical", "Non CIP": "other-911"}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		newYork = time.FixedZone("EST", -5*3600) // it is December
	}
	minutes := func(s string) time.Duration {
		if s == "" {
			return -1
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			d.t.Fatal(err)
		}
		return time.Duration(v * float64(time.Minute)).Round(time.Millisecond)
	}
	var known []time.Duration
	for _, row := range table(d.t, "nypd_cfs_pct75_2025-12-17.csv") {
		if slices.ContainsFunc(d.calls, func(c dayCall) bool { return c.id == row["cad_evnt_id"] }) {
			continue
		}
		at, err := time.ParseInLocation("2006-01-02T15:04:05", row["entry_ts"], newYork)
		if err != nil {
			d.t.Fatal(err)
		}
		lat, _ := strconv.ParseFloat(row["latitude"], 64)
		lon, _ := strconv.ParseFloat(row["longitude"], 64)
		place, err := geo.FromDegrees(lat, lon)
		if err != nil {
			d.t.Fatal(err)
		}
		c := dayCall{
			id: row["cad_evnt_id"], code: codes[row["typ_desc"]], class: classes[row["cip_jobs"]], at: assign.InstantOf(at), place: place,
			ownWait: minutes(row["min_entry_to_arrival"]), onScene: minutes(row["min_arrival_to_close"]),
		}
		if c.onScene >= 0 {
			known = append(known, c.onScene)
		}
		d.calls = append(d.calls, c)
	}
	if len(d.calls) != 407 {
		d.t.Fatalf("%d events; the file has 407", len(d.calls))
	}
	slices.Sort(known)
	for i := range d.calls {
		if d.calls[i].onScene < 0 {
			d.calls[i].onScene = known[len(known)/2]
		}
	}
	slices.SortStableFunc(d.calls, func(a, b dayCall) int { return cmp.Compare(a.at, b.at) })
	for i := range d.calls {
		d.byID[d.calls[i].id] = &d.calls[i]
	}
}

func unit75(i int) string { return fmt.Sprintf("75-%02d", i) }

// signOn puts units on crossings of the precinct, four to each of its sectors.
func (d *day) signOn(units int) {
	r := rand.New(rand.NewPCG(75, 0))
	g := d.roads.Graph()
	patrol := []string{"patrol"}
	for i := range units {
		sector := fmt.Sprintf("75%c", 'A'+i%5)
		for {
			at := g.Point(road.Node(r.IntN(g.Nodes())))
			if !slices.Contains(d.stack.city.Areas.At(at), sector) {
				continue
			}
			if _, err := d.api.SignOn(unit75(i), wire.UnitRequest{Capabilities: &patrol, Area: &sector, Location: wire.LocationOf(at)}); err != nil {
				d.t.Fatal(err)
			}
			break
		}
	}
}

func (d *day) later(at assign.Instant, do func()) {
	d.count++
	e := errand{at, d.count, do}
	i, _ := slices.BinarySearchFunc(d.todo, e, func(a, b errand) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.n, b.n)) })
	d.todo = slices.Insert(d.todo, i, e)
}

// play lets the day pass: calls come in, units drive as long as the engine said
// they would, work, and are free again. Every ten minutes all units say where
// they are.
func (d *day) play() {
	for i := range d.calls {
		c := &d.calls[i]
		d.later(c.at, func() {
			_, err := d.api.Assign(wire.AssignRequest{Call: &wire.Call{
				ID: c.id, Type: c.code, Class: c.class, Location: wire.LocationOf(c.place), ReceivedAt: wire.InstantOf(c.at),
			}})
			d.must(err)
		})
	}
	d.later(d.calls[0].at, d.sayWhere)
	sent := make(map[string]bool)
	for len(d.todo) > 0 {
		next := d.todo[0]
		d.todo = d.todo[1:]
		d.clock.Set(next.at)
		next.do()
		units, err := d.api.Units("status=dispatched")
		d.must(err)
		for _, u := range units.Units {
			a := d.on(u.ID, *u.Call)
			if key := u.ID + " " + *u.Call + " " + string(a.DispatchedAt); !sent[key] {
				sent[key] = true
				d.drive(u.ID, *u.Call, a, next.at)
			}
		}
	}
}

func (d *day) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("at %v: %v", d.clock.Now(), err)
	}
}

// on is the assignment of a unit that is on a call; nil if it is not.
func (d *day) on(unit, call string) *wire.Assignment {
	c, err := d.api.Call(call)
	d.must(err)
	i := slices.IndexFunc(c.Assignments, func(a wire.Assignment) bool { return a.Unit == unit && a.EndedAt == "" })
	if i < 0 {
		return nil
	}
	return &c.Assignments[i]
}

// drive plans what a unit does that has just been sent to a call. If it is taken
// off the call it does none of it.
func (d *day) drive(unit, call string, a *wire.Assignment, now assign.Instant) {
	still := func() bool {
		b := d.on(unit, call)
		return b != nil && b.DispatchedAt == a.DispatchedAt
	}
	eta := math.Round(float64(*a.ETASeconds) * 1000)
	arrives := now.Add(time.Duration(eta) * time.Millisecond)
	d.later(arrives, func() {
		if !still() {
			return
		}
		lat, lon := d.byID[call].place.Degrees()
		_, err := d.api.Positions([]wire.Position{{Unit: unit, Lat: &lat, Lon: &lon}})
		d.must(err)
		_, err = d.api.SetStatus(unit, wire.StatusRequest{Status: "on_scene", Call: call})
		d.must(err)
		d.later(d.clock.Now().Add(d.byID[call].onScene), func() {
			if !still() {
				return
			}
			// The last unit to leave closes the call.
			c, err := d.api.Call(call)
			d.must(err)
			active := 0
			for _, a := range c.Assignments {
				if a.EndedAt == "" {
					active++
				}
			}
			if active > 1 || c.Status != "assigned" {
				_, err = d.api.SetStatus(unit, wire.StatusRequest{Status: "available"})
			} else {
				d.closed++
				_, err = d.api.Close(call, wire.CloseRequest{Disposition: "10-91"})
			}
			d.must(err)
		})
	})
}

// sayWhere repeats the units' positions, so that none goes stale.
func (d *day) sayWhere() {
	units, err := d.api.Units("limit=100")
	d.must(err)
	var list []wire.Position
	for _, u := range units.Units {
		list = append(list, wire.Position{Unit: u.ID, Lat: u.Location.Lat, Lon: u.Location.Lon})
	}
	_, err = d.api.Positions(list)
	d.must(err)
	if d.closed < len(d.calls) {
		d.later(d.clock.Now().Add(10*time.Minute), d.sayWhere)
	}
}

// log is the whole log.
func (d *day) log() (log []assign.Recorded) {
	for r, err := range d.stack.engine.Log(context.Background(), 0) {
		if err != nil {
			d.t.Fatal(err)
		}
		log = append(log, r)
	}
	return log
}

// checkHistories: each call was received once, sent units, closed once, in that
// order, at the instant at which the file has it.
func (d *day) checkHistories(log []assign.Recorded) {
	stage := make(map[string]string)
	step := func(call, from, to string) {
		if stage[call] != from {
			d.t.Errorf("call %s: %q follows %q", call, to, stage[call])
		}
		stage[call] = to
	}
	for _, r := range log {
		switch f := r.Fact.(type) {
		case *assign.CallReceived:
			step(f.Call.ID, "", "received")
			if c := d.byID[f.Call.ID]; f.Call.ReceivedAt != c.at || f.Call.Class != c.class {
				d.t.Errorf("call %s was received %v as %s; the file says %v, %s", c.id, f.Call.ReceivedAt, f.Call.Class, c.at, c.class)
			}
		case *assign.UnitDispatched:
			if stage[f.Call] == "received" {
				stage[f.Call] = "dispatched"
			}
		case *assign.UnitArrived:
			if stage[f.Call] == "dispatched" {
				stage[f.Call] = "arrived"
			}
		case *assign.CallClosed:
			step(f.Call, "arrived", "closed")
		}
	}
	for id := range d.byID {
		if stage[id] != "closed" {
			d.t.Errorf("call %s ends the day %q", id, stage[id])
		}
	}
}

// checkUnits: a unit is on one call at a time.
func (d *day) checkUnits(log []assign.Recorded) {
	on := make(map[string]string)
	for _, r := range log {
		switch f := r.Fact.(type) {
		case *assign.UnitDispatched:
			if u := f.Assignment.Unit; on[u] != "" {
				d.t.Errorf("unit %s goes to %s while it is on %s", u, f.Call, on[u])
			} else {
				on[u] = f.Call
			}
		case *assign.UnitCleared, *assign.UnitDiverted, *assign.UnitPreempted, *assign.UnitRecalled:
			unit, call := left(f)
			if on[unit] != call {
				d.t.Errorf("unit %s leaves %s while it is on %q", unit, call, on[unit])
			}
			delete(on, unit)
		}
	}
}

// left is the unit that leaves a call by a fact.
func left(f assign.Fact) (unit, call string) {
	switch f := f.(type) {
	case *assign.UnitCleared:
		return f.Unit, f.Call
	case *assign.UnitDiverted:
		return f.Unit, f.From
	case *assign.UnitPreempted:
		return f.Unit, f.From
	case *assign.UnitRecalled:
		return f.Unit, f.Call
	}
	return "", ""
}

// checkOrder: no unit went to a call while one of a higher class waited that it
// could have reached within that class's limit. It counts how often a call had
// to wait.
func (d *day) checkOrder(log []assign.Recorded) (waits int) {
	var policy *assign.Policy
	calls, waiting := make(map[string]*assign.Call), make(map[string]*assign.Call)
	need := make(map[string]int)
	query := d.roads.Query()
	sent, taken := 0, 0
	for _, r := range log {
		switch f := r.Fact.(type) {
		case *assign.PolicyAdopted:
			policy = &f.Policy
		case *assign.CallReceived:
			calls[f.Call.ID], waiting[f.Call.ID], need[f.Call.ID] = &f.Call, &f.Call, f.Call.Slots()
		case *assign.UnitDiverted, *assign.UnitPreempted, *assign.UnitRecalled:
			taken++
			_, call := left(f)
			need[call]++
			waiting[call] = calls[call]
		case *assign.CallQueued:
			waits++
		case *assign.UnitDispatched:
			sent++
			rank := policy.Rank(d.byID[f.Call].class)
			for id, c := range waiting {
				class := policy.Class(c.Class)
				if id == f.Call || policy.Rank(c.Class) >= rank {
					continue
				}
				leg, ok := query.Time(f.Fix.At, c.Location, class.Profile)
				limit := class.PullLimit
				if age := r.At.Sub(c.ReceivedAt); age > class.Answer {
					limit = time.Duration(float64(limit) * float64(age) / float64(class.Answer))
				}
				if ok && (class.PullLimit == 0 || leg.Time <= limit) {
					d.t.Errorf("at %v unit %s goes to %s of %s, and %s of %s waits %v away",
						r.At, f.Assignment.Unit, f.Call, d.byID[f.Call].class, id, c.Class, leg.Time)
				}
			}
			if need[f.Call]--; need[f.Call] == 0 {
				delete(waiting, f.Call)
			}
		}
	}
	d.t.Logf("%d units were sent, %d of them off other calls; %d times a call had to wait", sent, taken, waits)
	return waits
}

// checkClocks: the answer clock stopped when the first unit arrived, which was
// when the engine had said; every share that was used up before is an event of
// its very instant.
func (d *day) checkClocks(log []assign.Recorded) {
	type event struct {
		call  string
		clock assign.ClockName
		share int
	}
	events, first := make(map[event]assign.Instant), make(map[string]assign.Instant)
	closed, targets := make(map[string]assign.Instant), make(map[string]assign.Call)
	promised := make(map[string]assign.Instant)
	for _, r := range log {
		switch f := r.Fact.(type) {
		case *assign.CallReceived:
			targets[f.Call.ID] = f.Call
		case *assign.UnitDispatched:
			promised[f.Assignment.Unit+f.Call] = r.At.Add(f.Assignment.Leg.Time)
		case *assign.UnitArrived:
			if f.At != promised[f.Unit+f.Call] {
				d.t.Errorf("unit %s arrived at %v, and was to arrive at %v", f.Unit, f.At, promised[f.Unit+f.Call])
			}
			if first[f.Call] == 0 {
				first[f.Call] = f.At
			}
		case *assign.CallClosed:
			closed[f.Call] = f.End.At
		case *assign.ClockWarned:
			events[event{f.Call, f.Clock, f.Share}] = f.At
		case *assign.ClockBreached:
			events[event{f.Call, f.Clock, 100}] = f.At
		}
	}
	for id, c := range targets {
		for _, share := range []int{50, 80, 100} {
			for _, k := range []struct {
				name   assign.ClockName
				target time.Duration
				end    assign.Instant
			}{{assign.AnswerClock, c.Answer.Target, first[id]}, {assign.CloseClock, c.Close.Target, closed[id]}} {
				due, got := c.ReceivedAt.Add(k.target*time.Duration(share)/100), events[event{id, k.name, share}]
				if due < k.end && got != due || due >= k.end && got != 0 {
					d.t.Errorf("call %s: %d %% of its %s clock are used up at %v; it ended at %v and the event says %v", id, share, k.name, due, k.end, got)
				}
			}
		}
		shown, err := d.api.Call(id)
		d.must(err)
		if got := shown.Clocks.Answer.StoppedAt; got != wire.InstantOf(first[id]) {
			d.t.Errorf("call %s: the API says that its answer clock stopped at %v, the log %v", id, got, first[id])
		}
	}
}

// print shows the waits by class beside the file's own.
func (d *day) print(log []assign.Recorded) {
	ours, own := make(map[string][]time.Duration), make(map[string][]time.Duration)
	seen := make(map[string]bool)
	for _, r := range log {
		if f, ok := r.Fact.(*assign.UnitArrived); ok && !seen[f.Call] {
			seen[f.Call] = true
			c := d.byID[f.Call]
			ours[c.class] = append(ours[c.class], f.At.Sub(c.at))
		}
	}
	agree := 0
	policy, err := loadPolicy("911-first")
	d.must(err)
	for _, c := range d.calls {
		if c.ownWait >= 0 {
			own[c.class] = append(own[c.class], c.ownWait)
		}
		if policy.Policy.Card(c.code, assign.Source911).Class == c.class {
			agree++
		}
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "class\tcalls\tmedian\t90th\tlongest\tfile: with arrival\tmedian\t90th\tlongest\t")
	for _, class := range []string{"critical", "serious", "non-critical", "other-911"} {
		a, f := slices.Sorted(slices.Values(ours[class])), slices.Sorted(slices.Values(own[class]))
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t\n", class, len(a), quantile(a, 0.5), quantile(a, 0.9), quantile(a, 1),
			len(f), quantile(f, 0.5), quantile(f, 0.9), quantile(f, 1))
	}
	w.Flush()
	d.t.Logf("waits from entry to first arrival, on the roads of New York, and the file's own:\n%s", &b)
	d.t.Logf("the run cards put %d of %d calls into the class that the file has", agree, len(d.calls))
}
