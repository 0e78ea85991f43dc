// Package route answers how long it takes by road: from one place to another,
// and from every moving unit to a call, soonest first. It knows a road graph
// and nothing of dispatch.
//
// A Network is the graph with all that is prepared for asking, and may be
// shared; its conditions, which arcs are closed and how long the others take,
// change in one step for all. A Query holds the memory of one search, and a
// Fleet that and the moving units; each belongs to one goroutine.
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
// The fastest way decides, and of several equally fast ways the shortest: time
// and distance of a Leg depend on nothing else. The way from a place to the
// street is not counted. A way of more than Horizon or FarHorizon is no way.
//
// The search is that of Dijkstra, "A note on two problems in connexion with
// graphs", Numerische Mathematik 1, 1959, backward from the destination.
package route
