package sim

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"time"

	"callbox/assign"
	"callbox/geo"
)

// Call is a call that somebody makes.
type Call struct {
	ID      string
	At      assign.Instant
	Type    string
	Source  assign.Source
	Place   geo.Point
	Travel  geo.Profile   // how units drive there
	OnScene time.Duration // how long each of them works there
}

// Demand is where calls come from: places, in groups that get a share of the
// calls by weight. Within a group every place is as likely as another.
type Demand struct {
	groups     [][]geo.Point
	cumulative []int64
}

// Add adds a group of places. It panics if there is none in it, or if the
// weight is not positive.
func (d *Demand) Add(weight int64, places []geo.Point) {
	if weight <= 0 || len(places) == 0 {
		panic("sim: a group of places needs a place and a weight")
	}
	var sum int64
	if n := len(d.cumulative); n > 0 {
		sum = d.cumulative[n-1]
	}
	d.groups = append(d.groups, places)
	d.cumulative = append(d.cumulative, sum+weight)
}

func (d *Demand) draw(r *rand.Rand) geo.Point {
	at := r.Int64N(d.cumulative[len(d.cumulative)-1])
	group := d.groups[sort.Search(len(d.cumulative), func(i int) bool { return d.cumulative[i] > at })]
	return group[r.IntN(len(group))]
}

// Stream is one kind of call in the mix.
type Stream struct {
	PerHour float64 // mean over a day
	Types   []string
	Source  assign.Source
	Travel  geo.Profile
	OnScene time.Duration // mean
}

// ReferenceMix is the mix of calls of the reference city: 545 an hour, of which
// 25 are critical, 100 serious, 250 other 911 calls and 170 complaints to 311.
func ReferenceMix() []Stream {
	return []Stream{
		{25, []string{"10-30", "10-31", "10-13", "10-10S", "10-34K1", "10-34W2"}, assign.Source911, geo.Emergency, 45 * time.Minute},
		{100, []string{"10-34Q1", "10-34Q2", "10-32Q1", "10-12U1"}, assign.Source911, geo.Emergency, 35 * time.Minute},
		{250, []string{"10-39H1", "10-52D6", "10-53I", "10-54E1", "10-54S1", "10-50P1", "10-22Q1", "10-11C4"}, assign.Source911, geo.Routine, 25 * time.Minute},
		{170, []string{"noise", "illegal-parking", "blocked-driveway", "social-distancing"}, assign.Source311, geo.Routine, 20 * time.Minute},
	}
}

// Caller draws calls. Call number n depends on the seed and on n alone, but for
// its instant, which follows the calls before it.
type Caller struct {
	seed   uint64
	demand *Demand
	mix    []Stream
	times  *rand.Rand
	now    assign.Instant
	n      uint64
	rate   float64 // scales the mix
}

// NewCaller makes a caller whose first call comes after start. Calls per hour
// swing by a quarter over the day, as a sine with its peak at 18:00 UTC, around
// perHour.
func NewCaller(seed uint64, start assign.Instant, perHour float64, demand *Demand, mix []Stream) *Caller {
	return &Caller{
		seed: seed, demand: demand, mix: mix, times: rand.New(rand.NewPCG(seed, 0)),
		now: start, rate: perHour,
	}
}

const swing = 0.25

// Next draws the next call: a Poisson process by thinning (Lewis and Shedler
// 1979).
func (c *Caller) Next() Call {
	peak := c.rate * (1 + swing)
	for {
		c.now = c.now.Add(time.Duration(c.times.ExpFloat64() / peak * float64(time.Hour)))
		hour := float64(int64(c.now)%86_400_000) / 3_600_000
		if c.times.Float64()*(1+swing) < 1+swing*math.Cos((hour-18)/24*2*math.Pi) {
			break
		}
	}
	c.n++
	r := rand.New(rand.NewPCG(c.seed, c.n))
	s := c.stream(r)
	return Call{
		ID: fmt.Sprintf("S%d-%06d", c.seed, c.n), At: c.now, Source: s.Source, Type: s.Types[r.IntN(len(s.Types))],
		Place: c.demand.draw(r), Travel: s.Travel, OnScene: logNormal(r, s.OnScene),
	}
}

func (c *Caller) stream(r *rand.Rand) *Stream {
	var sum float64
	for _, s := range c.mix {
		sum += s.PerHour
	}
	at := r.Float64() * sum
	for i := range c.mix {
		if at -= c.mix[i].PerHour; at < 0 {
			return &c.mix[i]
		}
	}
	return &c.mix[len(c.mix)-1]
}

// logNormal draws a time on scene with that mean and a coefficient of variation
// of 0.8, in whole seconds, at least one.
func logNormal(r *rand.Rand, mean time.Duration) time.Duration {
	const variance = 0.494696 // ln(1 + 0.8^2), of the logarithm
	x := mean.Seconds() * math.Exp(math.Sqrt(variance)*r.NormFloat64()-variance/2)
	return time.Duration(max(1, math.Round(x))) * time.Second
}
