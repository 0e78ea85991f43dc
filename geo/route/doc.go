// Package route answers how long it takes by road: from one place to another,
// and from every moving unit to a call, soonest first. It knows a road graph
// and nothing of dispatch.
//
// A Network is the graph with all that is prepared for asking; it may be shared.
// New prepares little: its Query asks for one way and its Fleet for units, both
// by a plain search backward from the destination, Dijkstra's ("A note on two
// problems in connexion with graphs", Numerische Mathematik 1, 1959). Prepare
// adds a hierarchy (package cch): its Ways and its Units give the same times some
// thousand times as fast. The plain search stays beside them as the honest twin,
// and every random test compares the two.
//
//	network.go     Network, made by New or, with a hierarchy, by Prepare
//	conditions.go  closed arcs and other travel times, put in force by Adopt
//	close.go       the arcs that a shape meets, and closing them
//	units.go       Units: labels of units in both profiles, and how they move
//	soonest.go     Units.Nearest and Soonest: units in order of time
//	matrix.go      Units.Matrix: many units, many places
//	ways.go        Ways: one way, its time and its path
//	fleet.go       Fleet, and its Nearest in nearest.go: the plain twin of Units
//	query.go       Query, and its Path in path.go: the plain twin of Ways
//
// # What is exact
//
// Places are snapped to the nearest street and lie anywhere along it. In the
// middle of an arc a unit may go on to its head and, on a two-way street, back
// along the twin; a call there is reached likewise. A place at the very end of a
// street is at the crossing, where every turn is open that is open to those who
// come by that street; the call is reached there by every turn into it. Arcs
// that are closed are not driven, nor are those closed to a profile in it.
//
// The time from the tail of an arc to a place on it is its travel time times
// the millimetres before the place over its length, rounded down to the
// millisecond; part of an arc takes the difference of two such times, so parts
// add up to the whole. An arc without length counts as its tail.
//
// The fastest way decides, and its time depends on nothing but the roads. Where
// several ways are equally fast, the plain search gives the distance of the
// shortest of them, and a hierarchy that of one of them, always the same one on
// the same roads. The way from a place to the street is not counted. A way of
// more than Horizon is no way.
//
// # Changing roads
//
// Adopt closes arcs and changes travel times for all who ask, by one step from
// an epoch to the next: whoever is at a question finishes it in the old one, and
// nobody waits. Version names the epoch by the content of graph, times and
// closures, so that a decision can say which roads it knew.
package route
