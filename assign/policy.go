package assign

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"

	"callbox/geo"
)

// Policy is the city's rules as data: which classes of call there are and in
// which order, how soon each should be answered, what each type of call needs.
// Package assign/policy reads it from YAML, and applies it.
type Policy struct {
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Hash        string     `json:"hash"`      // SHA-256 of the file it was read from, in hex
	Classes     []Class    `json:"classes"`   // highest first
	RunCards    []RunCard  `json:"run_cards"` // sorted by type
	Defaults    []RunCard  `json:"defaults"`  // Type is the source: 911 and 311
	AreaOrder   AreaOrder  `json:"area_order"`
	Positions   Staleness  `json:"positions"`
	Straight    StraightBy `json:"straight_line"`
	MutualAid   *MutualAid `json:"mutual_aid,omitempty"` // nil: no other agency helps
	Solver      *Solver    `json:"solver,omitempty"`     // nil: each call in turn, no unit leaves its call
}

// Class is one kind of calls. Classes of one rank are weighed against each
// other; a class of a higher rank comes before them whatever it costs them.
type Class struct {
	Name      string        `json:"name"`
	Answer    time.Duration `json:"answer"`               // target: received to first unit on scene
	Close     time.Duration `json:"close"`                // target: received to closed
	PullLimit time.Duration `json:"pull_limit,omitempty"` // no unit farther away is sent, see Pull; 0: no limit
	Reach     Tier          `json:"reach"`                // how far from its own area a unit may be taken
	Profile   geo.Profile   `json:"profile"`              // how units drive to such a call

	Rank        int           `json:"rank,omitempty"`        // 1 is the highest; 0: its place in Policy.Classes, from 1
	Weight      int           `json:"weight,omitempty"`      // of a call's lateness among those of its rank; 0: 1
	Reserve     int           `json:"reserve,omitempty"`     // so many available units must be left after one is sent to it
	MayDivert   bool          `json:"may_divert,omitempty"`  // takes units on their way to calls of its rank or lower
	MayPreempt  bool          `json:"may_preempt,omitempty"` // takes units from the scenes of calls of lower rank
	Divertible  bool          `json:"divertible,omitempty"`  // units on their way to it may be taken, or replaced
	Preemptible bool          `json:"preemptible,omitempty"` // units on its scenes may be taken
	LeaveScene  time.Duration `json:"leave_scene,omitempty"` // what that adds to the cost of the unit
	Protected   bool          `json:"protected,omitempty"`   // no call is promoted to its rank or above
	Promote     *Promotion    `json:"promote,omitempty"`     // nil: its calls keep their rank
}

// Promotion lets a call that has waited long count as one of a higher class,
// from then on.
type Promotion struct {
	After time.Duration `json:"after"` // since the call was received
	To    string        `json:"to"`    // the class whose rank it gets
}

// MutualAid is the units of other agencies: those that belong to these areas,
// which are none of the city's.
type MutualAid struct {
	Areas []string      `json:"areas"` // sorted
	Cost  time.Duration `json:"cost"`  // what it adds to the cost of a unit
}

// Solver is how waiting calls are decided.
type Solver struct {
	Together    bool          `json:"together,omitempty"`     // all at once, at the least cost; false: in turn, each taking its best
	ByAge       bool          `json:"by_age,omitempty"`       // in turn: the oldest first, whatever its class
	BatchWindow time.Duration `json:"batch_window,omitempty"` // how long a call that is not protected waits for others to be decided with
	LeaveWay    time.Duration `json:"leave_way,omitempty"`    // what it adds to a unit's cost to leave the call that it is on its way to
	Coverage    time.Duration `json:"coverage,omitempty"`     // what it adds for each percent of the city's demand left uncovered
	CoverWithin time.Duration `json:"cover_within,omitempty"` // a unit covers what it comes to so soon along the straight line, see Policy.CoversWithin
}

// CoversWithin is how soon a unit must be able to be at a place, by the estimate
// along the straight line, to cover it: what the solver says, or 8 minutes.
func (p *Policy) CoversWithin() time.Duration {
	if p.Solver != nil && p.Solver.CoverWithin > 0 {
		return p.Solver.CoverWithin
	}
	return 8 * time.Minute
}

// Pull is how far away a unit for a call of that age may be, in travel time; 0:
// anywhere. Once the answer target has passed the limit grows with the age, so
// that nobody waits for ever for a unit that is near: at twice the target it is
// twice as far.
func (k *Class) Pull(age time.Duration) time.Duration {
	if age <= k.Answer {
		return k.PullLimit
	}
	high, low := bits.Mul64(uint64(k.PullLimit.Milliseconds()), uint64(age.Milliseconds()))
	if answer := uint64(k.Answer.Milliseconds()); high < answer {
		limit, _ := bits.Div64(high, low, answer)
		if limit < math.MaxInt64/uint64(time.Millisecond) {
			return time.Duration(limit) * time.Millisecond
		}
	}
	return math.MaxInt64
}

// RunCard says what a type of call needs.
type RunCard struct {
	Type  string `json:"type"`
	Class string `json:"class"`
	Needs []Need `json:"needs"`
}

// Tier tells how a unit's area lies to a call.
type Tier uint8

// The tiers, nearest first.
const (
	Sector   Tier = iota // the call lies in the unit's own area
	Precinct             // unit and call share an area
	City                 // they share none
	Mutual               // the unit is another agency's
	tiers
)

var tierNames = [tiers]string{"sector", "precinct", "city", "mutual_aid"}

// String names the tier as policy files do.
func (t Tier) String() string {
	if t < tiers {
		return tierNames[t]
	}
	return "unknown"
}

// ParseTier is the inverse of Tier.String.
func ParseTier(s string) (Tier, bool) {
	i := slices.Index(tierNames[:], s)
	return Tier(max(i, 0)), i >= 0
}

// AreaOrder is what leaving its own area adds to the cost of one of the city's
// units, by tier.
type AreaOrder [Mutual]time.Duration

// Staleness limits how old a unit's position may be.
type Staleness struct {
	StaleAfter time.Duration `json:"stale_after"`
}

// StraightBy estimates travel where no road is within reach: the straight
// line, lengthened by Detour percent, at Speed.
type StraightBy struct {
	Speed  geo.Speed `json:"speed"`
	Detour int       `json:"detour_percent"`
}

// Time is the estimate for a straight line of length d.
func (s StraightBy) Time(d geo.Distance) time.Duration {
	return s.Speed.Time(d + d*geo.Distance(s.Detour)/100)
}

// Version names the policy and its content: name@hash, the hash cut short.
func (p *Policy) Version() string { return Version(p.Name, p.Hash) }

// Version names a policy by its name and the hash of its content.
func Version(name, hash string) string { return name + "@" + hash[:min(12, len(hash))] }

// Rank is the rank of a class, from 1 (the highest); 0 if there is none of
// that name.
func (p *Policy) Rank(class string) int {
	i := p.find(class)
	if i >= 0 && p.Classes[i].Rank > 0 {
		return p.Classes[i].Rank
	}
	return i + 1
}

// RankOf is the rank of a call, of its class or of that which it was promoted to.
func (p *Policy) RankOf(c *Call) int {
	rank := p.Rank(c.Class)
	if c.Promoted == "" {
		return rank
	}
	if promoted := p.Rank(c.Promoted); promoted > 0 {
		return min(rank, promoted)
	}
	return rank
}

// Class is the class of that name, or nil.
func (p *Policy) Class(name string) *Class {
	if i := p.find(name); i >= 0 {
		return &p.Classes[i]
	}
	return nil
}

func (p *Policy) find(class string) int {
	for i := range p.Classes {
		if p.Classes[i].Name == class {
			return i
		}
	}
	return -1
}

// MayTake reports whether a call may take a unit off another. Units on their way
// may be taken by calls of the same rank or higher, units on scene by calls of a
// higher rank only. One that a dispatcher ordered there stays, and so do all of a
// call that has been ordered more than it needs.
func (p *Policy) MayTake(call, from *Call, unit string) bool {
	taker, giver, a := p.Class(call.Class), p.Class(from.Class), from.On(unit)
	if taker == nil || giver == nil || a == nil || a.Order != nil || from.hasExtra() {
		return false
	}
	if a.Arrived != 0 {
		return taker.MayPreempt && giver.Preemptible && p.RankOf(call) < p.RankOf(from)
	}
	return taker.MayDivert && giver.Divertible && p.RankOf(call) <= p.RankOf(from)
}

// Card finds the run card for a type of call: the card of that very type, else
// the one whose type is its longest prefix that splits no number (10-34K, then
// 10-34, answer for 10-34K1; 10-3 does not), else the default of the source. A
// call of an unheard-of type is still a call.
func (p *Policy) Card(callType string, source Source) *RunCard {
	for n := len(callType); n > 0; n-- {
		if n < len(callType) && digit(callType[n-1]) && digit(callType[n]) {
			continue
		}
		if i, ok := findCard(p.RunCards, callType[:n]); ok {
			return &p.RunCards[i]
		}
	}
	if i, ok := findCard(p.Defaults, string(source)); ok {
		return &p.Defaults[i]
	}
	return nil
}

func findCard(cards []RunCard, callType string) (int, bool) {
	return slices.BinarySearchFunc(cards, callType, func(c RunCard, t string) int { return strings.Compare(c.Type, t) })
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// TierOf tells how a unit's chain of areas lies to a call's, both finest
// first. ok is false if the unit's area is not known.
func (p *Policy) TierOf(unit, call []string) (t Tier, ok bool) {
	if len(unit) == 0 {
		return City, false
	}
	if p.MutualAid != nil {
		if _, other := slices.BinarySearch(p.MutualAid.Areas, unit[0]); other {
			return Mutual, true
		}
	}
	for i, a := range unit {
		if slices.Contains(call, a) {
			if i == 0 {
				return Sector, true
			}
			return Precinct, true
		}
	}
	return City, true
}

func (p *Policy) classNames() string {
	var names []string
	for _, c := range p.Classes {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}
