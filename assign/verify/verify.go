package verify

import (
	"fmt"

	"callbox/assign"
	"callbox/assign/engine"
)

// Config is what decisions are made again with.
type Config struct {
	Travel  engine.Travel // without units; nil for a city without roads
	Graph   string        // version of the road graph; "none" without one
	Demand  []assign.Demand
	Advisor engine.Advisor
	Engine  string // version of this program
	// Adopt puts the travel times of a name in force, if it knows them; "" are those
	// that the graph was built with. It may be nil.
	Adopt func(times string) error
	// Parse reads a policy from its text. It may be nil: then nobody looks whether the
	// policy in force is what its text says.
	Parse func(source []byte) (*assign.Policy, error)
	// Found is told of each difference.
	Found func(Difference)
}

// Difference is a place where the log is not what it must be.
type Difference struct {
	Frame    uint64
	Fact     uint64
	At       assign.Instant
	Call     string // that it is about, "" if none
	Engine   string // version of the program that made it, if that is another
	Sentence string
}

func (d Difference) String() string {
	s := fmt.Sprintf("%s frame %d, fact %d: %s", d.At.Time().Format("2006-01-02 15:04:05.000Z"), d.Frame, d.Fact, d.Sentence)
	if d.Engine != "" {
		s += " (made by version " + d.Engine + ")"
	}
	return s
}

// Report counts what was verified.
type Report struct {
	Frames, Facts int
	Last          assign.Instant // of the newest fact
	Rounds        int            // that were decided again
	Decisions     int            // in them
	Orders        int            // decisions of dispatchers
	Differences   int
	Others        int            // differences in what another version of the program made
	Unrecorded    int            // decisions of logs before version 4, which do not say by what they were made
	Impossible    map[string]int // rounds that could not be decided again, by why
	CutOff        int            // rounds whose end was lost with the engine
}

// Verifier reads a log from its first frame on. It is not safe for use by several
// goroutines at once.
type Verifier struct {
	c       Config
	demand  string // version
	picture *engine.Picture
	report  Report

	frame    assign.Frame
	at       assign.Recorded // the fact at hand
	expect   []assign.Fact   // what must follow of the command at hand
	round    *round          // under way; nil: none
	recorded bool            // the log has come to a round that says by what it was made
	ticked   assign.Instant  // up to when all clocks have been looked at
	overdue  string          // the event that was found missing last
}

// New begins at the beginning of a log.
func New(c Config) (*Verifier, error) {
	picture, err := engine.NewPicture(c.Travel, c.Graph, c.Demand)
	if err != nil {
		return nil, err
	}
	return &Verifier{
		c: c, demand: assign.DemandVersion(c.Demand), picture: picture, report: Report{Impossible: make(map[string]int)},
	}, nil
}

// Read verifies the next frame. An error means that no state can come of it; the
// verifier must not be used any more but for Close.
func (v *Verifier) Read(f assign.Frame) error {
	v.frame = f
	v.report.Frames++
	weight := 0
	for i, r := range f.Facts {
		v.at = r
		v.judge(f.Facts[i:])
		if err := safely(func() error { return v.picture.Apply(r) }); err != nil {
			return fmt.Errorf("frame %d: %w", f.Number, err)
		}
		v.report.Facts++
		v.report.Last = r.At
		weight += assign.Weight(r.Fact)
	}
	if len(v.expect) > 0 {
		v.differ(v.expect[0], "the frame ends, and %s must follow in it", named(v.expect[0]))
		v.expect = nil
	}
	v.endFrame(weight)
	return nil
}

// Close ends the log and counts.
func (v *Verifier) Close() Report {
	v.endRound()
	return v.report
}

// judge compares the first of the facts left in a frame with what it must be.
func (v *Verifier) judge(rest []assign.Recorded) {
	r := rest[0]
	if len(v.expect) > 0 && v.expect[0].Kind() != r.Fact.Kind() {
		v.differ(v.expect[0], "here is %s, and %s must stand before it", named(r.Fact), named(v.expect[0]))
		v.expect = nil
	}
	if len(v.expect) == 0 {
		v.begin(rest)
	}
	if len(v.expect) > 0 {
		want := v.expect[0]
		v.expect = v.expect[1:]
		if what := difference(r.Fact, want); what != "" {
			v.differ(r.Fact, "%s: %s", named(r.Fact), what)
		}
	}
}

// decide is what a command makes of the state now.
func (v *Verifier) decide(c assign.Command) (facts []assign.Fact, err error) {
	err = safely(func() (err error) {
		facts, err = v.picture.State().Decide(v.at.At, c)
		return err
	})
	return facts, err
}

// safely makes an error of a panic: a log that was changed can hold what no engine
// was ever in.
func safely(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the log before it contradicts itself: %v", p)
		}
	}()
	return do()
}

// differ reports what the fact at hand shows. The other fact says whose call it is.
func (v *Verifier) differ(about assign.Fact, format string, args ...any) {
	d := Difference{Frame: v.frame.Number, Fact: v.at.Seq, At: v.at.At, Call: callOf(about), Sentence: fmt.Sprintf(format, args...)}
	if made := v.picture.State().Started().Engine; made != v.c.Engine {
		d.Engine = made
		v.report.Others++
	} else {
		v.report.Differences++
	}
	v.c.Found(d)
}
