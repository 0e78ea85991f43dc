// Package cover tells how well available units cover a city's demand, what is
// lost if one of them goes, and where to post others. It is pure.
//
// A unit covers a cell if it could be there within a given time along the
// straight line, as the policy estimates it. Of k available units that cover a
// cell with demand d, each busy for a share q of its time, one is free with the
// chance 1-q^k: the maximum expected covering of Daskin ("A Maximum Expected
// Covering Location Model", Transportation Science 17, 1983), counted over the
// units that are available now, as Jagtenberg, Bhulai and van der Mei do ("An
// Efficient Heuristic for Real-Time Ambulance Redeployment", Operations Research
// for Health Care 4, 2015). So the k-th unit adds d(1-q)q^(k-1), and that is lost
// when one goes. q is the share of the units on duty that are on calls now.
//
// All of it is counted in integers: demand in billionths of the city's, q in
// thousandths, chances in billionths, rounded down.
//
//	city.go      where the calls come from, and what lies within reach of a place
//	map.go       how many available units cover each cell
//	moveup.go    which unit to post where
package cover
