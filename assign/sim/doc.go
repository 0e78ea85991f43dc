// Package sim is a city in a seed: calls that come in, and units that drive to
// them, work there, and drive back. It decides nothing about who goes where; it
// asks a dispatcher, which may be a server behind HTTP, and does as it is told.
//
// A [World] is a calendar of events in virtual time. [World.Step] runs it up to
// an instant and gives the actions that callers and units take; the Told
// methods say what the dispatcher answered. Everything random is drawn by call
// from the seed (see [Caller]), so that the same seed gives the same calls
// whatever is decided about them.
package sim
