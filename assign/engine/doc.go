// Package engine is the one writer: it takes commands, makes them facts, makes
// the facts durable, and only then answers.
//
//	Do, Move, Rank ----> queues (bounded) ----> writer (one goroutine)
//	                                              | 1 take what waits, at most MaxBatch
//	                                              | 2 decide each on the writer's state, ask the advisor
//	                                              | 3 append one frame to the journal
//	                                              | 4 apply it to the view
//	                                              v 5 answer all, wake the followers
//
// There are two states. The writer's is one frame ahead of the disk while an
// append is under way; nobody else sees it. The view's is what readers see, and
// facts enter it after they are durable, so that nothing is shown that a power
// cut could take back. Both are folded by the same assign.State.Apply.
//
// If an append fails, its outcome is unknown. The engine then refuses every
// write until it is opened again and has read the journal: it never guesses.
//
// The advisor is asked whenever the best answer can have changed (advise.go): at
// once for a call, a unit that is free again, an adopted policy, a closed street;
// within two seconds for units that have moved; once a minute about everything,
// since time alone changes costs. A policy may let calls wait for each other for
// a moment. While more commands wait than can be answered exactly, answers are
// greedy and say so; an exact one follows.
//
// Positions are not written to the journal as they come: they are old in seconds.
// Those that have changed are written before the decisions of the next round, with
// whatever else these were made by, so that they can be made again from the log
// (picture.go, assign/verify).
//
// The engine knows its surroundings by four small interfaces, each with a
// working version in memory beside it: [Journal] ([Memory]), [Clock] ([Manual],
// [Wall]), [Travel] ([StraightLine]) and [Advisor]; and by one function,
// [Streets], which finds what a geometry closes.
package engine
