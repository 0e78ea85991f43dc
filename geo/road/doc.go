// Package road holds the road graph of a city: crossings, the arcs between
// them with their lengths and travel times, and which street a point lies on.
// It knows no files but its own binary form, and nothing of routes.
//
// A Graph is built once, by a Builder or by Read, and never changes: it may be
// used by any number of goroutines. Lengths are whole millimetres and times
// whole milliseconds, one time for each geo.Profile. Arcs are drawn as straight
// segments between their end nodes, in the plane of longitude and latitude; a
// street across the antimeridian is drawn the long way round the earth.
//
// Arcs are kept in order of (tail, head, order of input), as compressed sparse
// rows in both directions. A street that can be driven both ways is two arcs,
// each the Twin of the other. An arc may be closed to a profile.
//
// Where turns are forbidden a junction is several nodes at one point, one for
// each street that comes in, one for each that goes out, and the turns that are
// left between them: arcs without length, on which nothing ever is.
package road
