// Package cch is a customizable contraction hierarchy: what a road graph needs
// so that travel times are found in nanoseconds and follow a change of weights
// in milliseconds. It knows numbered nodes, arcs and weights, and nothing of
// the earth.
//
// A Topology is made once for a graph and an order in which its nodes are
// eliminated. Eliminating a node joins all its later neighbours; the arcs that
// are there in the end are those of the topology. Each node's first later
// neighbour is its parent in the elimination tree, and all its later neighbours
// are its ancestors. A Metric holds a weight up and a weight down for each arc,
// such that shortest ways go up the tree first and then down: customizing it
// relaxes every lower triangle once, bottom-up. Dibbelt, Strasser and Wagner,
// "Customizable Contraction Hierarchies", ACM Journal of Experimental
// Algorithmics 21, 2016.
//
// A label holds the distances from a node, or to it, to each of its ancestors, by
// their depth. The distance between two nodes is the least sum over the
// ancestors that they share, which are the first entries of both labels.
//
// Nodes are numbered anew, in postorder of the tree: children come before their
// parents and a subtree is a range of numbers. Weights are at most kernel.Inf,
// which stands for "no way"; so do greater sums.
package cch
