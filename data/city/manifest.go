package city

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"

	"callbox/data/geojson"
	"callbox/geo/area"
	"callbox/geo/road"
)

// The files of a city folder.
const (
	manifestName = "manifest.json"
	areasName    = "areas.geojson"
	roadsName    = "roads.bin"
	orderName    = "order.bin"
	postsName    = "posts.geojson"
	demandName   = "demand.json"
)

// The mark and the version of a manifest.
const (
	manifestFormat  = "callbox city"
	manifestVersion = 1
)

// manifest describes a city folder.
type manifest struct {
	Format  string      `json:"format"`
	Version int         `json:"version"`
	Name    string      `json:"name"`
	Origin  Origin      `json:"origin"`
	Counts  counts      `json:"counts"`
	Files   []fileEntry `json:"files"`
}

// counts is how much a city holds.
type counts struct {
	Areas  []KindCount `json:"areas"` // finest first
	Nodes  int         `json:"nodes"`
	Arcs   int         `json:"arcs"`
	Posts  int         `json:"posts"`
	Demand int         `json:"demand_cells"`
}

// KindCount is how many areas of a kind there are.
type KindCount struct {
	Kind  area.Kind `json:"kind"`
	Areas int       `json:"areas"`
}

// fileEntry is a file of the folder other than the manifest.
type fileEntry struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func (c *City) counts() counts {
	n := counts{Areas: kindsOf(c.Areas.All()), Posts: len(c.Posts), Demand: len(c.Demand)}
	if c.Roads != nil {
		n.Nodes, n.Arcs = c.Roads.Nodes(), c.Roads.Arcs()
	}
	return n
}

// kindsOf counts areas by kind, in the order in which kinds come first.
func kindsOf(areas []area.Area) []KindCount {
	var kinds []KindCount
	place := make(map[area.Kind]int)
	for _, a := range areas {
		i, ok := place[a.Kind]
		if !ok {
			i = len(kinds)
			place[a.Kind], kinds = i, append(kinds, KindCount{Kind: a.Kind})
		}
		kinds[i].Areas++
	}
	return kinds
}

// part is a file of a city folder: how it is written, if the city has what
// belongs into it, and read.
type part struct {
	name  string
	use   bool // by this city
	write func(io.Writer) error
	read  func(io.Reader) error
}

// parts are the files of the folder of c but for the manifest.
func (c *City) parts() []part {
	return []part{
		{areasName, true, c.writeAreas, func(r io.Reader) error {
			areas, err := geojson.Read(r, geojson.Options{})
			if err == nil {
				c.Areas, err = area.NewSet(areas)
			}
			return err
		}},
		{roadsName, c.Roads != nil, func(w io.Writer) error {
			_, err := c.Roads.WriteTo(w)
			return err
		}, func(r io.Reader) (err error) {
			c.Roads, err = road.Read(r)
			return err
		}},
		{orderName, c.Order != nil, func(w io.Writer) error { return writeOrder(w, c.Order) }, func(r io.Reader) (err error) {
			c.Order, err = readOrder(r)
			return err
		}},
		{postsName, len(c.Posts) > 0, func(w io.Writer) error { return writePosts(w, c.Posts) }, func(r io.Reader) (err error) {
			c.Posts, err = geojson.ReadPosts(r, geojson.Options{})
			return err
		}},
		{demandName, len(c.Demand) > 0, func(w io.Writer) error { return writeDemand(w, c.Demand) }, func(r io.Reader) (err error) {
			c.Demand, err = readDemand(r)
			return err
		}},
	}
}

func (c *City) writeAreas(w io.Writer) error { return geojson.Write(w, c.Areas.All()) }

// maxManifest is the greatest size of a manifest in bytes.
const maxManifest = 1 << 20

// parse reads a manifest. First it reads the mark and the version alone: those
// of another program or version may look otherwise.
func (m *manifest) parse(text []byte) error {
	var mark struct {
		Format  string `json:"format"`
		Version int    `json:"version"`
	}
	if err := json.Unmarshal(text, &mark); err != nil || mark.Format != manifestFormat {
		return area.Nowhere.Fault(NotCity, fmt.Sprintf("it is not a manifest of format %q; name a folder made by callbox city build", manifestFormat))
	}
	if mark.Version != manifestVersion {
		return area.Nowhere.Fault(OtherVersion, fmt.Sprintf("its version is %d, this program reads %d; build the city again", mark.Version, manifestVersion))
	}
	if err := readJSON(bytes.NewReader(text), m); err != nil {
		return area.Nowhere.Fault(DamagedFile, fmt.Sprintf("it cannot be read (%v); build the city again", err))
	}
	return nil
}

// sourceOrder puts sources in the order of a manifest, whatever the order in
// which they were named.
func sourceOrder(a, b Source) int {
	return cmp.Or(cmp.Compare(a.Use, b.Use), cmp.Compare(a.Name, b.Name), cmp.Compare(a.SHA256, b.SHA256))
}
