package policy

import (
	"fmt"
	"slices"
	"time"

	"callbox/assign"
	"callbox/assign/match"
)

// round is one call of Advise: what is decided together.
type round struct {
	s         *assign.Situation
	policy    *assign.Policy
	solver    assign.Solver
	levels    levels
	together  bool          // all at once; false: in turn
	whole     bool          // all calls with units on their way take part
	dearest   time.Duration // the most that is added to the time of a way
	questions map[string]*question
	others    []question // waiting calls that do not take part; nil: not looked for yet
	joined    bool       // some of them do now

	rows    []*row // by their number in the matching
	has     map[slotKey]bool
	units   []string // by column
	columns map[string]int
	match   *match.Matching

	taken map[string]string // units given away before, and the calls that got them
	plan  map[slotKey]string
}

// slotKey names a slot of a call.
type slotKey struct {
	call string
	slot int
}

func newRound(s *assign.Situation) *round {
	p := s.State.Policy()
	r := &round{
		s: s, policy: p, levels: levelsOf(p),
		questions: make(map[string]*question),
		taken:     make(map[string]string), plan: make(map[slotKey]string),
	}
	if p.Solver != nil {
		r.solver = *p.Solver
	}
	r.together = r.solver.Together && !s.Hurry
	r.whole = r.together && s.State.Going() <= maxWhole
	r.dearest = 2*r.solver.LeaveWay + mostCoverage*r.solver.Coverage + mostOf(p)
	r.clear()
	return r
}

// mostOf is the most that an area and a scene add to a unit's cost.
func mostOf(p *assign.Policy) time.Duration {
	area := slices.Max(p.AreaOrder[:])
	if p.MutualAid != nil {
		area = max(area, p.MutualAid.Cost)
	}
	var scene time.Duration
	for i := range p.Classes {
		scene = max(scene, p.Classes[i].LeaveScene)
	}
	return area + scene
}

// clear begins another matching.
func (r *round) clear() {
	r.rows, r.has, r.units, r.columns = nil, make(map[slotKey]bool), nil, make(map[string]int)
	r.match = match.New(r.levels.count())
}

// column is the number of a unit in the matching.
func (r *round) column(unit string) int {
	c, known := r.columns[unit]
	if !known {
		c = len(r.units)
		r.columns[unit], r.units = c, append(r.units, unit)
	}
	return c
}

// place is where a unit stands among all, by ID: of units that tie the first goes.
func (r *round) place(unit string) int64 {
	i, _ := slices.BinarySearch(r.s.State.UnitIDs(), unit)
	return int64(i)
}

// add lets a slot of a call take part.
func (r *round) add(call *assign.Call, slot int, held *assign.Unit) {
	key := slotKey{call.ID, slot}
	if r.has[key] {
		return
	}
	r.has[key] = true
	q := r.ask(call)
	w := &row{question: q, slot: slot, held: held, at: r.levels.of(q.rank), backup: r.backup(call, slot)}
	i, err := r.match.Add(w)
	if err == nil && i != len(r.rows) {
		err = fmt.Errorf("row %d is added as row %d", len(r.rows), i)
	}
	sound(err)
	r.rows = append(r.rows, w)
}

// sound panics if the matching refuses a cost: whoever asks the advisor must be
// able to go on without an answer.
func sound(err error) {
	if err != nil {
		panic("policy: a bug in the costs: " + err.Error())
	}
}

// backup reports whether others go to the call, or are there, before the unit
// that fills a slot.
func (r *round) backup(call *assign.Call, slot int) bool {
	first := slot
	for i := range call.Assignments {
		a := &call.Assignments[i]
		if a.Slot == assign.Extra || !a.Active() && a.How != assign.Cleared {
			continue
		}
		if a.Arrived != 0 && a.Slot != slot {
			return true
		}
		first = min(first, a.Slot)
	}
	for _, open := range r.ask(call).open {
		first = min(first, open)
	}
	return first < slot
}

// maxRows bounds the slots that begin a round; as many may be drawn in. The most
// urgent calls come first, and the others wait for the next round.
const maxRows = match.MaxRows / 2

// addOpen lets all open slots of a call take part.
func (r *round) addOpen(call *assign.Call) {
	r.ask(call).tried, r.joined = true, true
	for _, slot := range r.ask(call).open {
		if len(r.rows) < maxRows && r.plan[slotKey{call.ID, slot}] == "" {
			r.add(call, slot, nil)
		}
	}
}

// addHeld lets slots of a call take part whose units are on their way.
func (r *round) addHeld(call *assign.Call) {
	if !r.policy.Class(call.Class).Divertible {
		return
	}
	for i := range call.Assignments {
		if a := &call.Assignments[i]; call.Replaceable(a) && len(r.rows) < maxRows {
			r.add(call, a.Slot, r.s.State.Unit(a.Unit))
		}
	}
}

// close lets those slots take part whose units are given to others, and those that
// could have what others are given, until there are none: the answer is then the
// best for all of them together. For slots that do not take part nothing has
// changed: they have what they want, and nobody wants what they have.
func (r *round) close() {
	asked := make(map[string]int) // units that waiting calls were looked through for, and the lowest rank of these
	for i := 0; i < len(r.rows); i++ {
		unit := r.unitOf(i)
		u := r.s.State.Unit(unit)
		if u == nil || u == r.rows[i].held {
			continue
		}
		before := len(r.rows)
		if u.Call != "" {
			from := r.s.State.Call(u.Call)
			r.add(from, from.On(unit).Slot, u)
		}
		if rank := r.rows[i].rank; asked[unit] < rank {
			asked[unit] = rank
			for _, call := range r.rivals(u, r.rows[i].call) {
				r.addOpen(call)
			}
		}
		if len(r.rows) > before {
			i = -1 // the rows before may have others now
		}
	}
}

// rivals are the waiting calls, as high as the one that a unit is to be sent to,
// that do not take part yet and that it could serve: it may have come near since
// they were looked at. No unit is sent to a call before they have been asked.
func (r *round) rivals(u *assign.Unit, call *assign.Call) (rivals []*assign.Call) {
	compare, rank := r.before(), r.policy.RankOf(call)
	for _, q := range r.bystanders() {
		higher := q.rank <= rank
		if !r.together {
			higher = compare(q.call, call) < 0
		}
		if !higher || q.call == call || q.refuses(u, q.open...) != "" {
			continue
		}
		if _, near := r.s.Leg(u.ID, q.call.Location, q.class.Profile, q.limit); near {
			rivals = append(rivals, q.call)
		}
	}
	slices.SortFunc(rivals, compare)
	return rivals
}

// bystanders are the waiting calls that do not take part, in no order.
func (r *round) bystanders() []question {
	if r.others == nil {
		r.others = make([]question, 0, 16)
		for c := range r.s.State.Waiting() {
			q := r.glance(c)
			q.open = c.OpenSlots()
			r.others = append(r.others, q)
		}
	}
	if r.joined {
		r.joined = false
		r.others = slices.DeleteFunc(r.others, func(o question) bool {
			q := r.questions[o.call.ID]
			return q != nil && q.tried
		})
	}
	return r.others
}

// unitOf is the unit that a row gets, "" if none.
func (r *round) unitOf(row int) string {
	if c := r.match.Column(row); c >= 0 {
		return r.units[c]
	}
	return ""
}
