package wire

import (
	"callbox/assign"
	"callbox/geo"
)

// Limits on free text, in bytes.
const (
	MaxNote   = 4000
	MaxReason = 1000
	MaxName   = 200
)

// AssignRequest is the body of POST /v1/assign.
type AssignRequest struct {
	Call   *Call `json:"call,omitzero"`
	DryRun bool  `json:"dry_run,omitzero"`
}

// Call is a call as a caller reports it.
type Call struct {
	ID         string    `json:"id,omitzero"`
	Type       string    `json:"type,omitzero"`
	Class      string    `json:"class,omitzero"`
	Source     string    `json:"source,omitzero"`
	Location   *Location `json:"location,omitzero"`
	ReceivedAt Instant   `json:"received_at,omitzero"`
	Needs      []Need    `json:"needs,omitzero"`
	Note       string    `json:"note,omitzero"`
}

// Need asks for units.
type Need struct {
	Capabilities []string `json:"capabilities,omitzero"`
	Count        *int     `json:"count,omitzero"` // 1 if absent
}

// Command turns the request into a command, but for the cell and the areas,
// which the server looks up.
func (r *AssignRequest) Command() (*assign.ReportCall, error) {
	if r.Call == nil {
		return nil, bad("field_missing", "call", "call is missing")
	}
	return r.Call.command()
}

func (c *Call) command() (*assign.ReportCall, error) {
	cmd := &assign.ReportCall{ID: c.ID, Type: c.Type, Class: c.Class, Source: assign.Source(c.Source), Note: c.Note}
	for _, part := range [...]struct{ field, value string }{{"call.id", c.ID}, {"call.type", c.Type}, {"call.class", c.Class}} {
		if part.value != "" {
			if err := ID(part.value, part.field); err != nil {
				return nil, err
			}
		}
	}
	if s := cmd.Source; s != "" && s != assign.Source911 && s != assign.Source311 {
		return nil, invalid("unknown_source", "call.source", `call.source must be "911" or "311"`)
	}
	if err := text(c.Note, "call.note", MaxNote, false); err != nil {
		return nil, err
	}
	var err error
	if cmd.ReceivedAt, err = c.ReceivedAt.instant("call.received_at"); err != nil {
		return nil, err
	}
	if c.Needs != nil {
		if cmd.Needs, err = needs(c.Needs); err != nil {
			return nil, err
		}
	}
	if c.Location != nil {
		p, err := c.Location.Point("call.location")
		if err != nil {
			return nil, err
		}
		cmd.Location = &p
	}
	return cmd, nil
}

func needs(list []Need) ([]assign.Need, error) {
	out := make([]assign.Need, 0, len(list))
	for _, n := range list {
		need := assign.Need{Capabilities: n.Capabilities, Count: 1}
		if n.Count != nil {
			need.Count = *n.Count
		}
		out = append(out, need)
	}
	out, err := assign.NormalNeeds(out)
	if err != nil {
		return nil, invalid("bad_needs", "call.needs", "call.needs: %v", err)
	}
	return out, nil
}

// CallAnswer is a call as the server tells of it.
type CallAnswer struct {
	ID            string       `json:"id"`
	Type          string       `json:"type,omitempty"`
	Class         string       `json:"class"`
	PromotedTo    string       `json:"promoted_to,omitzero"` // the class whose rank it has got by waiting
	Source        string       `json:"source"`
	Status        string       `json:"status"`
	Location      *Location    `json:"location"`
	Cell          string       `json:"cell"`
	Area          *string      `json:"area"` // the finest one it lies in
	Areas         []string     `json:"areas"`
	ReceivedAt    Instant      `json:"received_at"`
	Needs         []Need       `json:"needs"`
	Note          string       `json:"note,omitempty"`
	Clocks        CallClocks   `json:"clocks"`
	Assignments   []Assignment `json:"assignments"`
	Decision      uint64       `json:"decision,omitzero"`
	WaitingReason *Reason      `json:"waiting_reason,omitempty"`
	Closed        *Closed      `json:"closed,omitempty"`
}

// Closed is how a call ended.
type Closed struct {
	At          Instant `json:"at"`
	Cancelled   bool    `json:"cancelled"`
	Disposition string  `json:"disposition,omitempty"`
	Reason      string  `json:"reason,omitempty"`
	Unverified  bool    `json:"unverified"`
}

// Reason is a code and a sentence.
type Reason struct {
	Code     string `json:"code"`
	Sentence string `json:"sentence"`
}

// CallOf tells of a call at an instant.
func CallOf(c *assign.Call, now assign.Instant) CallAnswer {
	a := CallAnswer{
		ID: c.ID, Type: c.Type, Class: c.Class, PromotedTo: c.Promoted, Source: string(c.Source), Status: string(c.Status()),
		Location: LocationOf(c.Location), Cell: c.Cell, Areas: c.Areas, ReceivedAt: InstantOf(c.ReceivedAt),
		Needs: needsOf(c.Needs), Note: c.Note, Clocks: callClocks(c, now), Assignments: assignmentsOf(c.Assignments),
		Decision: c.Decision, WaitingReason: reasonOf(c.Reason),
	}
	if area := c.Area(); area != "" {
		a.Area = &area
	}
	if c.End != nil {
		a.Closed = &Closed{
			At: InstantOf(c.End.At), Cancelled: c.End.Cancelled, Disposition: c.End.Disposition,
			Reason: c.End.Reason, Unverified: c.End.Unverified,
		}
	}
	return a
}

func needsOf(list []assign.Need) []Need {
	out := make([]Need, 0, len(list))
	for _, n := range list {
		out = append(out, Need{Capabilities: n.Capabilities, Count: &n.Count})
	}
	return out
}

func reasonOf(r *assign.Reason) *Reason {
	if r == nil {
		return nil
	}
	return &Reason{Code: r.Code, Sentence: r.Sentence}
}

// Assignment is the pairing of a unit with a call.
type Assignment struct {
	Unit           string             `json:"unit"`
	ETASeconds     *Seconds           `json:"eta_seconds"` // null if there was no telling
	DistanceMeters *float64           `json:"distance_meters"`
	Travel         string             `json:"travel,omitempty"`
	Cost           map[string]Seconds `json:"cost"` // by term, in seconds
	DisplacedCall  *string            `json:"displaced_call"`
	Decision       uint64             `json:"decision,omitzero"`
	DispatchedAt   Instant            `json:"dispatched_at,omitzero"`
	EnRouteAt      Instant            `json:"en_route_at,omitzero"`
	ArrivedAt      Instant            `json:"arrived_at,omitzero"`
	EndedAt        Instant            `json:"ended_at,omitzero"`
	Ended          string             `json:"ended,omitzero"`
	OrderedBy      string             `json:"ordered_by,omitzero"`
}

func assignmentsOf(list []assign.Assignment) []Assignment {
	out := make([]Assignment, 0, len(list))
	for i := range list {
		out = append(out, assignmentOf(&list[i]))
	}
	return out
}

func assignmentOf(a *assign.Assignment) Assignment {
	out := Assignment{
		Unit: a.Unit, Cost: costOf(a.Cost), Decision: a.Decision,
		DispatchedAt: InstantOf(a.Since), EnRouteAt: InstantOf(a.EnRoute), ArrivedAt: InstantOf(a.Arrived),
		EndedAt: InstantOf(a.Ended), Ended: string(a.How),
	}
	out.ETASeconds, out.DistanceMeters, out.Travel = legOf(a.Leg)
	if from := a.From; from != "" {
		out.DisplacedCall = &from
	}
	if a.Order != nil {
		out.OrderedBy = a.Order.By
	}
	return out
}

// The ways that travel is known.
const (
	TravelRoad     = "road"
	TravelStraight = "straight_line"
)

// legOf tells of a way; nothing of one that nobody knows. The length of a way is
// worked out only for units that are sent, and those that are asked for.
func legOf(l *geo.Leg) (eta *Seconds, meters *float64, travel string) {
	if l == nil {
		return nil, nil, ""
	}
	s := SecondsOf(l.Time)
	if m := l.Distance.Meters(); l.Distance != geo.Unmeasured {
		meters = &m
	}
	travel = TravelRoad
	if l.Straight {
		travel = TravelStraight
	}
	return &s, meters, travel
}

func costOf(terms []assign.Term) map[string]Seconds {
	out := make(map[string]Seconds, len(terms))
	for _, t := range terms {
		out[t.Name] = SecondsOf(t.Time)
	}
	return out
}
