package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"callbox/geo"
)

func TestFleetDrivesAtPatrolSpeedAndArrivesWhenItIsSent(t *testing.T) {
	now := time.UnixMilli(0)
	places := []geo.Point{{Lat: 407000000, Lon: -740000000}, {Lat: 407100000, Lon: -739900000}, {Lat: 406900000, Lon: -739500000}}
	f := newFleet(places, rand.New(rand.NewPCG(1, 1)))
	last := f.start("u", now)
	for range 2000 {
		now = now.Add(time.Second)
		p := f.at("u", now)
		// A millionth of a degree is a tenth of a metre, and rounds.
		if d := geo.Between(last, p); d > geo.Meters(8.5) {
			t.Fatalf("at %v the unit leapt %v m in a second", now.UTC(), d.Meters())
		}
		last = p
	}
	call := geo.Point{Lat: 407050000, Lon: -739700000}
	f.send("u", call, now, now.Add(time.Minute))
	if p := f.at("u", now); p != last {
		t.Errorf("a unit that is sent leaps from %v to %v", last, p)
	}
	half, there := f.at("u", now.Add(30*time.Second)), f.at("u", now.Add(time.Minute))
	if a, b := geo.Between(last, half), geo.Between(half, call); a-b > geo.Meters(1) || b-a > geo.Meters(1) {
		t.Errorf("half way: %v m behind it and %v m before it", a.Meters(), b.Meters())
	}
	if there != call {
		t.Errorf("the unit is at %v when it is due at %v", there, call)
	}
	f.send("stranger", call, now, now.Add(time.Minute)) // a unit of another load
	if len(f.trips) != 1 {
		t.Error("a unit that is not of this load was kept")
	}
}
