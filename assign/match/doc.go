// Package match solves the assignment problem exactly: who gets whom, so that
// the sum of costs is least. It knows nothing but numbers, and can be used on its
// own.
//
// Each row takes at most one column and each column at most one row. A row may
// take none, at the price None; a row without None must get a column. Pairs may
// be forbidden. Costs are tuples of integers, compared lexicographically and
// added level by level: level 0 is minimised first, level 1 among what is best in
// level 0, and so on, in one run. Costs may be below 0.
//
//	row.go        Row, a row's candidates as a stream; List
//	matching.go   Matching, an optimum that is kept; Solve
//	change.go     rows and columns come, go and change
//	augment.go    the search from a row
//	settle.go     the search from a column
//	arcs.go       what a row knows: near, far, and not read yet
//	price.go      what a column or a row is worth; forced.go, what a pair would cost
//	verify.go     the proof
//	dense.go      Dense, for a problem that is there as a full matrix; Assignment, its answer
//
// # How
//
// A row enters by a shortest augmenting path, found by Dijkstra's algorithm on
// reduced costs (Tomizawa, "On some techniques useful for solution of
// transportation network problems", Networks 1, 1971; Jonker and Volgenant, "A
// shortest augmenting path algorithm for dense and sparse linear assignment
// problems", Computing 38, 1987). It needs only an ordered group, so tuples do as
// well as numbers. Prices of columns begin at 0 and fall; those of free columns
// stay at 0. So the bound of a stream bounds the reduced cost of all candidates
// that were not read, one node of the search stands for them, and the answer is
// exact though far columns are never looked at. None is a column of the row's
// own, with the price 0.
//
// A row that leaves, and a column that comes, start the same search from the
// column, which ends where a price comes back to 0. All other changes are made of
// these two. A search takes O((r + a) log a) comparisons of tuples, for r rows
// and a arcs that it comes upon; on a map these are few.
//
// Dense runs the same search over the rows of a matrix. It pays where searches
// come upon much: where there are nearly as many rows as columns, or few pairs
// that are clearly better than others. On a map of 1,000 rows it takes a fraction
// of Solve's time at 1,000 columns, and Solve a fraction of that of Dense at
// 10,000. Solve does not choose: to read a stream to its end costs more than to
// have a matrix.
//
// # What the answer depends on
//
// The problem and the order of changes, and nothing else: not on how far streams
// were read, how loose their bounds are, or in which order they give what they
// have. Where several columns are equally good, the search takes that of the lower
// number, and a column rather than None; as paths move rows about later, this
// makes no rule that a person could apply. Who needs the same answer under any
// order adds a last level that makes the optimum unique. Total, Price, RowPrice
// and Forced are numbers of the problem alone.
//
// # Limits
//
// See the constants. Within them nothing overflows; what is beyond is refused.
// Memory: 8 bytes a level of every candidate that was read and not made void
// since, of every column number met and of every row, and some tens of bytes each.
package match
