package city

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"callbox/data/geojson"
	"callbox/geo/area"
)

// maxTable is the greatest size of a table of posts in bytes, unpacked.
const maxTable = 4 << 20

// table reads posts from comma-separated values (RFC 4180) with names in the
// first line, in letters of either case: latitude, longitude, and id or
// precinct; the area of a post is the column area or precinct.
type table struct {
	file    string
	csv     *csv.Reader
	columns map[string]int
	faults  Faults
}

func readTable(path string, r io.Reader) ([]Post, error) {
	limited := &io.LimitedReader{R: r, N: maxTable}
	t := &table{file: path, csv: csv.NewReader(limited)}
	if err := t.header(); err != nil {
		return nil, err
	}
	var posts []Post
	seen := make(map[string]int)
	for {
		row, err := t.csv.Read()
		if err == io.EOF {
			break
		}
		if len(t.faults) == area.MaxFaults {
			t.faults = append(t.faults, Fault{File: path, Err: area.Nowhere.Fault(area.MoreFaults, "the rest of the table was not read; mend these first")})
			break
		}
		if err != nil {
			t.faults = append(t.faults, t.unreadable(err))
			if !errors.Is(err, csv.ErrFieldCount) {
				break
			}
			continue
		}
		line, _ := t.csv.FieldPos(0)
		post, err := t.post(row)
		if first, twice := seen[post.ID]; err == nil && twice {
			err = area.Nowhere.Fault(area.DuplicateID, fmt.Sprintf("post %.128q is on line %d too; give each post its own ID", post.ID, first))
		}
		seen[post.ID] = line
		if err != nil {
			t.faults = append(t.faults, Fault{path, line, err})
			continue
		}
		posts = append(posts, post)
	}
	if limited.N == 0 {
		return nil, fault(path, geojson.TooLarge, "the table is longer than %d bytes; split it", maxTable)
	}
	if len(t.faults) > 0 {
		return nil, t.faults
	}
	if len(posts) == 0 {
		return nil, fault(path, geojson.NoFeatures, "the table has no rows; it needs one or more")
	}
	return posts, nil
}

// header finds the columns.
func (t *table) header() error {
	names, err := t.csv.Read()
	if err == io.EOF {
		return fault(t.file, geojson.EmptyFile, "the table is empty")
	}
	if err != nil {
		return Faults{t.unreadable(err)}
	}
	t.columns = make(map[string]int)
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
		t.columns[name] = i
	}
	for name, short := range map[string]string{"latitude": "lat", "longitude": "lon"} {
		if i, ok := t.columns[short]; ok {
			t.columns[name] = i
		}
	}
	_, id := t.columns["id"]
	_, precinct := t.columns["precinct"]
	_, lat := t.columns["latitude"]
	_, lon := t.columns["longitude"]
	if !lat || !lon || !id && !precinct {
		return fault(t.file, BadColumns, "the columns are %.200q; latitude, longitude, and id or precinct must be among them", names)
	}
	return nil
}

func (t *table) post(row []string) (Post, error) {
	value := func(column string) string {
		if i, ok := t.columns[column]; ok {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	precinct := value("precinct")
	post := Post{ID: cmp.Or(value("id"), precinct), Area: cmp.Or(value("area"), precinct)}
	switch {
	case post.ID == "":
		return post, area.Nowhere.Fault(area.MissingID, "the post has no ID; give it one")
	case len(post.ID) > 128:
		return post, area.Nowhere.Fault(area.BadID, "the ID is longer than 128 bytes; give the post a short one")
	case !utf8.ValidString(post.ID) || !utf8.ValidString(post.Area):
		return post, area.Nowhere.Fault(area.BadID, "the ID or the area is not UTF-8; export the table as UTF-8")
	}
	var at [2]float64
	for i, column := range []string{"latitude", "longitude"} {
		v, err := strconv.ParseFloat(value(column), 64)
		if err != nil {
			return post, area.Nowhere.Fault(BadRow, fmt.Sprintf("the %s is %.40q; a number of degrees is expected", column, value(column)))
		}
		at[i] = v
	}
	var report area.Report
	post.At, _ = area.Point(orb.Point{at[1], at[0]}, area.Nowhere, &report)
	var wrong area.Faults
	if errors.As(report.Err(), &wrong) {
		return post, wrong[0]
	}
	return post, nil
}

// unreadable is the fault of a row that is not of the format.
func (t *table) unreadable(err error) Fault {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return Fault{t.file, parse.Line, area.Nowhere.Fault(BadRow, parse.Err.Error())}
	}
	return Fault{File: t.file, Err: err}
}
