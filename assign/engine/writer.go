package engine

import (
	"fmt"

	"callbox/assign"
	"callbox/geo"
)

// Advisor decides which units go to which calls. Its answers are proposals:
// they are checked like any command.
type Advisor interface {
	// Advise decides for the calls that lack units, in the order in which its
	// decisions are to be carried out.
	Advise(*assign.Situation) []assign.Decision
	// Rank answers for one call, stored or not, and decides nothing. It gives
	// the n best candidates, refused ones too.
	Rank(s *assign.Situation, call *assign.Call, n int) (assign.Decision, []assign.Candidate)
}

// writer decides. It is used by one goroutine.
type writer struct {
	*Picture
	advisor Advisor
	report  func(error)         // takes bugs that do not stop the engine
	commit  func(*writer) error // makes durable what has been decided

	now     assign.Instant
	fresh   news
	seen    map[string]geo.Point // where a unit was when its place was news last
	window  assign.Instant       // when the calls that wait for each other are decided; 0: none do
	hurry   bool                 // there is no time for exact answers
	owed    bool                 // answers were given that were not exact
	advised assign.Instant       // when the advisor was asked last
	stirred assign.Instant       // when it was told of units that moved
	looked  assign.Instant       // when it was asked about everything

	unlogged unlogged // units whose positions the log does not tell yet

	received string // the newest call that was opened

	// What the next commit takes along.
	facts  []assign.Recorded
	weight int // bytes that facts may take in the journal, at most
	moved  []Position
}

// news is what the advisor has not seen yet.
type news struct {
	calls, units map[string]bool
	moved        map[string]bool // units that do what they did, elsewhere
	all          bool            // anything may have changed
}

func newNews(all bool) news {
	return news{calls: make(map[string]bool), units: make(map[string]bool), moved: make(map[string]bool), all: all}
}

func newWriter(road Travel, advisor Advisor, report func(error), commit func(*writer) error) *writer {
	w := &writer{
		Picture: newPicture(road, "none"), advisor: advisor, report: report, commit: commit,
		fresh: newNews(true), seen: make(map[string]geo.Point), unlogged: unlogged{units: make(map[string]bool)},
	}
	w.reading = true
	return w
}

// do carries out a command, and what follows from it. A call that is reported
// again is looked at again.
func (w *writer) do(c assign.Command) error {
	if err := w.decide(c); err != nil {
		return err
	}
	if c, ok := c.(*assign.ReportCall); ok && c.ID != "" {
		w.fresh.calls[c.ID] = true
	}
	if !w.concerned() { // a call that comes looks at all units
		clear(w.fresh.units)
		clear(w.fresh.moved)
	}
	if !w.news() {
		return nil
	}
	if held, err := w.hold(); held || err != nil {
		return err
	}
	return w.advise()
}

// news reports whether the advisor could answer otherwise than it did, by more
// than that units have moved.
func (w *writer) news() bool {
	return w.concerned() && (w.fresh.all || len(w.fresh.calls) > 0 || len(w.fresh.units) > 0)
}

// concerned reports whether there are calls that a decision could be about.
func (w *writer) concerned() bool { return w.state.Waits() || w.state.Going() > 0 }

// decide carries out one command, all of whose facts go into one frame. If they
// do not fit into the frame at hand, that one is committed first. The error is
// a *assign.Refusal, or means that the engine cannot go on.
func (w *writer) decide(c assign.Command) error {
	facts, err := w.state.Decide(w.now, c)
	if err != nil {
		return err
	}
	weight := 0
	for _, f := range facts {
		weight += assign.Weight(f)
	}
	if weight > MaxWeight {
		return &assign.Refusal{
			Fault: assign.Invalid, Code: "too_large",
			Detail: fmt.Sprintf("this would take up to %d bytes of the journal at once; it takes %d", weight, MaxWeight),
		}
	}
	if w.weight+weight > MaxWeight {
		if err := w.commit(w); err != nil {
			return err
		}
	}
	for _, f := range facts {
		r := assign.Recorded{Seq: w.state.Seq() + 1, At: w.now, Fact: f}
		if err := w.apply(r); err != nil {
			return err
		}
		w.facts = append(w.facts, r)
	}
	w.weight += weight
	return nil
}

// apply folds a fact into the writer's picture and notes whom it is news to.
func (w *writer) apply(r assign.Recorded) error {
	if err := w.Picture.Apply(r); err != nil {
		return err
	}
	switch f := r.Fact.(type) {
	case *assign.UnitSignedOn:
		w.fresh.units[f.Unit.ID] = true
	case *assign.UnitStatusChanged:
		w.fresh.units[f.Unit] = true
	case *assign.CallReceived:
		w.fresh.calls[f.Call.ID], w.received = true, f.Call.ID
	case *assign.ClockBreached: // a call past its target may be served from farther away
		w.fresh.calls[f.Call] = true
	case *assign.UnitDiverted:
		w.fresh.calls[f.From] = true
	case *assign.UnitPreempted:
		w.fresh.calls[f.From] = true
	case *assign.UnitCleared:
		w.fresh.calls[f.Call], w.fresh.units[f.Unit] = true, true
	case *assign.UnitRecalled:
		w.fresh.units[f.Unit] = true
	case *assign.CallPromoted:
		w.fresh.calls[f.Call] = true
	case *assign.PolicyAdopted:
		w.fresh.all = true
	case *assign.RoadClosed, *assign.RoadOpened:
		w.fresh.all = true
	}
	return nil
}

func (w *writer) place(unit string, fix assign.Fix, byArrival bool) bool {
	if !w.fixes.update(unit, fix, byArrival) {
		return false
	}
	w.put(unit)
	w.unlogged.add(unit)
	return true
}

// tick records the clock events that lie before now.
func (w *writer) tick() error {
	for {
		before := w.state.Seq()
		if err := w.decide(&assign.Tick{}); err != nil || w.state.Seq() == before {
			return err
		}
	}
}

// move takes in reports of positions. A unit that has moved far enough, or that
// nobody knew the place of any more, is news to the calls that wait, and to those
// that units are on their way to.
func (w *writer) move(positions []Position) (m Moved) {
	for _, p := range positions {
		byArrival := p.Fix.Since == 0
		if byArrival {
			p.Fix.Since = w.now
		}
		old, known := w.fixes[p.Unit]
		lost := !known || w.now.Sub(old.Since) > w.state.Policy().Positions.StaleAfter
		switch u := w.state.Unit(p.Unit); {
		case u == nil:
			m.Unknown++
		case p.Fix.Since > w.now.Add(assign.MaxSkew):
			m.Future++
		case !w.place(p.Unit, p.Fix, byArrival):
			m.Stale++
		default:
			m.Accepted++
			w.moved = append(w.moved, p)
			if last, seen := w.seen[p.Unit]; lost || !seen || geo.Between(last, p.Fix.At) >= stirring {
				w.seen[p.Unit], w.fresh.moved[p.Unit] = p.Fix.At, true
			}
		}
	}
	return m
}
