package city

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"callbox/assign/policy"
	"callbox/data/geojson"
	"callbox/geo/area"
	"callbox/geo/road"
)

func TestCheck(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	write(t, small(t, 1), dir)
	_, defaultPolicy, err := policy.Named(policy.Default)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, want string }{
		"city":              {dir, "city               sample\nsectors            8\nprecincts          2\n"},
		"areas":             {put(t, "a", townPrecincts), "precincts  2\n"},
		"packed areas":      {putGzip(t, "a.gz", townPrecincts, 0), "precincts  2\n"},
		"areas of a city":   {filepath.Join(dir, areasName), "sectors    8\nprecincts  2\n"},
		"roads of a city":   {filepath.Join(dir, roadsName), "road nodes    "},
		"posts of a city":   {filepath.Join(dir, postsName), "posts  13\n"},
		"posts":             {put(t, "p", townPosts), "posts  2\n"},
		"packed posts":      {putGzip(t, "p", townPosts, 0), "posts  2\n"},
		"graph":             {put(t, "g", "c no comment\n"+townLengths), "road nodes  4\nroad arcs   8, 0 of them one-way\n"},
		"coordinates":       {put(t, "c", "c p sp 1 1\n"+townCoords), "road nodes  4\n"},
		"packed coords":     {putGzip(t, "c", townCoords, 0), "road nodes  4\n"},
		"policy":            {put(t, "p.yaml", defaultPolicy), "policy  " + policy.Default + "\n"},
		"policy by content": {put(t, "p", defaultPolicy), "policy  " + policy.Default + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Check(c.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.String(); !strings.HasPrefix(got, c.want) {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestCheckFaults(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	write(t, small(t, 1), dir)
	roads := content(t, dir)[roadsName]
	bow := strings.Replace(box(20, 45, `"precinct":"1"`), "[20.01,45],[20.01,45.01]", "[20.01,45.01],[20.01,45]", 1)
	for name, c := range map[string]struct {
		path string
		rule error // nil: that of the reader, by its text
		text string
	}{
		"empty":              {put(t, "x", ""), geojson.EmptyFile, ""},
		"anything":           {put(t, "x", "hello"), WrongFormat, ""},
		"two faults":         {put(t, "x", collection(bow, box(20, 45, ""))), area.SelfCrossing, "feature 1: missing_id"},
		"truncated areas":    {putGzip(t, "x", townPrecincts, 12), geojson.TruncatedGzip, ""},
		"truncated posts":    {putGzip(t, "x", townPosts, 4), geojson.TruncatedGzip, ""},
		"gzip of no data":    {put(t, "x", "\x1f\x8b\x08"), geojson.TruncatedGzip, ""},
		"gzip damaged":       {put(t, "x", "\x1f\x8b\x07rubbish....."), geojson.BadGzip, ""},
		"a graph's line":     {put(t, "x", townLengths+"b\n"), nil, "x:10: syntax"},
		"arcs missing":       {put(t, "x", townLengths[:60]), nil, "x:6: count"},
		"truncated graph":    {putGzip(t, "x", townLengths, 12), nil, "x:9: truncated"},
		"a lying graph":      {put(t, "x", "p sp 268435456 268435456\na 1 1 1\n"), nil, "x: count: the p line promises 268435456 nodes"},
		"lying coordinates":  {put(t, "x", "p aux sp co 268435456\nv 1 1 1\n"), nil, "x: count: the p line promises 268435456 nodes"},
		"a node off earth":   {put(t, "x", "p aux sp co 1\nv 1 1 99000000\n"), nil, "x:2: coordinate"},
		"no circuit":         {put(t, "x", "p sp 2 1\na 1 2 1\n"), nil, "x: empty: no node can be left"},
		"only a loop":        {put(t, "x", "p sp 2 2\na 1 1 1\na 1 2 1\n"), nil, "x: empty: no node can be left"},
		"roads damaged":      {put(t, "x", roads[:len(roads)-1]), road.ErrTruncated, ""},
		"policy":             {put(t, "x.yaml", "name: x y\nclasses: []\n"), nil, "x.yaml: line 1: name: "},
		"policy with a typo": {put(t, "x", "clases: []\nclasses: []\n"), nil, "line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Check(c.path)
			var faults Faults
			if !errors.As(err, &faults) {
				t.Fatalf("got %v", err)
			}
			for _, f := range faults {
				if !strings.HasPrefix(f.Error(), c.path) {
					t.Errorf("%v does not name the file", f)
				}
			}
			if c.rule != nil && !errors.Is(err, c.rule) {
				t.Errorf("got %v, want %v", err, c.rule)
			}
			if all := fmt.Sprint([]Fault(faults)); !strings.Contains(all, c.text) {
				t.Errorf("got %s, want %s", all, c.text)
			}
		})
	}
	if _, err := Check(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) || errors.As(err, new(Faults)) {
		t.Errorf("no file: %v", err)
	}
}

func TestTableFaults(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "t.csv: empty_file: the table is empty",
		"id,latitude,longitude\n":               "t.csv: no_features: the table has no rows; it needs one or more",
		"name,latitude,longitude\na,1,1\n":      `t.csv: bad_columns: the columns are ["name" "latitude" "longitude"]; latitude, longitude, and id or precinct must be among them`,
		"id,latitude,longitude\na,north,1\n":    `t.csv:2: bad_row: the latitude is "north"; a number of degrees is expected`,
		"id,latitude,longitude\na,1\n":          "t.csv:2: bad_row: wrong number of fields",
		"id,latitude,longitude\n,1,1\n":         "t.csv:2: missing_id: the post has no ID; give it one",
		"id,latitude,longitude\na,1,1\na,1,1\n": `t.csv:3: duplicate_id: post "a" is on line 2 too; give each post its own ID`,
		"id,latitude,longitude\na,NaN,1\n":      "t.csv:2: not_finite: the position [1, NaN] is not a pair of finite numbers; write longitude and latitude in degrees",
		"id,latitude,longitude\n\xff,1,1\n":     "t.csv:2: bad_id: the ID or the area is not UTF-8; export the table as UTF-8",
		"id,latitude,longitude\n\"a,1,1\n":      `t.csv:2: bad_row: extraneous or missing " in quoted-field`,
	} {
		_, err := readTable("t.csv", strings.NewReader(text))
		if err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	long := "id,latitude,longitude\n" + strings.Repeat("a", maxTable)
	if _, err := readTable("t.csv", strings.NewReader(long)); !errors.Is(err, geojson.TooLarge) {
		t.Errorf("a long field: %v", err)
	}
	rows := "id,latitude,longitude\n" + strings.Repeat("a,x,1\n", 1000)
	var faults Faults
	if _, err := readTable("t.csv", strings.NewReader(rows)); !errors.As(err, &faults) || len(faults) != 101 || !faults.More() {
		t.Errorf("many faults: %v", err)
	}
}

func FuzzTable(f *testing.F) {
	for _, text := range []string{townPosts, "ID,LAT,LON\r\n\"a,\"\"b\",1e1,-180\r\n", "\ufeffprecinct,Latitude,longitude\n75,-0.00000001,1\n", "id,latitude,longitude\na,x,1\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_ = guess(text, "x.csv")
		posts, err := readTable("t.csv", strings.NewReader(string(text)))
		if err != nil {
			return
		}
		var b strings.Builder
		if err := writePosts(&b, posts); err != nil {
			t.Fatal(err)
		}
		again, err := geojson.ReadPosts(strings.NewReader(b.String()), geojson.Options{})
		if err != nil || len(again) != len(posts) {
			t.Fatalf("%s: %v", b.String(), err)
		}
		for i, p := range posts {
			if again[i] != p {
				t.Fatalf("%+v came back as %+v", p, again[i])
			}
		}
	})
}
