// Package dimacs reads road graphs in the formats of the 9th DIMACS
// Implementation Challenge (Shortest Paths, 2006), plain or gzipped: a file of
// coordinates (.co), a graph of lengths (.gr) and, if there is one, a graph of
// travel times (.gr) with the same arcs in the same order.
//
//	c a comment               c a comment
//	p aux sp co NODES         p sp NODES ARCS
//	v ID LON LAT              a TAIL HEAD WEIGHT
//
// IDs count from 1, coordinates are millionths of a degree (WGS 84), lengths
// are tenths of a metre. Times are not seconds: the challenge divided the
// length by a factor of the road class, 1.0 for the fastest roads and 0.4 for
// local streets. Options.TopSpeed is the speed of class 1.0, which turns them
// into milliseconds. Without a graph of times every arc is a local street.
//
// Reading is strict: an Error names file, line and rule of the first thing
// that is wrong. Memory grows with what was read and not with what a header
// promises, and lines have a greatest length. Of a graph in several parts the
// largest strongly connected component is kept; Report says what was dropped.
package dimacs
