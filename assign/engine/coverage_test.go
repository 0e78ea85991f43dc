package engine

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/cover"
	"callbox/assign/policy"
	"callbox/data/city"
	"callbox/geo"
	"callbox/geo/cell"
)

var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// covering is 911-first with a price of coverage.
func covering(t testing.TB, price, within time.Duration) *assign.AdoptPolicy {
	p, _, err := policy.Named("911-first")
	if err != nil {
		t.Fatal(err)
	}
	p.Solver = &assign.Solver{Together: true, LeaveWay: 30 * time.Second, Coverage: price, CoverWithin: within}
	p.MutualAid = &assign.MutualAid{Areas: []string{"nassau"}, Cost: 5 * time.Minute}
	return &assign.AdoptPolicy{Policy: p}
}

// newCovered is a writer of a city without roads, with some demand.
func newCovered(t testing.TB, demand []assign.Demand, adopt *assign.AdoptPolicy) *writer {
	w := newWriter(nil, policy.Advisor{}, func(err error) { t.Error(err) }, func(w *writer) error { w.weight = 0; return nil })
	w.now = noon
	var err error
	if w.cover.city, err = cover.NewCity(demand); err != nil {
		t.Fatal(err)
	}
	if err := w.do(adopt); err != nil {
		t.Fatal(err)
	}
	if err := w.ready(); err != nil {
		t.Fatal(err)
	}
	return w
}

func draw(r *rand.Rand, meters int) geo.Point {
	return geo.Point{Lat: 401_000_000 + int32(r.IntN(meters*90)), Lon: -698_000_000 + int32(r.IntN(meters*117))}
}

// TestCoverageAfterAnything lets anything happen to units and calls, and counts the
// loss of each unit anew. What was asked before makes no difference.
func TestCoverageAfterAnything(t *testing.T) {
	lost := 0
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 1))
		var demand []assign.Demand
		for i := range 60 {
			demand = append(demand, assign.Demand{Cell: fmt.Sprint("c", i), At: draw(r, 9000), Weight: 1 + r.IntN(9)})
		}
		w := newCovered(t, demand, covering(t, 30*time.Second, 5*time.Minute))
		for step := range 300 {
			w.now = w.now.Add(time.Second)
			unit, call, at := fmt.Sprint("u", r.IntN(15)), fmt.Sprint("k", r.IntN(12)), draw(r, 9000)
			var c assign.Command
			switch r.IntN(8) {
			case 0, 1:
				s := &assign.SignOn{Unit: unit, Capabilities: []string{"patrol"}, Areas: [][]string{nil, {"75A", "75"}, {"nassau"}}[r.IntN(3)]}
				if r.IntN(4) > 0 {
					s.Fix = &assign.Fix{At: at, Since: w.now}
				}
				c = s
			case 2:
				c = &assign.ReportCall{ID: call, Class: []string{"critical", "311"}[r.IntN(2)], Location: &at}
			case 3:
				c = &assign.SetStatus{Unit: unit, Status: []assign.UnitStatus{assign.Available, assign.OnScene, assign.OffDuty, assign.OutOfService}[r.IntN(4)]}
			case 4:
				c = &assign.CloseCall{Call: call, Disposition: "x"}
			case 5:
				if r.IntN(5) > 0 {
					continue
				}
				c = covering(t, time.Duration(r.IntN(2))*time.Minute, time.Duration(2+r.IntN(6))*time.Minute)
			case 6:
				c = &assign.Override{Call: call, Unit: unit, Order: assign.Order{By: "a", Reason: "b"}}
			case 7:
				w.move([]Position{{unit, assign.Fix{At: at}}})
			}
			if c != nil {
				if err := w.do(c); err != nil && !errors.As(err, new(*assign.Refusal)) {
					t.Fatal(err)
				}
			}
			if r.IntN(3) > 0 {
				continue
			}
			uncovers := w.uncovers()
			for _, id := range w.state.UnitIDs() {
				want := lostAnew(w, demand, id)
				if got := uncovers(id); got > want+1 || got < want-1 {
					t.Fatalf("seed %d, step %d: %s uncovers %d, should be %d", seed, step, id, got, want)
				}
				if want > 0 {
					lost++
				}
			}
		}
	}
	if lost < 3000 {
		t.Errorf("units uncovered something %d times only", lost)
	}
}

// lostAnew is the sum over the cells of d(1-q)q^(k-1), in thousandths of a percent
// of all demand.
func lostAnew(w *writer, demand []assign.Demand, unit string) int {
	p := w.state.Policy()
	covers := func(id string, d assign.Demand) bool {
		u, fix := w.state.Unit(id), w.fixes[id]
		return u.Status == assign.Available && u.Area() != "nassau" && fix.Since > 0 && p.Straight.Time(geo.Between(fix.At, d.At)) <= p.Solver.CoverWithin
	}
	busy, duty := 0, 0
	for _, id := range w.state.UnitIDs() {
		u := w.state.Unit(id)
		if u.Area() == "nassau" {
			continue
		}
		if u.Status.OnCall() {
			busy++
		}
		if u.Status.OnCall() || u.Status == assign.Available && w.fixes[id].Since > 0 {
			duty++
		}
	}
	q := float64(busy*1000/max(1, duty)) / 1000
	sum, total := 0.0, 0
	for _, d := range demand {
		total += d.Weight
		if !covers(unit, d) {
			continue
		}
		chance := float64(d.Weight) * (1 - q)
		for _, id := range w.state.UnitIDs() {
			if id != unit && covers(id, d) {
				chance *= q
			}
		}
		sum += chance
	}
	return int(sum / float64(total) * 100_000)
}

// TestTheUnitThatOthersCoverForGoes: of two units equally near, the one whose
// surroundings are covered by others goes, if coverage has a price; else the
// one of the lower ID.
func TestTheUnitThatOthersCoverForGoes(t *testing.T) {
	at := func(east int32) geo.Point { return geo.Point{Lat: 401_000_000, Lon: -698_000_000 + east*117} } // metres
	demand := []assign.Demand{{Cell: "west", At: at(-1500), Weight: 1}, {Cell: "east", At: at(1500), Weight: 1}}
	for price, want := range map[time.Duration]string{0: "a", 30 * time.Second: "b"} {
		w := newCovered(t, demand, covering(t, price, 2*time.Minute))
		for unit, place := range map[string]geo.Point{"a": at(-1000), "b": at(1000), "c": at(1900)} {
			if err := w.do(&assign.SignOn{Unit: unit, Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: place, Since: noon}}); err != nil {
				t.Fatal(err)
			}
		}
		here := at(0)
		if err := w.do(&assign.ReportCall{ID: "x", Class: "serious", Location: &here}); err != nil {
			t.Fatal(err)
		}
		if got := w.state.Call("x").ActiveUnits(); len(got) != 1 || got[0] != want {
			t.Errorf("coverage at %v: %v goes, should be %s", price, got, want)
		}
	}
}

// BenchmarkUncovers measures what coverage takes in the sample city, 400 units of
// which a third are available: the first question of a situation after one unit
// has moved and one has changed its status, those that follow, and the whole map
// made anew.
func BenchmarkUncovers(b *testing.B) {
	sample, err := city.Sample(city.SampleOptions{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	var demand []assign.Demand
	for _, d := range sample.Demand {
		at, err := cell.Center(d.Cell)
		if err != nil {
			b.Fatal(err)
		}
		demand = append(demand, assign.Demand{Cell: d.Cell.String(), At: at, Weight: d.Weight})
	}
	w := newCovered(b, demand, covering(b, 30*time.Second, 0))
	r := rand.New(rand.NewPCG(1, 1))
	place := func() geo.Point { return demand[r.IntN(len(demand))].At }
	for i := range 400 {
		if err := w.do(&assign.SignOn{Unit: fmt.Sprintf("u%03d", i), Capabilities: []string{"patrol"}, Fix: &assign.Fix{At: place(), Since: noon}}); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 267 {
		at := place()
		if err := w.do(&assign.ReportCall{ID: fmt.Sprint("c", i), Class: "critical", Location: &at}); err != nil {
			b.Fatal(err)
		}
	}
	_, units := w.state.Counts()
	var free []string
	for _, id := range w.state.UnitIDs() {
		if w.state.Unit(id).Status == assign.Available {
			free = append(free, id)
		}
	}
	b.Logf("%d cells, %v", len(demand), units)
	since := noon
	b.Run("first", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			since++
			w.place(free[i%len(free)], assign.Fix{At: place(), Since: since}, false)
			w.uncovers()(free[(i+1)%len(free)])
		}
	})
	b.Run("next", func(b *testing.B) {
		uncovers := w.uncovers()
		uncovers(free[0])
		for i := 0; b.Loop(); i++ {
			if i%len(free) == 0 {
				uncovers = w.uncovers()
			}
			uncovers(free[i%len(free)])
		}
	})
	b.Run("anew", func(b *testing.B) {
		for b.Loop() {
			w.cover.forget()
			w.uncovers()(free[0])
		}
	})
	b.Run("moveups", func(b *testing.B) {
		for b.Loop() {
			w.cover.now.MoveUps(5, func(string) bool { return true })
		}
	})
	b.Run("nobody_asks", func(b *testing.B) {
		w.cover.forget()
		for i := 0; b.Loop(); i++ {
			w.cover.touch(free[i%len(free)])
		}
	})
}
