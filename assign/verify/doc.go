// Package verify makes every decision of a log again, from what the log holds, and
// compares it with the one that was logged, byte for byte. A log can be changed
// so that its frames still follow each other, by whoever can write them anew; this
// finds what cannot have come of what stands before it.
//
// Each fact of a log was made by a command, and a command's facts depend on nothing
// but the state and the instant. The verifier folds the log, finds for each fact the
// command that it must have come from, and has the state decide it again:
//
//   - a round is decided anew by the advisor, from the same picture as the engine
//     showed it (engine.Picture), and its decisions must be those that follow;
//   - the units that go and come by a decision must be those that it names;
//   - the events of clocks must be there, in order, at their very instants;
//   - a policy must be what its text says;
//   - everything else must be what its command makes of the state: a unit that is
//     on no call arrives nowhere, a call has the targets of its class.
//
// What came from outside is taken as it stands: that a call was reported, where a
// unit said it was, what a dispatcher ordered. A change of such a thing is found if
// anything that follows depends on it.
//
// Some rounds cannot be made again, and are counted apart: those on other
// roads, travel times or demand than the verifier has; those of logs before version
// 4, which do not say by what they were made; and one that was cut off because the
// engine was killed between two frames of it. A log that comes to say by what its
// rounds were made does so from there on. Decisions of another version of the
// program may differ because the program does: they are told, and not held against
// the log.
//
// After a difference the verifier believes the log and goes on.
package verify
