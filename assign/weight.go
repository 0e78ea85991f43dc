package assign

// Weight is the greatest number of bytes that a fact can take in a frame of the
// journal, its kind included: an estimate from above that costs no encoding. It
// holds for any contents, however long. The engine bounds its frames by it, and
// the journal tests it against its encoding.
func Weight(f Fact) int {
	const fixed = 384 // names and numbers of any fact without its lists
	n := fixed
	switch f := f.(type) {
	case *Started:
		n += text(f.Engine, f.City, f.Areas, f.Roads, f.Demand)
	case *UnitSignedOn:
		n += f.Unit.weight()
	case *UnitStatusChanged:
		n += text(f.Unit, string(f.Status))
	case *CallReceived:
		n += f.Call.weight()
	case *RoundBegun:
		n += text(f.Roads) + text(f.Calls...) + text(f.Units...)
	case *UnitsMoved:
		n += text(f.Units...) + 5*(len(f.Lats)+len(f.Lons)) + 9*len(f.Ages)
	case *DecisionMade:
		n += f.Decision.weight()
	case *CallQueued:
		n += text(f.Call) + f.Reason.weight()
	case *UnitDispatched:
		n += text(f.Call) + f.Assignment.weight()
	case *UnitDiverted:
		n += text(f.Unit, f.From, f.To)
	case *UnitPreempted:
		n += text(f.Unit, f.From, f.To)
	case *UnitRecalled:
		n += text(f.Unit, f.Call)
	case *CallPromoted:
		n += text(f.Call, f.Class)
	case *UnitEnRoute:
		n += text(f.Unit, f.Call)
	case *UnitArrived:
		n += text(f.Unit, f.Call)
	case *UnitCleared:
		n += text(f.Unit, f.Call, string(f.Status), string(f.How))
	case *CallClosed:
		n += text(f.Call) + f.End.weight()
	case *ClockWarned:
		n += text(f.Call, string(f.Clock))
	case *ClockBreached:
		n += text(f.Call, string(f.Clock))
	case *PolicyAdopted:
		n += f.Policy.weight() + text(f.Source, f.By, f.Reason)
	case *AreasStaged:
		n += text(f.Hash) + len(f.Bytes)
	case *AreasAdopted:
		n += text(f.Hash, f.Base)
	case *RoadClosed:
		n += text(f.ID, f.Geometry, f.Graph, f.By, f.Reason) + 5*len(f.Arcs)
	case *RoadOpened:
		n += text(f.ID)
	case *KeyUsed:
		n += text(f.Key, f.Fingerprint) + len(f.Body)
	}
	return n
}

// text is what strings take, with the heads that tell their length.
func text(list ...string) int {
	n := 5 * len(list)
	for _, s := range list {
		n += len(s)
	}
	return n
}

func (c *Call) weight() int {
	n := text(c.ID, c.Type, c.Class, string(c.Source), c.Cell, c.Note, c.Policy, c.Roads) + text(c.Areas...) + weighNeeds(c.Needs)
	for i := range c.Assignments {
		n += c.Assignments[i].weight()
	}
	return n + c.Promote.weight() + text(c.Promoted) + c.Reason.weight() + c.End.weight()
}

func (u *Unit) weight() int {
	return text(u.ID, string(u.Status), u.Call) + text(u.Capabilities...) + text(u.Areas...)
}

func (a *Assignment) weight() int {
	n := 256 + text(a.Unit, string(a.How), a.From) + weighCost(a.Cost) + a.Order.weight()
	if a.Leg != nil {
		n += text(a.Leg.ID)
	}
	return n
}

func (d *Decision) weight() int {
	n := text(d.Call, string(d.Status), d.Policy, d.PolicyHash, d.Roads) + text(d.Recalled...) +
		d.Reason.weight() + d.Order.weight() + d.Price.weight()
	for _, list := range [...][]Candidate{d.Chosen, d.Considered} {
		for _, c := range list {
			n += 240 + text(c.Unit, string(c.Rule), c.From, c.For) + weighCost(c.Cost) + c.Swap.weight()
			for _, p := range c.Passed {
				n += 32 + text(p.Call, string(p.Rule))
			}
			if c.Leg != nil {
				n += text(c.Leg.ID)
			}
		}
	}
	for _, r := range d.Refused {
		n += 32 + text(string(r.Rule))
	}
	return n
}

func (p *Policy) weight() int {
	n := text(p.Name, p.Description, p.Hash)
	for _, c := range p.Classes {
		n += 288 + text(c.Name) + c.Promote.weight()
	}
	if p.MutualAid != nil {
		n += 64 + text(p.MutualAid.Areas...)
	}
	if p.Solver != nil {
		n += 128
	}
	for _, cards := range [...][]RunCard{p.RunCards, p.Defaults} {
		for _, c := range cards {
			n += 32 + text(c.Type, c.Class) + weighNeeds(c.Needs)
		}
	}
	return n
}

func weighNeeds(needs []Need) int {
	n := 0
	for _, need := range needs {
		n += 48 + text(need.Capabilities...)
	}
	return n
}

func weighCost(cost []Term) int {
	n := 0
	for _, t := range cost {
		n += 32 + text(t.Name)
	}
	return n
}

func (p *Promotion) weight() int {
	if p == nil {
		return 0
	}
	return 32 + text(p.To)
}

func (p *Price) weight() int {
	if p == nil {
		return 0
	}
	return 32 + text(p.Class)
}

func (r *Reason) weight() int {
	if r == nil {
		return 0
	}
	return 32 + text(r.Code, r.Sentence)
}

func (o *Order) weight() int {
	if o == nil {
		return 0
	}
	return 32 + text(o.By, o.Reason)
}

func (e *End) weight() int {
	if e == nil {
		return 0
	}
	return 64 + text(e.Disposition, e.Reason)
}
