// Package geojson reads and writes areas as GeoJSON (RFC 7946): a
// FeatureCollection, or a single Feature, of Polygons and MultiPolygons in WGS
// 84, plain or gzipped. It reads as a stream, with bounds on everything that a
// file can make long, deep or many, and it finds all faults of a file that can
// be found in one go; a file with a fault is refused whole. ReadShape and
// AppendShape are for one geometry of any type, in memory.
//
// # Which property is the ID
//
// City files name their areas in their own ways. The first of these properties
// that a feature has, in letters of either case, gives its ID and its kind:
//
//	beat              a beat
//	sector            a sector
//	precinct or pct   a precinct
//	id                the kind that the property kind names, or a precinct
//
// A number is as good as a string: 75, 75.0 and "75" are one ID. The finest
// comes first, since files of sectors often give the precinct of each as well;
// that one is then the parent. The id may also be that of the Feature itself.
// The properties name and parent are read where they are there.
// Options.IDProperty names another property.
//
// # What is forgiven
//
// Rings in either direction, repeated positions, spikes, parts without area
// (see area.Mend), altitudes, foreign members, members in any order, a byte
// order mark, a crs member that names WGS 84.
package geojson
