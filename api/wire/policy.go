package wire

import "callbox/assign"

// PolicyAnswer is the answer of GET and PUT /v1/policy.
type PolicyAnswer struct {
	Name        string           `json:"name"`
	Hash        string           `json:"hash"`
	Description string           `json:"description"`
	EffectiveAt Instant          `json:"effective_at"`
	By          string           `json:"by,omitempty"`
	Reason      string           `json:"reason,omitempty"`
	Classes     []ClassAnswer    `json:"classes"`
	MutualAid   *MutualAidAnswer `json:"mutual_aid"` // null: no other agency helps
	Solver      SolverAnswer     `json:"solver"`
	Builtin     []string         `json:"builtin"` // the names of the policies that are built in
	YAML        string           `json:"yaml"`
}

// ClassAnswer is one class of a policy.
type ClassAnswer struct {
	Name              string           `json:"name"`
	Rank              int              `json:"rank"`
	AnswerSeconds     Seconds          `json:"answer_seconds"`
	CloseSeconds      Seconds          `json:"close_seconds"`
	Weight            int              `json:"weight"`
	PullLimitSeconds  *Seconds         `json:"pull_limit_seconds"` // null: none
	Reach             string           `json:"reach"`
	Travel            string           `json:"travel"`
	Reserve           int              `json:"reserve"`
	MayDivert         bool             `json:"may_divert"`
	MayPreempt        bool             `json:"may_preempt"`
	Divertible        bool             `json:"divertible"`
	Preemptible       bool             `json:"preemptible"`
	LeaveSceneSeconds Seconds          `json:"leave_scene_seconds"`
	Protected         bool             `json:"protected"`
	Promote           *PromotionAnswer `json:"promote"` // null: its calls keep their rank
}

// PromotionAnswer says when calls of a class count as of another.
type PromotionAnswer struct {
	AfterSeconds Seconds `json:"after_seconds"`
	To           string  `json:"to"`
}

// MutualAidAnswer is the units of other agencies that a policy knows.
type MutualAidAnswer struct {
	Areas       []string `json:"areas"`
	CostSeconds Seconds  `json:"cost_seconds"`
}

// SolverAnswer is how waiting calls are decided.
type SolverAnswer struct {
	Decide             string  `json:"decide"` // together or in_turn
	Order              *string `json:"order"`  // in turn: class or age; null: together
	BatchWindowSeconds Seconds `json:"batch_window_seconds"`
	LeaveWaySeconds    Seconds `json:"leave_way_seconds"`
	CoverageSeconds    Seconds `json:"coverage_seconds"`
	CoverWithinSeconds Seconds `json:"cover_within_seconds"`
}

// PolicyOf tells of a policy that was adopted at an instant.
func PolicyOf(f *assign.PolicyAdopted, at assign.Instant, builtin []string) PolicyAnswer {
	p := &f.Policy
	a := PolicyAnswer{
		Name: p.Name, Hash: p.Hash, Description: p.Description, EffectiveAt: InstantOf(at),
		By: f.By, Reason: f.Reason, Solver: solverOf(p), Builtin: builtin, YAML: f.Source,
	}
	for i := range p.Classes {
		a.Classes = append(a.Classes, classOf(p, &p.Classes[i]))
	}
	if aid := p.MutualAid; aid != nil {
		a.MutualAid = &MutualAidAnswer{Areas: aid.Areas, CostSeconds: SecondsOf(aid.Cost)}
	}
	return a
}

func classOf(p *assign.Policy, k *assign.Class) ClassAnswer {
	a := ClassAnswer{
		Name: k.Name, Rank: p.Rank(k.Name), AnswerSeconds: SecondsOf(k.Answer), CloseSeconds: SecondsOf(k.Close),
		Weight: max(1, k.Weight), Reach: k.Reach.String(), Travel: k.Profile.String(), Reserve: k.Reserve,
		MayDivert: k.MayDivert, MayPreempt: k.MayPreempt, Divertible: k.Divertible, Preemptible: k.Preemptible,
		LeaveSceneSeconds: SecondsOf(k.LeaveScene), Protected: k.Protected,
	}
	if k.PullLimit > 0 {
		limit := SecondsOf(k.PullLimit)
		a.PullLimitSeconds = &limit
	}
	if k.Promote != nil {
		a.Promote = &PromotionAnswer{AfterSeconds: SecondsOf(k.Promote.After), To: k.Promote.To}
	}
	return a
}

// solverOf tells of a solver. A policy of an older journal has none: there,
// calls are decided in turn.
func solverOf(p *assign.Policy) SolverAnswer {
	s := p.Solver
	if s == nil {
		s = &assign.Solver{}
	}
	a := SolverAnswer{
		Decide: "together", BatchWindowSeconds: SecondsOf(s.BatchWindow),
		LeaveWaySeconds: SecondsOf(s.LeaveWay), CoverageSeconds: SecondsOf(s.Coverage),
		CoverWithinSeconds: SecondsOf(p.CoversWithin()),
	}
	if !s.Together {
		order := "class"
		if s.ByAge {
			order = "age"
		}
		a.Decide, a.Order = "in_turn", &order
	}
	return a
}
