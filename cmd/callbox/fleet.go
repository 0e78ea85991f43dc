package main

import (
	"math/rand/v2"
	"sync"
	"time"

	"callbox/geo"
)

// patrolSpeed is how fast the units of a load move that have no call.
var patrolSpeed = geo.KilometersPerHour(30)

// fleet knows where the units of a load are. They cross the city in straight
// lines: from place to place on patrol, and to the place of their call so that
// they are there when they report it. Units that leapt about would make the
// server weigh every assignment again at every position, as no city does.
type fleet struct {
	places []geo.Point // to go to, inside the city

	mu     sync.Mutex
	random *rand.Rand
	trips  map[string]trip // by unit
}

// trip is one straight way.
type trip struct {
	from, to    geo.Point
	left, there time.Time
}

func newFleet(places []geo.Point, random *rand.Rand) *fleet {
	return &fleet{places: places, random: random, trips: make(map[string]trip)}
}

// start is where a new unit is.
func (f *fleet) start(unit string, now time.Time) geo.Point {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.place()
	f.trips[unit] = trip{from: p, to: p, left: now, there: now}
	return p
}

// send has a unit drive from where it is so that it is there at that time.
func (f *fleet) send(unit string, to geo.Point, now, there time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t, ok := f.trips[unit]; ok {
		f.trips[unit] = trip{from: t.at(now), to: to, left: now, there: there}
	}
}

// at is where a unit is. One that has arrived goes on to another place.
func (f *fleet) at(unit string, now time.Time) geo.Point {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.trips[unit]
	p := t.at(now)
	if !now.Before(t.there) {
		to := f.place()
		f.trips[unit] = trip{from: p, to: to, left: now, there: now.Add(patrolSpeed.Time(geo.Between(p, to)))}
	}
	return p
}

func (f *fleet) place() geo.Point { return f.places[f.random.IntN(len(f.places))] }

// at is the place on the trip at that time.
func (t trip) at(now time.Time) geo.Point {
	if !now.Before(t.there) {
		return t.to
	}
	done := max(0, float64(now.Sub(t.left))/float64(t.there.Sub(t.left)))
	between := func(a, b int32) int32 { return a + int32(done*(float64(b)-float64(a))) }
	return geo.Point{Lat: between(t.from.Lat, t.to.Lat), Lon: between(t.from.Lon, t.to.Lon)}
}
