package geojson

import (
	"cmp"
	"fmt"
	"io"

	"callbox/geo"
	"callbox/geo/area"
)

// Post is a place where units stand by: a station house.
type Post struct {
	ID   string // 1 to 128 bytes; often a name
	Area string // the ID of the area it serves, "" if the file does not say
	At   geo.Point
}

const maxPostID = 128 // bytes

// ReadPosts reads the Point features of r, in order. The ID of a post is that
// of the Feature or its property id, name, precinct or pct, whichever comes
// first; its area is the property area, precinct or pct. Limits and errors are
// those of Read.
func ReadPosts(r io.Reader, opts Options) ([]Post, error) {
	var report area.Report
	var posts []Post
	seen := map[string]int{}
	err := collection(r, opts, &report, func(f feature, index int) {
		p := f.properties
		precinct := cmp.Or(p["precinct"], p["pct"])
		id := cmp.Or(f.id, p["id"], p["name"], precinct)
		where := area.Feature(index, id)
		other, taken := seen[id]
		switch {
		case id == "":
			report.Add(where.Fault(area.MissingID, "the post has no id, name or precinct; give it one"))
		case len(id) > maxPostID:
			report.Add(where.Fault(area.BadID, fmt.Sprintf("the ID %q has %d bytes; %d are allowed", clip(id), len(id), maxPostID)))
		case taken:
			report.Add(where.Fault(area.DuplicateID, fmt.Sprintf("feature %d has the ID %q too; give each post its own", other, id)))
		default:
			seen[id] = index
		}
		if f.geometry != "Point" || f.at.depth != 1 {
			report.Add(where.Fault(NotPoint, fmt.Sprintf("its geometry is of type %q; a Point is expected", clip(f.geometry))))
			return
		}
		if at, ok := area.Point(f.at.position, where, &report); ok {
			posts = append(posts, Post{id, cmp.Or(p["area"], precinct), at})
		}
	})
	if err != nil {
		return nil, err
	}
	if err := report.Err(); err != nil {
		return nil, err
	}
	return posts, nil
}

// ReadPostsFile is ReadPosts of the file at path, plain or gzipped. Its errors
// begin with the path.
func ReadPostsFile(path string, opts Options) ([]Post, error) {
	return fromFile(path, func(r io.Reader) ([]Post, error) { return ReadPosts(r, opts) })
}
