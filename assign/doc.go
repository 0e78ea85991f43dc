// Package assign is the core of callbox: the nouns of dispatch, what a command
// does to them, and what that leaves in the log. It is pure. Time, chance and
// order are arguments; there is no IO, no clock, no goroutine and no map order
// in it, so the same commands give the same facts on every machine, for ever.
//
// # The way of a call
//
//	wire -> Command -> State.Decide -> facts -> journal (durable) -> State.Apply
//	                        ^                                           |
//	                        |                                           v
//	                 Dispatch command <- Advisor <- Situation (who waits, who is free, travel times)
//
// A [Command] asks for something. [State.Decide] answers with facts, or with a
// [Refusal] that names what was wrong; it changes nothing. A [Fact] is what
// happened, in the past tense; it is never changed once it is in the log.
// [State.Apply] folds a fact into the state and decides nothing. The state is
// therefore a function of the log, and [State.Digest] proves that two are the
// same.
//
// Which unit goes to which call is not decided here. The advisor (package
// assign/policy) looks at a [Situation] and proposes; a proposal comes back as
// a [Dispatch] command, through the same door as a dispatcher's [Override],
// and is checked by the same rules: a unit is never on two calls, a call never
// has two units for one need.
//
// # Units of measure
//
// Instants are milliseconds since 1970 UTC ([Instant]), durations are
// time.Duration in whole milliseconds, lengths millimetres (geo.Distance),
// places 1e-7 degree (geo.Point). What decides is always one of these integers,
// and every order ends in the ID.
//
// # Where to go from here
//
//	state.go, apply.go    what the log adds up to
//	decide*.go            what each command does, and why it is refused
//	situation.go          the advisor's picture, and the decision it returns
//	assign/policy         classes, run cards, rules and costs; the advisor
//	assign/cover          how well available units cover the city; whom to post elsewhere
//	assign/engine         the one writer: commands in, durable facts out
//	assign/verify         every decision of a log, made again from it
package assign
