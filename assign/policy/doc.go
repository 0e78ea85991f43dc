// Package policy reads a city's rules from a file, and decides by them.
//
// # The file
//
// A policy is data, not a program. It is YAML, strict: an unknown field, a key
// that is there twice, a value out of range and an option that would mean
// nothing are mistakes, and [Parse] names all of them by line.
//
//	name: 911-first           # shown in every decision, beside the file's hash
//	description: one sentence
//	classes: [...]            # highest first; see below
//	run_cards:                # what a type of call needs; 10-34 also answers for 10-34K1
//	  10-30: {class: critical, needs: [{capabilities: [patrol], count: 2}]}
//	defaults:                 # for a call whose type has no card, by where it came from
//	  "911": {class: other-911, needs: [{capabilities: [patrol], count: 1}]}
//	  "311": {class: "311", needs: [{capabilities: [patrol], count: 1}]}
//	area_order:               # cost of taking a unit of that tier; 0s if it is left out
//	  {sector: 0s, precinct: 0s, city: 0s, mutual_aid: 5m}
//	mutual_aid: [nassau]      # areas of other agencies, whose units may sign on
//	positions: {stale_after: 30m}                      # an older position is not trusted
//	straight_line: {speed_kmh: 25, detour_percent: 40} # where no road is within reach
//	solver: {...}             # how waiting calls are decided; see below
//
// A class, here with all that it may say:
//
//	name: "311"
//	rank: 5             # 1 is the highest
//	answer: 8h          # target: received to first unit on scene; at most 1000h
//	close: 24h          # target: received to closed
//	weight: 1           # of a call's lateness against others of its rank, 1 to 100
//	pull_limit: 8m      # no unit farther away than this is sent; past the answer target the limit
//	                    # grows with the call's age. From anywhere if it is left out
//	reach: city         # units may come from the call's own sector, its precinct, the whole city,
//	                    # or mutual_aid: other agencies too
//	travel: routine     # or emergency: lights and siren
//	reserve: 2          # it gets a unit only if so many other available ones are left
//	may_divert: true    # it takes units on their way to calls of its rank or lower
//	may_preempt: true   # it takes units from the scenes of calls of lower rank
//	divertible: true    # units on their way to it may be taken, or replaced by a better one
//	preemptible: true   # units on its scenes may be taken
//	leave_scene: 60s    # what that adds to their cost
//	protected: true     # no call is promoted to its rank or above it, and none of it waits for a batch
//	promote: {after: 7h, to: other-911}   # from that age its calls count as of the other class
//
// The solver:
//
//	decide: together    # all waiting calls at once, at the least cost; or in_turn, each taking its best
//	order: class        # in turn only: by class, then by age over target; or by age alone
//	batch_window: 500ms # together only: how long a call waits for others to be decided with; at most 5m
//	leave_way: 30s      # what it adds to a unit's cost to leave the call that it is on its way to
//	coverage: 0s        # together only: what it adds for each percent of the city's demand left uncovered
//	cover_within: 8m    # a unit covers what it comes to so soon along the straight line; 8m if it is left out
//
// What must hold between them:
//
//   - Ranks begin at 1 and ascend in the file without a gap. Classes of one rank
//     are weighed against each other. Where no class says its rank, it is the
//     class's place in the file.
//   - A call is closed no sooner than it is answered.
//   - A class keeps back no more units than a class of lower rank does; else the
//     lower one would get units that the higher one is refused.
//   - Protected classes come first, and share their ranks with none that is not
//     protected: nobody comes among them but their own calls.
//   - A call is promoted upward, and to no rank that is protected. That may be
//     after its answer target, for those that are late, and not after its close
//     target, when it should be over.
//   - Where units may be diverted or preempted there is a class to take them
//     from, and leave_scene stands only with preemptible, leave_way only where a
//     class is divertible.
//   - Areas of mutual aid, their cost in area_order, and a class that reaches
//     them go together; only the class may be left out, and then their units
//     are sent by a dispatcher's order.
//
// A solver that is left out is {decide: together}, other options 0s.
//
// The policies that are built in stand beside this file, one file each:
// [Builtin] lists them. They differ in what they are about and in nothing else.
//
// # The decision
//
// [Advisor] looks at a round of calls: what is new, and whatever that touches.
// Each open slot of a call is a row of an assignment problem (package match), and
// so is each slot whose unit is on its way and could be replaced, or on scene and
// wanted elsewhere. Units are its columns. Package match finds the least cost of
// all of them together.
//
//	question.go   one call's search for units: their ways, nearest first
//	rules.go      which units may be sent at all; the first rule that refuses one is told
//	levels.go     how a cost is laid out: a level for each rank, then the ties
//	row.go        what a unit costs for a slot, and what it costs to send none
//	round.go      which calls take part; when a round is closed
//	turn.go       the other way to decide: in turn, each call taking its best
//	reserve.go    units kept back for higher classes
//	plan.go       from who gets whom to decisions, in an order in which they can be carried out
//	explain.go    why these units, why not others, and what that would have cost; reason.go, why a call waits
//	rank.go       the answer to a question that decides nothing
//
// The cost of a unit is how late the call would be answered: its age, the unit's
// way, and what is added for leaving its area, its call or its scene; counted
// plainly up to 70 % of the target, and beyond it in addition by four times the
// square of the excess over the target. Ranks are compared in strict order: nothing that
// a lower rank gains outweighs a millisecond of a higher one. A slot without a unit
// costs as much as the farthest unit that may be sent: so one that may be sent
// always is, and a class with a pull limit waits for one that is near. Of two equal
// answers that with less travel is taken, then with fewer changes, then the one
// that serves calls as they came, then the one with units of lower IDs.
//
// A unit is not given to a call before all waiting calls that come before it have
// been asked whether they could have it. Which units are suitable is a fixed list
// of rules; "nobody knows" is a rule of its own and never counts as a yes.
package policy
