// Package geo knows places on the earth: a point, the distance between two,
// the box around many. It knows nothing of police, files or HTTP.
//
// Coordinates are integers of 1e-7 degree (E7, at most 11 mm on the ground):
// they compare, hash and order exactly, cannot hold NaN or -0, and are the
// same on every machine. Floats are taken in at the door by FromDegrees and
// given out at the other by Degrees; nothing in between decides with them.
//
// The rooms above this one: geo/cell (H3 hexagons), geo/index (R-trees),
// geo/area (polygons), geo/road (the road graph), geo/route (travel time).
package geo
