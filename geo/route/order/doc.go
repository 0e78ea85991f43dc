// Package order finds in which order the nodes of a road graph are best
// eliminated, as customizable contraction hierarchies ask for: Dibbelt, Strasser
// and Wagner, "Customizable Contraction Hierarchies", ACM Journal of
// Experimental Algorithmics 21, 2016. It looks at streets and at where nodes
// lie, not at weights, so one order serves every profile and all traffic.
//
// The order is a nested dissection. A small set of nodes, the separator, parts
// the graph into two sides of similar size; it comes last in the order, and the
// sides before it are ordered likewise, each for itself. What is eliminated in
// one side then never joins anything in the other.
//
//	reduce.go   ends of dead-end streets, bends and plain junctions go first
//	order.go    the recursion
//	part.go     a part of the graph, and its components without a separator
//	split.go    the choice of a separator: inertial flow, then piercing
//	flow.go     greatest flows through nodes, and the least cuts they leave
//	quality.go  what an order is worth
package order
