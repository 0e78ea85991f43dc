package city

import (
	"callbox/data/dimacs"
	"callbox/data/osm"
	"callbox/geo"
	"callbox/geo/road"
)

// readRoads reads a road network: one file of OpenStreetMap, or those of a
// DIMACS graph. The report is about what was read, not about what is left.
func readRoads(paths []string, top geo.Speed, progress Progress) (*road.Graph, *RoadReport, error) {
	for _, path := range paths {
		f, err := expect(path, graphFormat, coordsFormat, osmFormat)
		switch {
		case err != nil:
			return nil, nil, err
		case f != osmFormat:
		case len(paths) > 1:
			return nil, nil, fault(path, WrongFormat, "this is %s, which has all there is to know of the roads; give it alone, or merge several of them first (osmium merge)", f)
		case top != 0:
			return nil, nil, fault(path, WrongFormat, "this is %s, which has speed limits of its own; a top speed is for a DIMACS graph: leave it out", f)
		default:
			return readMap(path, progress)
		}
	}
	g, r, err := dimacs.ReadFiles(paths, dimacs.Options{
		TopSpeed: top,
		Progress: func(done, total int64) { progress("reading roads", done, total) },
	})
	return g, &RoadReport{Dropped: r.DroppedNodes}, faultsOf("", err)
}

func readMap(path string, progress Progress) (*road.Graph, *RoadReport, error) {
	g, r, err := osm.ReadFile(path, osm.Progress(progress))
	return g, &RoadReport{Dropped: r.Dropped, Map: &r}, faultsOf(path, err)
}

// checkMap tests a file of OpenStreetMap.
func checkMap(path string) (Report, error) {
	g, read, err := readMap(path, func(string, int64, int64) {})
	if err != nil {
		return Report{}, err
	}
	roads := surveyRoads(g)
	roads.Dropped, roads.Map = read.Dropped, read.Map
	return Report{What: "roads", Roads: roads}, nil
}

// mapRows are about what OpenStreetMap says, and what became of it.
func mapRows(m *osm.Report, row func(label, format string, args ...any)) {
	row("highways", "%d, %d of them driven, %.0f km", m.Ways, m.Driven, m.Length.Meters()/1000)
	for _, c := range m.Unused {
		row("not driven", "%d %s", c.N, c.What)
	}
	for _, c := range m.Remarks {
		row("passed over", "%d with %s", c.N, c.What)
	}
	if m.Missing > 0 {
		row("beyond the rim", "%d nodes of highways that the file does not have", m.Missing)
	}
	if m.Barriers > 0 {
		row("barriers", "%d", m.Barriers)
	}
	if m.Restrictions > 0 {
		row("turn restrictions", "%d, %d of them honoured by routine driving", m.Restrictions, m.Honoured)
	}
	for _, c := range m.Ignored {
		row("not honoured", "%d %s", c.N, c.What)
	}
	if m.Emergency > 0 {
		row("emergency only", "%d nodes that routine driving does not reach", m.Emergency)
	}
}
