// Package kernel holds the inner loops of travel times from labels: element by
// element sums and minima over rows of numbers. A label lists what the ways
// from a place to its ancestors in the elimination tree cost, and a distance is
// the least sum of two labels over the ancestors that both places share: Dibbelt,
// Strasser and Wagner, "Customizable Contraction Hierarchies", ACM Journal of
// Experimental Algorithmics 21, 2016; Abraham, Delling, Goldberg and Werneck,
// "A Hub-Based Labeling Algorithm for Shortest Paths in Road Networks", SEA 2011.
//
// All numbers are milliseconds of at most Inf, so that a sum of two fits a
// uint32. Numbers above that are added modulo 2^32, on every machine alike.
// Nothing is allocated, and nothing outside of the slices is read or written.
//
// On amd64 with AVX2 the loops are in assembly, eight numbers at a time. Where
// that is missing, or with the build tag purego, they are in Go, with the same
// results.
package kernel
