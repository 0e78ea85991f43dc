// Package index finds things by place: moving points (Points) and standing
// boxes (Boxes), each in an R-tree.
//
// An R-tree (Guttman, "R-Trees: A Dynamic Index Structure for Spatial
// Searching", SIGMOD 1984) takes O(log n) expected time for a change and
// O(log n + k) for a question with k answers. The tree works with float64; an
// E7 coordinate fits one exactly, so nothing is lost on the way.
//
// Answers never depend on the order in which things were put in: where the
// tree leaves ties open, this package reads on until they are settled and
// sorts them by ID.
//
// The zero values of Points and Boxes are empty and ready for use. Neither may
// be changed while another goroutine uses it; any number may ask at a time.
package index
