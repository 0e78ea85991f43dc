// Package audit reads a log with a model of its own and names what does not
// hold in it. It is for whoever does not believe the engine: it takes from
// package assign what facts look like, and nothing of what is done with them.
// State, Decide and Apply, the rules on slots, ranks, areas, pull limits and
// clocks are all written here a second time, from data/journal/FORMAT.md; a test
// refuses a call of any function or method of package assign that decides
// something.
//
// # What an inversion is
//
// At an instant, sending unit u to call j is an inversion against the waiting
// call i if i is of a strictly higher class, still lacks a unit once all
// decisions of the same round are carried out, got none by them, and u could
// have served it: u is known to have what an open slot of i asks for, its area is
// within the reach of i's class, it has not given i back, and it reaches i within
// the pull limit. Taking u from i for j is one as well, however far away u was,
// if i lacks a unit afterwards that u could have been.
//
// Classes are compared by the [Order] that the auditor is given, not by the
// policy in force: that the policy said so explains nothing.
//
// Only an [Exception] explains an inversion. All of them are in the log: a
// dispatcher's order with a name and a reason; no way for u to i; i holds for a
// partner of the unit that it has; j was promoted by the rules to a rank not
// below that of i, and i is of no protected class.
//
// How long u would take to i does not follow from other facts. It is taken from
// the decision about j, which lists the calls that u passed over with the first
// rule that refuses it there; else from the newest decision about i, if that is
// of the same instant, or u was at the same place then. A rule that is stated
// there and does not hold by this package's own model is no excuse. Where the
// log holds no travel time the finding is [Unproven], which is no violation: logs
// of older programs do not say.
//
// # What else it finds
//
// Every other [Kind] is a violation, and stands with a line on each in [Kinds].
// After a fault the auditor believes the newest fact and goes on, so that one
// fault is blamed once, and at most on later facts of the same unit and call.
//
// Time is linear in the log but for the waiting calls of a higher class, which
// each dispatch is compared with. Memory holds the units, the calls that are
// open, and the IDs of the newest closed ones.
package audit
