package audit

import (
	"fmt"

	"callbox/assign"
)

// Kind says which promise is broken.
type Kind string

// The kinds of findings.
const (
	Inversion     Kind = "inversion"
	Unproven      Kind = "unproven"
	TwoCalls      Kind = "two_calls"
	NotOnDuty     Kind = "not_on_duty"
	WrongSlot     Kind = "wrong_slot"
	NotAble       Kind = "not_able"
	OutOfReach    Kind = "out_of_reach"
	PullLimit     Kind = "pull_limit"
	MayNotTake    Kind = "may_not_take"
	WrongRank     Kind = "wrong_rank"
	ClockMissing  Kind = "clock_missing"
	ClockWrong    Kind = "clock_wrong"
	ClockReset    Kind = "clock_reset"
	CallNotOpen   Kind = "call_not_open"
	Contradiction Kind = "contradiction"
	Impossible    Kind = "impossible"
)

// Kinds are all kinds, in the order in which they are listed, with what each
// means.
var Kinds = []struct {
	Kind  Kind
	Means string
}{
	{Inversion, "a unit was sent to a call while a higher one that it could serve lacked one"},
	{Unproven, "the same, and the log does not say how far away the unit was"},
	{TwoCalls, "a unit was sent while it was on another call"},
	{NotOnDuty, "a unit was sent that was off duty, out of service or never signed on"},
	{WrongSlot, "two units for one need, or one that no need asks for"},
	{NotAble, "a unit was sent that is not known to be able to do what is needed"},
	{OutOfReach, "a unit was sent from farther areas than the class may have"},
	{PullLimit, "a unit was sent from farther away than the class allows"},
	{MayNotTake, "a unit was taken from a call that the policy does not let it be taken from"},
	{WrongRank, "a call was promoted against the rules, or was not when it should have been"},
	{ClockMissing, "a share of a clock was used up and is no event"},
	{ClockWrong, "a clock's event or target is not what the call and the policy say"},
	{ClockReset, "a call was received a second time"},
	{CallNotOpen, "something happened to a call that is closed, or was never received"},
	{Contradiction, "a decision does not agree with itself, or with what followed"},
	{Impossible, "a fact cannot follow those before it"},
}

// Exception explains an inversion.
type Exception string

// The exceptions, in the order in which they are looked for.
const (
	ByOrder     Exception = "order"        // a dispatcher's order with name and reason
	PartnerHold Exception = "partner_hold" // the waiting call holds for a required partner unit
	Promoted    Exception = "promotion"    // the call that got the unit had been promoted
	Unreachable Exception = "unreachable"  // the unit had no way to the waiting call
)

// Exceptions are all exceptions, in that order.
var Exceptions = []Exception{ByOrder, PartnerHold, Promoted, Unreachable}

// partnerHold is the code of the reason for which a call waits that holds for a
// partner unit.
const partnerHold = "partner_hold"

// Finding is a promise that does not hold, and its witness in the log.
type Finding struct {
	Kind      Kind
	At        assign.Instant
	Fact      uint64 // number of the fact that shows it
	Unit      string
	Call      string
	Other     string    // of an inversion, the call that waits; of a unit taken, the call that lost it
	Explained Exception // of an inversion; "" if nothing explains it
	Sentence  string
}

// Violation reports whether the finding breaks a promise. What is unproven does
// only if strict.
func (f Finding) Violation(strict bool) bool {
	return f.Explained == "" && (f.Kind != Unproven || strict)
}

// String is the finding in a line for people.
func (f Finding) String() string {
	return fmt.Sprintf("%s fact %d: %s", f.At.Time().Format("2006-01-02 15:04:05Z"), f.Fact, f.Sentence)
}

// Report counts what was read and what was found.
type Report struct {
	Facts      int
	Calls      int
	Decisions  int
	Greedy     int // decisions made in haste, judged like all others
	Rounds     int // decisions that were made together
	Dispatches int
	Orders     int            // dispatches by a dispatcher's order
	Last       assign.Instant // of the newest fact
	Found      map[Kind]int   // inversions that are explained are not among them
	Explained  map[Exception]int

	// Unordered are classes of calls that the order does not rank, as they were
	// met, at most maxUnordered. Inversions are not judged for such calls.
	Unordered []string
}

const maxUnordered = 20

// Violations is how many findings break a promise.
func (r *Report) Violations(strict bool) (n int) {
	for kind, found := range r.Found {
		if (Finding{Kind: kind}).Violation(strict) {
			n += found
		}
	}
	return n
}
