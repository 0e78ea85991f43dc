package engine

import (
	"fmt"
	"iter"
	"time"

	"callbox/assign"
	"callbox/assign/cover"
	"callbox/geo"
)

// Picture is what the advisor is shown: the state, where the units are, and how
// long they take. It is folded from the log by Apply. The writer has one, in which
// positions are ahead of the log between two rounds; whoever makes decisions again
// has another, and at each round both show the same. It is used by one goroutine.
type Picture struct {
	state   *assign.State
	graph   string // version of the road graph
	fixes   fixes
	ways    *ways
	marks   marks
	cover   coverage
	reading bool // the log is being read: nobody asks for ways yet
}

// NewPicture is the picture before the first fact, of a city with that road graph
// ("none" without one) and that demand (nil: nobody knows it).
func NewPicture(road Travel, graph string, demand []assign.Demand) (*Picture, error) {
	p := newPicture(road, graph)
	if len(demand) > 0 {
		city, err := cover.NewCity(demand)
		if err != nil {
			return nil, err
		}
		p.cover.city = city
	}
	return p, nil
}

func newPicture(road Travel, graph string) *Picture {
	p := &Picture{state: assign.NewState(), graph: graph, fixes: make(fixes), marks: make(marks)}
	p.ways = newWays(road, func() assign.StraightBy { return p.state.Policy().Straight })
	return p
}

// State is what the log adds up to. It is changed by Apply only.
func (p *Picture) State() *assign.State { return p.state }

// Apply folds the next fact of the log into the picture. An error means that the
// log is broken there, or that the roads are not those of the log.
func (p *Picture) Apply(r assign.Recorded) error {
	if err := p.state.Apply(r); err != nil {
		return err
	}
	moved := p.fixes.hear(r)
	if unit := concerned(r.Fact); unit != "" {
		p.put(unit)
	} else {
		for _, unit := range moved {
			p.put(unit)
		}
	}
	switch r.Fact.(type) {
	case *assign.PolicyAdopted:
		p.cover.forget()
		p.putAll() // other units may be taken from their calls
	case *assign.RoadClosed, *assign.RoadOpened:
		return p.close()
	}
	return nil
}

// Situation is the picture as the advisor is asked to look at it.
func (p *Picture) Situation(now assign.Instant, hurry bool, fresh *assign.Fresh) *assign.Situation {
	return &assign.Situation{
		Now: now, State: p.state, Roads: p.ways.version(), Hurry: hurry, Fresh: fresh,
		Legs: p.legs,
		Leg: func(unit string, to geo.Point, profile geo.Profile, limit time.Duration) (geo.Leg, bool) {
			return p.ways.leg(unit, to, profile, limit)
		},
		Measure:  func(leg *geo.Leg, to geo.Point, profile geo.Profile) { p.ways.measure(leg, to, profile) },
		Fix:      func(unit string) (assign.Fix, bool) { fix, known := p.fixes[unit]; return fix, known },
		Uncovers: p.uncovers(),
	}
}

// legs leaves out the same ways whatever capabilities were heard of first: one
// that got no bit is looked up.
func (p *Picture) legs(to geo.Point, profile geo.Profile, limit time.Duration, want assign.Want) iter.Seq[geo.Leg] {
	all := p.ways.legs(to, profile, limit, p.marks.wanted(want))
	if p.marks.distinguish(want.Capabilities) {
		return all
	}
	need := assign.Need{Capabilities: want.Capabilities}
	return func(yield func(geo.Leg) bool) {
		for leg := range all {
			if p.state.Unit(leg.ID).Can(&need) && !yield(leg) {
				return
			}
		}
	}
}

// put tells the roads and the map of coverage where a unit is, and what it is and can do.
func (p *Picture) put(unit string) {
	p.cover.touch(unit)
	if fix, known := p.fixes[unit]; known && !p.reading {
		p.ways.put(unit, fix.At, p.marks.of(p.state.Unit(unit), p.state))
	}
}

func (p *Picture) putAll() {
	for _, unit := range p.state.UnitIDs() {
		p.put(unit)
	}
}

// ready ends the reading of the log: the closed roads are closed, and the units
// take their places.
func (p *Picture) ready() error {
	p.reading = false
	if err := p.close(); err != nil {
		return err
	}
	p.putAll()
	return nil
}

// close tells the roads which arcs are closed: those of any closure on them. One
// of another road graph closes nothing before it has been carried over.
func (p *Picture) close() error {
	if p.ways.road == nil || p.reading {
		return nil
	}
	var arcs []uint32
	for _, c := range p.state.Closures() {
		if c.Graph == p.graph {
			arcs = append(arcs, c.Arcs...)
		}
	}
	if err := p.ways.road.Close(arcs); err != nil {
		return fmt.Errorf("close roads: %w", err)
	}
	return nil
}

// concerned is the unit that a fact changes, "" if none.
func concerned(f assign.Fact) string {
	switch f := f.(type) {
	case *assign.UnitSignedOn:
		return f.Unit.ID
	case *assign.UnitStatusChanged:
		return f.Unit
	case *assign.UnitDispatched:
		return f.Assignment.Unit
	case *assign.UnitArrived:
		return f.Unit
	case *assign.UnitRecalled:
		return f.Unit
	case *assign.UnitDiverted:
		return f.Unit
	case *assign.UnitPreempted:
		return f.Unit
	case *assign.UnitCleared:
		return f.Unit
	}
	return ""
}
