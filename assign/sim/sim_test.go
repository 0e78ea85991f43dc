package sim_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/sim"
	"callbox/geo"
)

var start = assign.InstantOf(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))

// crow is a road net of straight lines at 10 m/s.
type crow struct{}

type flight struct {
	from, to geo.Point
	time     time.Duration
}

func (f flight) Time() time.Duration { return f.time }
func (f flight) At(elapsed time.Duration) geo.Point {
	if elapsed >= f.time {
		return f.to
	}
	part := func(a, b int32) int32 { return a + int32(int64(b-a)*int64(elapsed)/int64(f.time)) }
	return geo.Point{Lat: part(f.from.Lat, f.to.Lat), Lon: part(f.from.Lon, f.to.Lon)}
}

func (crow) Drive(from, to geo.Point, _ geo.Profile) (sim.Trip, bool) {
	return flight{from, to, geo.MetersPerSecond(10).Time(geo.Between(from, to))}, true
}

func demand() *sim.Demand {
	var d sim.Demand
	d.Add(3, []geo.Point{{Lat: 1000}, {Lat: 2000}})
	d.Add(1, []geo.Point{{Lat: 900_000}})
	return &d
}

func TestCallsFollowTheMixAndTheDay(t *testing.T) {
	c := sim.NewCaller(7, start, 545, demand(), sim.ReferenceMix())
	const days = 20
	perHour := make([]int, 24)
	sources, places := map[assign.Source]int{}, map[int32]int{}
	n, onScene := 0, time.Duration(0)
	for {
		call := c.Next()
		if call.At >= start.Add(days*24*time.Hour) {
			break
		}
		n++
		perHour[call.At.Time().Hour()]++
		sources[call.Source]++
		places[call.Place.Lat]++
		onScene += call.OnScene
	}
	near := func(name string, got, want, sigma float64) {
		if math.Abs(got-want) > 4*sigma {
			t.Errorf("%s: %.0f, want %.0f within %.0f", name, got, want, 4*sigma)
		}
	}
	const mean = 545 * 24 * days
	near("calls", float64(n), mean, math.Sqrt(mean))
	near("calls from 311", float64(sources["311"]), mean*170/545., math.Sqrt(mean*170/545.))
	near("calls from the far place", float64(places[900_000]), mean/4., math.Sqrt(mean/4.))
	at18 := 545 * days * (1 + 0.25*0.9886) // the sine's mean over the hour from 18:00
	near("calls from 18 to 19", float64(perHour[18]), at18, math.Sqrt(at18))
	want := (45*25 + 35*100 + 25*250 + 20*170) * 60 / 545. * float64(n)
	near("seconds on scene", onScene.Seconds(), want, 0.01*want)
}

// TestTheSameSeedGivesTheSameCalls whatever the dispatcher does.
func TestTheSameSeedGivesTheSameCalls(t *testing.T) {
	calls := func(answer bool) (out []sim.Call) {
		w := world(3)
		for now := start; now < start.Add(6*time.Hour); now = now.Add(10 * time.Second) {
			for _, a := range w.Step(now) {
				if a.Report != nil {
					out = append(out, *a.Report)
					if answer {
						w.ToldToGo(now, fmt.Sprint("u", len(out)%3), a.Report.ID)
					}
				}
			}
		}
		return out
	}
	if idle, busy := calls(false), calls(true); !slices.Equal(idle, busy) || len(idle) < 100 {
		t.Errorf("%d calls when nobody goes, %d when somebody does, and they should be the same", len(idle), len(busy))
	}
}

func world(units int) *sim.World {
	c := sim.Config{
		Start: start, Caller: sim.NewCaller(1, start, 60, demand(), sim.ReferenceMix()),
		Roads: crow{}, Posts: []geo.Point{{}, {Lat: 500_000}},
	}
	for i := range units {
		c.Units = append(c.Units, fmt.Sprint("u", i))
	}
	return sim.New(c)
}

func TestAUnitGoesWorksAndComesBack(t *testing.T) {
	w := world(1)
	var call *sim.Call
	now := start
	for ; call == nil; now = now.Add(time.Second) {
		for _, a := range w.Step(now) {
			if a.Report != nil {
				call = a.Report
			}
		}
	}
	w.ToldToGo(now, "u0", call.ID)
	told := now
	travel := geo.MetersPerSecond(10).Time(geo.Between(geo.Point{}, call.Place))
	var story []string
	moved := 0
	for end := now.Add(time.Minute + travel + call.OnScene + 10*time.Minute); now < end; now = now.Add(time.Second) {
		for _, a := range w.Step(now) {
			switch {
			case a.Status != nil:
				story = append(story, fmt.Sprintf("%s after %v", a.Status.Status, a.Status.At.Sub(told)))
			case a.Close != nil:
				story = append(story, fmt.Sprintf("closes after %v", a.Close.At.Sub(told)))
			case a.Fix != nil:
				moved++
			}
		}
	}
	want := []string{
		"en_route after 1m0s",
		fmt.Sprintf("on_scene after %v", time.Minute+travel),
		fmt.Sprintf("closes after %v", time.Minute+travel+call.OnScene),
	}
	if !slices.Equal(story, want) {
		t.Errorf("the unit's story is %q, want %q", story, want)
	}
	if moved == 0 || w.Place("u0", now) != (geo.Point{}) {
		t.Errorf("%d positions; it stands at %v and should be at its post", moved, w.Place("u0", now))
	}
}

func TestAUnitTakenAwayDropsItsPlans(t *testing.T) {
	w := world(2)
	var calls []*sim.Call
	now := start
	for ; len(calls) < 2; now = now.Add(time.Second) {
		for _, a := range w.Step(now) {
			if a.Report != nil {
				calls = append(calls, a.Report)
			}
		}
	}
	w.ToldToGo(now, "u0", calls[0].ID)
	w.ToldToLeave(now.Add(30*time.Second), "u0", calls[0].ID)
	w.ToldToGo(now.Add(30*time.Second), "u0", calls[1].ID)
	for end := now.Add(3 * time.Hour); now < end; now = now.Add(time.Minute) {
		for _, a := range w.Step(now) {
			if a.Status != nil && a.Status.Call == calls[0].ID || a.Close != nil && a.Close.Call == calls[0].ID {
				t.Fatalf("the unit still works on the call it was taken from: %+v", a)
			}
		}
	}
}
