package city

import (
	"errors"
	"fmt"
	"io"
	"os"

	"callbox/data/geojson"
	"callbox/geo"
	"callbox/geo/area"
)

// areasFile is a file of areas that is sound by itself.
type areasFile struct {
	path  string
	areas []area.Area
}

// readAreas reads files of areas and gives the faults of all of them.
func readAreas(paths []string, progress Progress) ([]areasFile, error) {
	if len(paths) == 0 {
		return nil, fault("", geojson.NoFeatures, "a city needs a file of areas, and none is named")
	}
	var files []areasFile
	var faults Faults
	for _, path := range paths {
		areas, err := readAreasFile(path, progress)
		var more Faults
		switch {
		case errors.As(err, &more):
			faults = append(faults, more...)
		case err != nil:
			return nil, err
		}
		files = append(files, areasFile{path, areas})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return files, nil
}

func readAreasFile(path string, progress Progress) ([]area.Area, error) {
	if _, err := expect(path, areasFormat, pointsFormat); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &counted{r: f, step: "reading areas", progress: progress}
	if info, err := f.Stat(); err == nil {
		r.total = info.Size()
	}
	areas, err := geojson.Read(r, geojson.Options{})
	return areas, faultsOf(path, err)
}

// counted tells how much of a file was read.
type counted struct {
	r           io.Reader
	done, total int64
	step        string
	progress    Progress
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.done += int64(n)
	c.progress(c.step, c.done, c.total)
	return n, err
}

// unite makes one set of the areas of several files.
func unite(files []areasFile) (*area.Set, error) {
	type origin struct {
		file    string
		feature int
	}
	var all []area.Area
	var origins []origin
	var faults Faults
	first := make(map[string]origin)
	for _, f := range files {
		for i, a := range f.areas {
			here := origin{f.path, i}
			if o, ok := first[a.ID]; ok {
				faults = append(faults, Fault{File: f.path, Err: area.Feature(i, a.ID).Fault(area.DuplicateID,
					fmt.Sprintf("feature %d of %s has this ID too; give each area its own", o.feature, o.file))})
			} else {
				first[a.ID] = here
			}
			all, origins = append(all, a), append(origins, here)
		}
	}
	if len(faults) > area.MaxFaults {
		more := area.Nowhere.Fault(area.MoreFaults, fmt.Sprintf("%d more faults are not listed; mend these first", len(faults)-area.MaxFaults))
		faults = append(faults[:area.MaxFaults], Fault{Err: more})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	set, err := area.NewSet(all)
	var wrong area.Faults
	if !errors.As(err, &wrong) {
		return set, err
	}
	for _, f := range wrong { // what only shows when all areas are there: parents
		file := ""
		if f.Feature >= 0 {
			o := origins[f.Feature]
			file, f.Feature = o.file, o.feature
		}
		faults = append(faults, Fault{File: file, Err: f})
	}
	return nil, faults
}

// checkPlaces compares where the files of areas lie with the roads, or, where
// there are none, with the first file.
func (c *City) checkPlaces(files []areasFile) error {
	reference, what := boundOf(files[0].areas), files[0].path
	if c.Roads != nil {
		reference, what = c.Roads.Bound(), "the roads"
	}
	var faults Faults
	for _, f := range files {
		b := boundOf(f.areas)
		where := fmt.Sprintf("the areas lie between %v and %v, %s between %v and %v", b.Min, b.Max, what, reference.Min, reference.Max)
		switch {
		case b.Touches(reference):
		case area.LooksSwapped(b, reference):
			faults = append(faults, Fault{File: f.path, Err: area.Nowhere.Fault(area.Swapped,
				where+": they would meet with latitude and longitude exchanged; GeoJSON puts longitude first")})
		case c.Roads != nil:
			faults = append(faults, Fault{File: f.path, Err: area.Nowhere.Fault(Elsewhere, where+"; give files of one city")})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return nil
}

func boundOf(areas []area.Area) geo.Bound {
	box := geo.BoundOf()
	for _, a := range areas {
		b := a.Shape.Bound()
		for _, corner := range [2][2]float64{b.Min, b.Max} {
			if p, err := geo.FromDegrees(corner[1], corner[0]); err == nil { // mended areas are on the earth
				box = box.With(p)
			}
		}
	}
	return box
}
