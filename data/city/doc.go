// Package city makes, keeps and checks cities: the areas of a police
// department, its road network, the posts of its units, and where calls come
// from. Build makes a City from files, Sample makes one up.
//
// # A city folder
//
// City.Write keeps a city in a folder of its own, and Open reads it back:
//
//	manifest.json    what the city was made from, how much it holds, and the
//	                 SHA-256 of every other file
//	areas.geojson    the areas, as package geojson writes them
//	roads.bin        the road graph, as package road writes it, if there is one
//	posts.geojson    the posts, as points, if there are any
//	demand.json      cells and weights, if there are any
//
// The same inputs make the same bytes. A folder is written beside its place
// and put there when it is complete and on disk, so that an error leaves what
// was there; a folder that holds anything but a city is refused.
//
// # Faults
//
// Files are checked as a whole: Build, Open and Check report as many faults as
// can be found in one go, as Faults, each with its file, its place in it, the
// rule and what to do. What decides what a file is, is its content.
package city
