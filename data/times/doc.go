// Package times reads how long the arcs of a road graph take by the hour of the
// week, from a table of comma-separated values, plain or gzipped, with a line
// for each arc:
//
//	arc,h0,h1,...,h167
//	17,12.5,12.5,...,13
//
// The first line names the columns, which may come in any order:
//
//	arc          the number of the arc, as WriteArcs lists it
//	h0 to h167   its time in seconds in each hour of the week, all of them; h0
//	             begins on Monday at 00:00 local time
//	tail, head   its end nodes; they may be left out, and guard against a table
//	             that was made for another graph where they are there
//
// The other columns that WriteArcs writes may be there and are not read; any
// further one is an error. So is an arc that the graph does not have, one that
// is there twice, one of part of the hours only, and a time that is negative, no
// number, or above 6,553.5 s. An error names the line and the column.
//
// # What a time means
//
// Times are those of routine driving, and are kept to a tenth of a second. One
// that would mean more than TopSpeed is raised to the time at that speed, and
// counted: sources write zero where nobody was seen. The emergency time of the
// arc is the given one times the graph's own emergency time over its own routine
// time, rounded up to the millisecond; it is the given one where the graph's own
// routine time is zero.
//
// Arcs that are not in the table keep the times of the graph in every hour. So
// do those that routine driving may not use, and what is closed to a profile in
// the graph stays closed to it.
//
// # Memory
//
// A week takes 340 bytes for each arc in the table: 250 MB for a table of all
// 733,846 arcs of the DIMACS graph of New York, 3 MB for its 9,000 busiest. One
// hour, as Week.Hour makes it, takes 4 bytes for each arc of the graph and
// profile.
package times
