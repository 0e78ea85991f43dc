package city

import (
	"encoding/json"
	"io"
	"strconv"

	"callbox/data/geojson"
)

// readPosts reads posts from points in GeoJSON, or from a table.
func readPosts(path string) ([]Post, error) {
	f, err := expect(path, pointsFormat, tableFormat, areasFormat)
	if err != nil {
		return nil, err
	}
	if f != tableFormat {
		posts, err := geojson.ReadPostsFile(path, geojson.Options{})
		return posts, faultsOf(path, err)
	}
	r, err := open(path)
	if err != nil {
		return nil, faultsOf(path, err)
	}
	defer r.Close()
	return readTable(path, r)
}

// postFeature is a post in GeoJSON.
type postFeature struct {
	Type       string         `json:"type"`
	ID         string         `json:"id"`
	Properties postProperties `json:"properties"`
	Geometry   postGeometry   `json:"geometry"`
}

type postProperties struct {
	Area string `json:"area,omitempty"`
}

type postGeometry struct {
	Type        string         `json:"type"`
	Coordinates [2]json.Number `json:"coordinates"`
}

// writePosts writes posts as GeoJSON that geojson.ReadPosts reads, one a line.
func writePosts(w io.Writer, posts []Post) error {
	lines := []byte(`{"type":"FeatureCollection","features":[`)
	for i, p := range posts {
		if i > 0 {
			lines = append(lines, ',')
		}
		lat, lon := p.At.Degrees()
		line, err := json.Marshal(postFeature{"Feature", p.ID, postProperties{p.Area}, postGeometry{"Point", [2]json.Number{sevenDecimals(lon), sevenDecimals(lat)}}})
		if err != nil {
			return err
		}
		lines = append(append(lines, '\n'), line...)
	}
	_, err := w.Write(append(lines, "\n]}\n"...))
	return err
}

func sevenDecimals(v float64) json.Number { return json.Number(strconv.FormatFloat(v, 'f', 7, 64)) }
