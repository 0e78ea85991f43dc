package city

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"callbox/geo"
	"callbox/geo/area"
	"callbox/geo/road"
)

// Sources are the files that a city is built from, plain or gzipped.
type Sources struct {
	Name     string    // of the city
	Areas    []string  // GeoJSON, one file or more: precincts and sectors, say
	Roads    []string  // one OpenStreetMap file, or the files of one DIMACS graph in any order; none: no roads
	Posts    string    // points in GeoJSON, or a table with id or precinct, latitude, longitude; "": no posts
	TopSpeed geo.Speed // of a DIMACS graph, see dimacs.Options; 0 is its default

	// Order finds the order of the crossings that the city keeps, such as
	// route.Order; nil: it keeps none.
	Order func(g *road.Graph, progress func(done, total int)) []uint32
}

// Progress is told how far a step has come; total is 0 where it is not known.
type Progress func(step string, done, total int64)

// Build makes a city from files and reports what it holds; progress may be nil.
// Each file is checked by itself, then all of them together: areas must have an
// ID of their own over all files, and roads, areas and posts must be of one
// place. All roads are kept, those outside the areas as well: units drive there.
// A post whose area is not in the city, or that names none, gets the area it
// lies in.
//
// The error is Faults, or that of a file that cannot be read.
func Build(s Sources, progress Progress) (*City, Report, error) {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	c := &City{Name: s.Name, Origin: Origin{TopSpeed: s.TopSpeed}}
	files, err := readAreas(s.Areas, progress)
	if err != nil {
		return nil, Report{}, err
	}
	if c.Areas, err = unite(files); err != nil {
		return nil, Report{}, err
	}
	read := &RoadReport{}
	if len(s.Roads) > 0 {
		if c.Roads, read, err = readRoads(s.Roads, s.TopSpeed, progress); err != nil {
			return nil, Report{}, err
		}
	}
	if err := c.checkPlaces(files); err != nil {
		return nil, Report{}, err
	}
	var moved []string
	if s.Posts != "" {
		if c.Posts, err = readPosts(s.Posts); err != nil {
			return nil, Report{}, err
		}
		if moved, err = c.placePosts(s.Posts); err != nil {
			return nil, Report{}, err
		}
	}
	if c.Origin.Sources, err = s.describe(progress); err != nil {
		return nil, Report{}, err
	}
	if c.Roads != nil && s.Order != nil {
		c.Order = s.Order(c.Roads, func(done, total int) { progress("ordering crossings", int64(done), int64(total)) })
	}
	progress("looking at the city", 0, 0)
	report := c.survey()
	if report.Roads != nil {
		report.Roads.Dropped, report.Roads.Map = read.Dropped, read.Map
		if report.Roads.Inside == 0 {
			return nil, Report{}, fault(s.Roads[0], Elsewhere, "no crossing of the road network lies in an area; give the network of this city")
		}
	}
	if report.Posts != nil {
		report.Posts.Moved = moved
	}
	return c, report, nil
}

// placePosts gives each post an area of the city, and lists the posts whose own
// was none. Posts that are all elsewhere are a fault.
func (c *City) placePosts(file string) (moved []string, err error) {
	inside := 0
	box := geo.BoundOf()
	for i := range c.Posts {
		p := &c.Posts[i]
		box = box.With(p.At)
		place, ok := c.Areas.Locate(p.At, tolerance)
		if ok {
			inside++
		}
		if _, known := c.Areas.Get(p.Area); known {
			continue
		}
		if p.Area != "" {
			moved = append(moved, p.ID)
		}
		p.Area = ""
		if ok {
			p.Area = place.Areas[0]
		}
	}
	switch {
	case len(c.Posts) == 0 || inside > 0:
		return moved, nil
	case area.LooksSwapped(box, around(c.Areas.Bound())):
		return nil, fault(file, area.Swapped, "the posts lie in none of the areas, and would with latitude and longitude exchanged; exchange them")
	}
	return nil, fault(file, Elsewhere, "the posts lie between %v and %v, the areas between %v and %v; give the posts of this city",
		box.Min, box.Max, c.Areas.Bound().Min, c.Areas.Bound().Max)
}

// around is b and some more, in which a city's posts may lie.
func around(b geo.Bound) geo.Bound {
	far := geo.Meters(20_000)
	return geo.Around(b.Min, far).Union(geo.Around(b.Max, far))
}

// describe names the sources and sums their content.
func (s Sources) describe(progress Progress) ([]Source, error) {
	var sources []Source
	for _, use := range []struct {
		name  string
		paths []string
	}{{"areas", s.Areas}, {"roads", s.Roads}, {"posts", []string{s.Posts}}} {
		for _, path := range use.paths {
			if path == "" {
				continue
			}
			progress("summing "+filepath.Base(path), 0, 0)
			f, err := os.Open(path)
			if err != nil {
				return nil, err
			}
			h := sha256.New()
			n, err := io.Copy(h, f)
			if err := errors.Join(err, f.Close()); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			sources = append(sources, Source{use.name, filepath.Base(path), n, hex.EncodeToString(h.Sum(nil))})
		}
	}
	slices.SortFunc(sources, sourceOrder)
	return sources, nil
}
