package geojson_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/paulmach/orb"

	"callbox/data/geojson"
	"callbox/geo/area"
)

func ExampleRead() {
	areas, err := geojson.Read(strings.NewReader(`{"type": "FeatureCollection", "features": [
		{"type": "Feature", "properties": {"precinct": 75.0}, "geometry": {"type": "Polygon", "coordinates":
			[[[-73.9, 40.6], [-73.9, 40.7], [-73.8, 40.7], [-73.9, 40.6]]]}}]}`), geojson.Options{})
	fmt.Println(areas[0].ID, areas[0].Kind, err)
	fmt.Println(areas[0].Shape) // the rim turns counter-clockwise now
	_, err = geojson.Read(strings.NewReader(`{"type": "FeatureCollection", "features": [
		{"type": "Feature", "id": "75", "geometry": {"type": "Polygon", "coordinates":
			[[[-73.9, 40.6], [-73.9, 40.7], [-73.8, 40.7], [-73.8, 40.6]]]}}]}`), geojson.Options{})
	fmt.Println(err)
	// Output:
	// 75 precinct <nil>
	// [[[[-73.9 40.6] [-73.8 40.7] [-73.9 40.7] [-73.9 40.6]]]]
	// feature 0 (75), polygon 0, ring 0: open_ring: the ring begins at [-73.9, 40.6] and ends at [-73.8, 40.6]; repeat the first position at the end
}

const triangle = `[[[0,0],[1,0],[1,1],[0,0]]]`

// collection puts features, written without their braces, into a file.
func collection(features ...string) string {
	for i, f := range features {
		features[i] = `{"type":"Feature",` + f + `}`
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

// polygon is a sound feature with these properties.
func polygon(properties string) string {
	return `"properties":` + properties + `,"geometry":{"type":"Polygon","coordinates":` + triangle + `}`
}

func read(text string) ([]area.Area, error) {
	return geojson.Read(strings.NewReader(text), geojson.Options{})
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		rule area.Rule
		want string // the whole message; "" for any
	}{
		"empty":           {"", geojson.EmptyFile, "empty_file: the file is empty; a FeatureCollection is expected"},
		"blank":           {" \n\t\r\n ", geojson.EmptyFile, "empty_file: the file is empty; a FeatureCollection is expected"},
		"a mark alone":    {"\ufeff", geojson.EmptyFile, ""},
		"an array":        {"[]", geojson.NotCollection, "not_collection: the file does not hold an object; a FeatureCollection is expected"},
		"a string":        {`"FeatureCollection"`, geojson.NotCollection, ""},
		"a bare polygon":  {`{"type":"Polygon","coordinates":` + triangle + `}`, geojson.NotCollection, `not_collection: the file holds an object of type "Polygon"; a FeatureCollection with features is expected`},
		"TopoJSON":        {`{"type":"Topology","objects":{}}`, geojson.NotCollection, ""},
		"no type":         {`{"features":[]}`, geojson.NotCollection, ""},
		"no features":     {collection(), geojson.NoFeatures, "no_features: the collection has no features; it needs one or more"},
		"features null":   {`{"type":"FeatureCollection","features":null}`, geojson.NotCollection, ""},
		"not a feature":   {`{"type":"FeatureCollection","features":[7]}`, geojson.NotFeature, "feature 0: not_feature: it is not an object; a Feature is expected"},
		"another type":    {`{"type":"FeatureCollection","features":[{"type":"Polygon","coordinates":[]}]}`, geojson.NotFeature, `feature 0: not_feature: its type is "Polygon"; a Feature is expected`},
		"two values":      {collection(polygon(`{"pct":1}`)) + "{}", geojson.BadJSON, "bad_json: something follows the collection; a file holds one"},
		"rubbish after":   {collection(polygon(`{"pct":1}`)) + "x", geojson.BadJSON, ""},
		"cut short":       {collection(polygon(`{"pct":1}`))[:100], geojson.BadJSON, `feature 0: bad_json: the file ends in the middle, at byte 100, near "/features/0/geometry/type"; fetch it again`},
		"cut after it":    {strings.TrimSuffix(collection(polygon(`{"pct":1}`)), "}"), geojson.BadJSON, ""},
		"a missing comma": {`{"type":"FeatureCollection" "features":[]}`, geojson.BadJSON, "bad_json: not JSON at byte 28, near \"\": invalid character '\"' after object value (expecting ',' or '}'); mend the file or export it again"},
		"a name twice":    {`{"type":"FeatureCollection","features":[],"features":[]}`, geojson.BadJSON, `bad_json: not JSON at byte 42, near "/features": duplicate object member name; mend the file or export it again`},
		"not UTF-8":       {collection(polygon("{\"pct\":\"\xff\"}")), geojson.BadJSON, ""},
		"UTF-16":          {"\xff\xfe{\x00}\x00", geojson.BadJSON, ""},
		"NaN":             {collection(polygon(`{"pct":1}`), `"id":"2","geometry":{"type":"Polygon","coordinates":[[[0,0],[NaN,0],[1,1],[0,0]]]}`), area.NotFinite, `feature 1: not_finite: NaN or Infinity at byte 233, near "/features/1/geometry/coordinates/0/1/0", which are not JSON; write finite numbers`},
		"Infinity":        {collection(`"geometry":{"type":"Polygon","coordinates":[[[0,-Infinity]]]}`), area.NotFinite, ""},
		"null for NaN":    {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],[null,0],[1,1],[0,0]]]}`), area.NotFinite, "feature 0 (1), polygon 0, ring 0: not_finite: the position [NaN, 0] is not a pair of finite numbers; write longitude and latitude in degrees"},
		"a huge number":   {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],[1e999,0],[1,1],[0,0]]]}`), area.NotFinite, ""},
		"a word":          {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],["NaN",0],[1,1],[0,0]]]}`), geojson.BadPosition, "feature 0: bad_position: /features/0/geometry/coordinates/0/1/0 is not part of a position; a number is expected"},
		"one number":      {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],[1],[1,1],[0,0]]]}`), geojson.BadPosition, "feature 0: bad_position: the position /features/0/geometry/coordinates/0/1/0 has 1 numbers; longitude and latitude are expected"},
		"five numbers":    {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1,1,1,1],[1,1],[0,0]]]}`), geojson.BadPosition, ""},
		"no number":       {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[],[0,0],[1,0],[1,1],[0,0]]]}`), geojson.BadPosition, ""},
		"no number later": {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[],[0,0]]]}`), geojson.BadPosition, ""},
		"uneven":          {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],[[1,0]],[1,1],[0,0]]]}`), geojson.BadPosition, "feature 0: bad_position: the coordinates are nested unevenly at /features/0/geometry/coordinates/0/1; each ring is an array of positions"},
		"an object":       {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":{"x":1}}`), geojson.BadPosition, ""},
		"no geometry":     {collection(`"id":"1"`), geojson.NotPolygon, "feature 0 (1): not_polygon: it has no geometry; a Polygon or a MultiPolygon is expected"},
		"null geometry":   {collection(`"id":"1","geometry":null`), geojson.NotPolygon, "feature 0 (1): not_polygon: it has no geometry; a Polygon or a MultiPolygon is expected"},
		"a point":         {collection(`"id":"1","geometry":{"type":"Point","coordinates":[0,0]}`), geojson.NotPolygon, `feature 0 (1): not_polygon: its geometry is of type "Point"; a Polygon or a MultiPolygon is expected`},
		"a collection":    {collection(`"id":"1","geometry":{"type":"GeometryCollection","geometries":[]}`), geojson.NotPolygon, ""},
		"too shallow":     {collection(`"id":"1","geometry":{"type":"MultiPolygon","coordinates":` + triangle + `}`), geojson.NotPolygon, "feature 0 (1): not_polygon: its geometry is a MultiPolygon with coordinates nested 3 deep; a Polygon or a MultiPolygon is expected"},
		"nothing in it":   {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[],[]]}`), geojson.NotPolygon, "feature 0 (1): not_polygon: its geometry is empty; a Polygon or a MultiPolygon is expected"},
		"an empty ring":   {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[]]}`), area.TooFew, "feature 0 (1), polygon 0, ring 1: too_few_positions: the ring has 0 positions; a ring needs four or more, the last the same as the first"},
		"an empty rim":    {collection(`"id":"1","geometry":{"type":"Polygon","coordinates":[[],[[0,0],[1,0],[1,1],[0,0]]]}`), area.TooFew, "feature 0 (1), polygon 0, ring 0: too_few_positions: the ring has 0 positions; a ring needs four or more, the last the same as the first"},
		"missing ID":      {collection(polygon(`{"borough":"Queens"}`)), area.MissingID, "feature 0: missing_id: the area has no ID; give it one"},
		"null properties": {collection(polygon(`null`)), area.MissingID, ""},
		"bad ID":          {collection(polygon(`{"id":"Staten Island"}`)), area.BadID, ""},
		"bad kind":        {collection(polygon(`{"id":"1","kind":"patrol area"}`)), area.UnknownKind, ""},
		"duplicate":       {collection(`"id":"0","geometry":null`, polygon(`{"pct":"75"}`), polygon(`{"pct":75}`)), area.DuplicateID, "feature 0 (0): not_polygon: it has no geometry; a Polygon or a MultiPolygon is expected\nfeature 2 (75): duplicate_id: feature 1 has this ID too; give each area its own, or join them into one MultiPolygon"},
		"feet": {collection(`"properties":{"sector":"75D"},"geometry":{"type":"Polygon","coordinates":[[[1013579.5,186245.25],[1013679.5,186245.25],[1013679.5,186345.25],[1013579.5,186245.25]]]}`), area.Projected,
			"feature 0 (75D), polygon 0, ring 0: projected_coordinates: the position [1.0135795e+06, 186245.25] is not in degrees but in metres or feet, such as EPSG:2263 or EPSG:3857; reproject the file to WGS 84 (EPSG:4326)"},
		"a crs in feet": {`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2263"}},"features":[{"type":"Feature",` + polygon(`{"pct":1}`) + `}]}`, area.Projected,
			`projected_coordinates: the file's crs is "urn:ogc:def:crs:EPSG::2263"; reproject it to WGS 84 (EPSG:4326)`},
		"a linked crs": {`{"type":"FeatureCollection","features":[{"type":"Feature",` + polygon(`{"pct":1}`) + `}],"crs":{"type":"link","properties":{"href":"x"}}}`, area.Projected, ""},
		"a hole first": {collection(`"id":"1","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]],[[0,0],[9,0],[9,9],[0,0]]]]}`), area.HoleOutside, ""},
		"too deep":     {collection(`"id":"1","x":` + strings.Repeat("[", 20) + strings.Repeat("]", 20)), geojson.TooDeep, "too_deep: arrays and objects lie in each other more than 16 deep; no GeoJSON of areas needs that"},
	} {
		areas, err := read(c.text)
		if !errors.Is(err, c.rule) || areas != nil {
			t.Errorf("%s: got %v, want %s", name, err, c.rule)
			continue
		}
		if c.want != "" && err.Error() != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, err, c.want)
		}
		var faults area.Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s: %T is not Faults", name, err)
		}
		// A file is the same in any number of pieces.
		_, again := geojson.Read(iotest.OneByteReader(strings.NewReader(c.text)), geojson.Options{})
		if again == nil || !errors.Is(again, c.rule) {
			t.Errorf("%s, byte by byte: got %v", name, again)
		}
	}
}

// TestAllFaultsAreCollected counts the faults of a file that has one in each
// feature, of the file and of the shapes.
func TestAllFaultsAreCollected(t *testing.T) {
	_, err := read(collection(
		polygon(`{"pct":1}`),
		`"id":"2","geometry":null`,
		`"id":"3","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,"1"],[0,0]]]}`,
		`"id":"4","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}`,
		polygon(`{"pct":1}`),
		`"id":"6","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}`,
		polygon(`{"pct":""}`),
	))
	var got []string
	var faults area.Faults
	errors.As(err, &faults)
	for _, f := range faults {
		got = append(got, fmt.Sprint(f.Feature, f.Rule))
	}
	want := []string{"1not_polygon", "2bad_position", "3open_ring", "4duplicate_id", "5self_crossing", "6missing_id"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestIdentity(t *testing.T) {
	for name, c := range map[string]struct {
		feature string
		opts    geojson.Options
		want    area.Area
	}{
		"precinct":              {polygon(`{"precinct":"13"}`), geojson.Options{}, area.Area{ID: "13", Kind: area.Precinct}},
		"upper case, a number":  {polygon(`{"PRECINCT":123}`), geojson.Options{}, area.Area{ID: "123", Kind: area.Precinct}},
		"a float":               {polygon(`{"Pct":75.0}`), geojson.Options{}, area.Area{ID: "75", Kind: area.Precinct}},
		"a power":               {polygon(`{"pct":7.5e1}`), geojson.Options{}, area.Area{ID: "75", Kind: area.Precinct}},
		"a sector":              {polygon(`{"sector":"75D"}`), geojson.Options{}, area.Area{ID: "75D", Kind: area.Sector}},
		"a sector's precinct":   {polygon(`{"pct":75,"sector":"75D"}`), geojson.Options{}, area.Area{ID: "75D", Kind: area.Sector, Parent: "75"}},
		"a beat's sector":       {polygon(`{"pct":75,"sector":"75D","beat":"75D1"}`), geojson.Options{}, area.Area{ID: "75D1", Kind: area.Beat, Parent: "75D"}},
		"null sector":           {polygon(`{"sector":null,"pct":75}`), geojson.Options{}, area.Area{ID: "75", Kind: area.Precinct}},
		"the feature's id":      {`"id":7,` + polygon(`{"name":"Seven"}`), geojson.Options{}, area.Area{ID: "7", Kind: area.Precinct, Name: "Seven"}},
		"the property id":       {polygon(`{"id":"z-1","kind":"Zone","parent":"z","name":"Zone 1"}`), geojson.Options{}, area.Area{ID: "z-1", Kind: "zone", Parent: "z", Name: "Zone 1"}},
		"an option":             {polygon(`{"BORO_CODE":"5","boro_name":"Staten Island"}`), geojson.Options{IDProperty: "boro_code", Kind: "borough"}, area.Area{ID: "5", Kind: "borough"}},
		"an option before all":  {polygon(`{"precinct":"5","sector":"5A"}`), geojson.Options{IDProperty: "precinct"}, area.Area{ID: "5", Kind: area.Precinct}},
		"a kind for all":        {polygon(`{"pct":"5"}`), geojson.Options{Kind: area.Beat}, area.Area{ID: "5", Kind: area.Beat}},
		"members in any order":  {`"geometry":{"coordinates":` + triangle + `,"bbox":[0,0,1,1],"type":"Polygon"},"other":{"a":[1,{"b":null}]},"properties":{"x":{"precinct":1},"pct":"9"}`, geojson.Options{}, area.Area{ID: "9", Kind: area.Precinct}},
		"altitudes":             {`"id":"1","geometry":{"type":"Polygon","coordinates":[[[0,0,7],[1,0,7.5,1],[1,1,-3],[0,0]]]}`, geojson.Options{}, area.Area{ID: "1", Kind: area.Precinct}},
		"a multipolygon of one": {`"id":"1","geometry":{"type":"MultiPolygon","coordinates":[` + triangle + `]}`, geojson.Options{}, area.Area{ID: "1", Kind: area.Precinct}},
	} {
		got, err := geojson.Read(strings.NewReader(collection(c.feature)), c.opts)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		c.want.Shape = orb.MultiPolygon{{orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}
		if !reflect.DeepEqual(got, []area.Area{c.want}) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestFormsOfOneFile(t *testing.T) {
	plain := collection(polygon(`{"pct":"75"}`))
	want, err := read(plain)
	if err != nil {
		t.Fatal(err)
	}
	single := strings.TrimSuffix(strings.TrimPrefix(plain, `{"type":"FeatureCollection","features":[`), `]}`)
	for name, text := range map[string]string{
		"with a mark":      "\ufeff" + plain,
		"a feature":        single,
		"type at the end":  strings.Replace(plain, `"type":"FeatureCollection",`, "", 1)[:len(plain)-len(`"type":"FeatureCollection",`)-1] + `,"type":"FeatureCollection"}`,
		"a crs":            strings.Replace(plain, `"features"`, `"name":"x","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features"`, 1),
		"a null crs":       strings.Replace(plain, `"features"`, `"crs":null,"features"`, 1),
		"EPSG:4326":        strings.Replace(plain, `"features"`, `"crs":{"type":"name","properties":{"name":"EPSG:4326"}},"features"`, 1),
		"gzip":             string(zipped(t, plain)),
		"gzip with a mark": string(zipped(t, "\ufeff"+plain)),
		"gzip in two":      string(zipped(t, plain[:50])) + string(zipped(t, plain[50:])),
	} {
		if got, err := read(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func zipped(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDamagedGzip(t *testing.T) {
	whole := zipped(t, collection(polygon(`{"pct":"75"}`)))
	for n := 2; n < len(whole); n++ {
		if _, err := geojson.Read(bytes.NewReader(whole[:n]), geojson.Options{}); !errors.Is(err, geojson.TruncatedGzip) {
			t.Fatalf("cut at %d of %d: %v", n, len(whole), err)
		}
	}
	for name, damaged := range map[string][]byte{
		"checksum":       append(append([]byte{}, whole[:len(whole)-6]...), 0, 0, 0, 0, 0, 0),
		"rubbish behind": append(append([]byte{}, whole...), "rubbish, and then some"...),
		"header":         {0x1f, 0x8b, 99, 0, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		if _, err := geojson.Read(bytes.NewReader(damaged), geojson.Options{}); !errors.Is(err, geojson.BadGzip) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestErrorsOfTheSource(t *testing.T) {
	broken := errors.New("the disk is on fire")
	_, err := geojson.Read(iotest.ErrReader(broken), geojson.Options{})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	var faults area.Faults
	if errors.As(err, &faults) {
		t.Error("a broken disk is no fault of the file")
	}
	missing := filepath.Join(t.TempDir(), "missing.geojson")
	if _, err := geojson.ReadFile(missing, geojson.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	bad := filepath.Join(t.TempDir(), "bad.geojson")
	if err := os.WriteFile(bad, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := geojson.ReadFile(bad, geojson.Options{}); !errors.Is(err, geojson.EmptyFile) || !strings.HasPrefix(err.Error(), bad) {
		t.Errorf("got %v", err)
	}
}
