// Package osm reads road graphs from extracts of OpenStreetMap: .osm.pbf, .osm
// and .osm.gz, with their objects in any order.
//
// A file is read twice, ways and turn restrictions first, then the nodes that
// those ways use, so that memory grows with the roads and not with the map. In
// PBF every block is checked before the decoder sees it.
//
// Of several versions of an object the newest counts. What is deleted there, in
// the history of the map (visible=false) or by an editor (action=delete), is not
// read, and a node without a place is one that the file does not have.
//
// # What is driven
//
// The classes of highway in speed.go, at the speeds there: so much percent of
// maxspeed, or of a limit that goes with the class. An emergency unit drives at
// 4/3 of the routine speed.
//
// Both profiles keep to one-way streets: oneway, junction=roundabout and
// circular, and motorways. A way whose direction changes with the hour is open
// to the emergency profile only.
//
// Of motorcar, motor_vehicle, vehicle and access the first that is there says
// who may drive (access.go). What is private, or is closed and has
// emergency=yes, is open to the emergency profile only; emergency=no closes to
// both. Gates are opened by the emergency profile, bollards by none, unless
// their tags say otherwise; one can turn round before either.
//
// Turn restrictions bind the routine profile and not the emergency one. Turning
// round stays open unless no_u_turn forbids it. Restrictions by way of another
// way and conditional ones are not honoured; the Report counts them.
//
// # What becomes of it
//
// Every node of a way is a node of the graph. Where not every turn is open, a
// node becomes several at one point, joined by the turns that are left. The
// largest part in which everywhere can be reached from everywhere is kept, by
// the emergency profile; what routine driving could enter and not leave is
// closed to it (road.LargestComponent). Nothing depends on the order of the
// file.
package osm
