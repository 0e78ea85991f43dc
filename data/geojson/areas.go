package geojson

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"

	"callbox/geo/area"
)

// Read reads the areas of r, to its end, and mends them (area.Mend). The error
// is area.Faults if the file is at fault: all of its faults, as far as they can
// be told. Any other error is that of r. It keeps no more of the file in
// memory than its areas.
func Read(r io.Reader, opts Options) ([]area.Area, error) {
	var report area.Report
	var areas []area.Area
	var features []int // the index of each area in the file
	err := collection(r, opts, &report, func(f feature, index int) {
		id, kind, parent := identify(f, opts)
		shape, fault := f.polygons()
		if fault != "" {
			report.Add(area.Feature(index, id).Fault(NotPolygon, fault+"; a Polygon or a MultiPolygon is expected"))
			return
		}
		areas = append(areas, area.Area{ID: id, Kind: kind, Name: f.properties["name"], Parent: parent, Shape: shape})
		features = append(features, index)
	})
	if err != nil {
		return nil, err
	}
	areas = area.Mend(areas, features, &report)
	if err := report.Err(); err != nil {
		return nil, err
	}
	return areas, nil
}

// identify finds the ID, the kind and the parent of a feature, as the package
// comment has it.
func identify(f feature, opts Options) (id string, kind area.Kind, parent string) {
	p := f.properties
	precinct := cmp.Or(p["precinct"], p["pct"])
	switch {
	case opts.IDProperty != "":
		id, kind = p[strings.ToLower(opts.IDProperty)], area.Precinct
	case p["beat"] != "":
		id, kind, parent = p["beat"], area.Beat, cmp.Or(p["sector"], precinct)
	case p["sector"] != "":
		id, kind, parent = p["sector"], area.Sector, precinct
	case precinct != "":
		id, kind = precinct, area.Precinct
	default:
		id, kind = cmp.Or(f.id, p["id"]), area.Kind(cmp.Or(strings.ToLower(p["kind"]), string(area.Precinct)))
	}
	return id, cmp.Or(opts.Kind, kind), cmp.Or(p["parent"], parent)
}

// polygons is the shape of a feature, or what it has in place of one.
func (f feature) polygons() (shape orb.MultiPolygon, fault string) {
	c := f.at
	switch {
	case f.geometry == "Polygon" && c.depth == 3:
		return orb.MultiPolygon{c.polygon}, ""
	case f.geometry == "MultiPolygon" && c.depth == 4:
		return c.multi, ""
	case f.geometry == "":
		return nil, "it has no geometry"
	case f.geometry != "Polygon" && f.geometry != "MultiPolygon":
		return nil, fmt.Sprintf("its geometry is of type %q", clip(f.geometry))
	case c.depth == 0:
		return nil, "its geometry is empty"
	}
	return nil, fmt.Sprintf("its geometry is a %s with coordinates nested %d deep", f.geometry, c.depth)
}
