package policy

import (
	"slices"

	"callbox/assign"
)

// check finds what is wrong with the fields of a file by each other. A field
// that could not be read is no reason for a second mistake.
func (f *file) check() {
	f.checkTargets()
	ranked := f.rank()
	f.checkPromotions(ranked)
	if ranked {
		f.checkReserves()
	}
	f.checkTaking()
	f.checkMutualAid()
	f.checkSolver()
}

// checkTargets wants each class there once, and closed no sooner than answered.
func (f *file) checkTargets() {
	lines := make(map[string]int)
	for i, k := range f.policy.Classes {
		at := f.classes[i]
		if first := lines[k.Name]; first > 0 {
			f.wrong(at.line("name"), "%s is there twice, on line %d too; rename one of them", at.what, first)
		}
		if at.read("name") {
			lines[k.Name] = at.line("name")
		}
		if at.read("answer", "close") && k.Close < k.Answer {
			f.wrong(at.line("close"), "%s: close is %s, sooner than answer, %s", at.what, Brief(k.Close), Brief(k.Answer))
		}
	}
}

// rank wants ranks that ascend from 1 without a gap, as readers take them to.
// Where no class says its rank, it is the place in the file. It is false if there
// is no going by the ranks.
func (f *file) rank() bool {
	silent := func(at classAt) bool { return at.line("rank") == 0 }
	if !slices.ContainsFunc(f.classes, func(at classAt) bool { return !silent(at) }) {
		for i := range f.policy.Classes {
			f.policy.Classes[i].Rank = i + 1
		}
		return f.named
	}
	known := f.named
	for _, at := range f.classes {
		if silent(at) {
			f.wrong(at.start, "%s has no rank and others have; give all of them one, or none", at.what)
		}
		known = known && at.read("rank")
	}
	if !known {
		return false
	}
	last, before := 0, len(f.mistakes)
	for i, k := range f.policy.Classes {
		at := f.classes[i]
		switch {
		case last == 0 && k.Rank > 1:
			f.wrong(at.line("rank"), "%s: rank is %d; the first class has rank 1", at.what, k.Rank)
		case k.Rank < last:
			f.wrong(at.line("rank"), "%s: rank is %d, after a class of rank %d; put the classes in order of rank", at.what, k.Rank, last)
		case k.Rank > last+1:
			f.wrong(at.line("rank"), "%s: rank is %d, after a class of rank %d; no class has rank %d", at.what, k.Rank, last, last+1)
		}
		last = max(last, k.Rank)
	}
	return len(f.mistakes) == before
}

// checkPromotions keeps the ranks of protected classes for their own calls, and
// those above them. So a class that is not protected may not share them: its
// calls would be there by the back door. A promotion may come after the answer
// target, for calls that are late already; after the close target, by when the
// call should be over, it is a slip.
func (f *file) checkPromotions(ranked bool) {
	var lowest *assign.Class // that is protected
	for i, k := range f.policy.Classes {
		if k.Protected && (lowest == nil || k.Rank >= lowest.Rank) {
			lowest = &f.policy.Classes[i]
		}
	}
	for i, k := range f.policy.Classes {
		at := f.classes[i]
		if ranked && lowest != nil && !k.Protected && k.Rank <= lowest.Rank {
			f.wrong(at.start, "%s of rank %d is not protected, but %q of rank %d is; protect it as well, or rank it lower",
				at.what, k.Rank, lowest.Name, lowest.Rank)
		}
		if !at.read("promote") {
			continue
		}
		line, to := at.line("promote"), f.policy.Class(k.Promote.To)
		switch {
		case !f.named:
		case to == nil:
			f.wrong(line, "%s: promote: to names class %.80q, which is not among the classes", at.what, k.Promote.To)
		case ranked && to.Rank >= k.Rank:
			f.wrong(line, "%s: promote: to is %q of rank %d, which is not above rank %d", at.what, to.Name, to.Rank, k.Rank)
		case ranked && lowest != nil && to.Rank <= lowest.Rank:
			f.wrong(line, "%s: promote: to is %q of rank %d, but %q of rank %d is protected; name a class below it",
				at.what, to.Name, to.Rank, lowest.Name, lowest.Rank)
		}
		if at.read("close") && k.Promote.After > k.Close {
			f.wrong(line, "%s: promote: after is %s, later than close, %s, when the call should be over", at.what, Brief(k.Promote.After), Brief(k.Close))
		}
	}
}

// checkReserves wants that a class keeps back no more units than those of lower
// rank do: or these would get units that it is refused.
func (f *file) checkReserves() {
	for i, k := range f.policy.Classes {
		most := 0
		for _, higher := range f.policy.Classes {
			if higher.Rank < k.Rank {
				most = max(most, higher.Reserve)
			}
		}
		if at := f.classes[i]; k.Reserve < most {
			f.wrong(at.start, "%s: reserve is %d, but %d for a class of higher rank; raise it to %d", at.what, k.Reserve, most, most)
		}
	}
}

// checkTaking wants somebody to take units from, where they may be taken.
func (f *file) checkTaking() {
	divertible, preemptible := f.someone("divertible"), f.someone("preemptible")
	for i, k := range f.policy.Classes {
		at := f.classes[i]
		if k.MayDivert && !divertible {
			f.wrong(at.line("may_divert"), "%s: may_divert means nothing while no class is divertible", at.what)
		}
		if k.MayPreempt && !preemptible {
			f.wrong(at.line("may_preempt"), "%s: may_preempt means nothing while no class is preemptible", at.what)
		}
		if k.LeaveScene > 0 && !k.Preemptible && (at.line("preemptible") == 0 || at.read("preemptible")) {
			f.wrong(at.line("leave_scene"), "%s: leave_scene means nothing without preemptible: true", at.what)
		}
	}
}

// someone reports whether a class is, or may be meant to be, divertible or
// preemptible.
func (f *file) someone(is string) bool {
	for i, k := range f.policy.Classes {
		at := f.classes[i]
		if is == "divertible" && k.Divertible || is == "preemptible" && k.Preemptible || at.line(is) > 0 && !at.read(is) {
			return true
		}
	}
	return false
}

// checkMutualAid wants other agencies' areas, what their units cost and who may
// call on them to go together. Units that no class may
// call on can still be sent by a dispatcher's order.
func (f *file) checkMutualAid() {
	list, cost := f.at.line("mutual_aid"), f.order.line("mutual_aid")
	switch {
	case list > 0 && cost == 0:
		f.wrong(list, "mutual_aid: there is no cost of these units; set mutual_aid in area_order")
	case list == 0 && cost > 0:
		f.wrong(cost, "area_order: mutual_aid means nothing without a list of areas, mutual_aid: [...]")
	}
	for i, k := range f.policy.Classes {
		if at := f.classes[i]; k.Reach == assign.Mutual && list == 0 {
			f.wrong(at.line("reach"), "%s: reach is mutual_aid, and there is no list of areas, mutual_aid: [...]", at.what)
		}
	}
}

// checkSolver refuses options that would mean nothing.
func (f *file) checkSolver() {
	s, at := f.policy.Solver, f.solver
	if at.line("decide") > 0 && !at.read("decide") {
		return
	}
	if s.Together && at.line("order") > 0 {
		f.wrong(at.line("order"), "solver: order means nothing where calls are decided together; leave it out, or decide: in_turn")
	}
	if !s.Together && s.BatchWindow > 0 {
		f.wrong(at.line("batch_window"), "solver: batch_window means nothing where calls are decided in turn; leave it out, or decide: together")
	}
	if !s.Together && s.Coverage > 0 {
		f.wrong(at.line("coverage"), "solver: coverage means nothing where calls are decided in turn; leave it out, or decide: together")
	}
	if s.LeaveWay > 0 && !f.someone("divertible") {
		f.wrong(at.line("leave_way"), "solver: leave_way means nothing while no class is divertible")
	}
}
