package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callbox/data/city"
)

// square is GeoJSON of one precinct; a last corner that is not the first makes
// it an open ring.
func square(id string, last float64) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"precinct":%q},"geometry":{"type":"Polygon","coordinates":[[[20,45],[20.01,45],[20.01,45.01],[20,45.01],[%v,45]]]}}`, id, last)
}

func TestCity(t *testing.T) {
	folder := t.TempDir()
	put := func(name string, features ...string) string {
		path := filepath.Join(folder, name)
		text := `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, other := put("good.geojson", square("1", 20)), put("other.geojson", square("1", 20))
	bad := put("bad.geojson", square("1", 20.5), square("2", 20.5), square("3", 20))
	out := filepath.Join(folder, "springfield")
	for _, c := range []struct {
		args   string
		code   int
		out    string // a part of standard output
		errOut string // a part of the one line on standard error
	}{
		{"city build --areas GOOD --out OUT", 0, "city       springfield\nprecincts  1\nA city is in OUT\n", ""},
		{"city check OUT", 0, "precincts  1\nOUT has no faults\n", ""},
		{"city build --areas BAD --out OUT", 2, "", "BAD: feature 0 (1), polygon 0, ring 0: open_ring: the ring begins at [20, 45] and ends at [20.5, 45]; repeat the first position at the end (and 1 more); callbox city check BAD lists them"},
		{"city build --areas GOOD --areas OTHER --out OUT", 2, "", "OTHER: feature 0 (1): duplicate_id: feature 0 of GOOD has this ID too; give each area its own\n"},
		{"city build --areas GOOD --areas OTHER --areas OTHER --out OUT", 2, "", "give each area its own (and 1 more)\n"},
		{"city build --areas NONE --out OUT", 2, "", "NONE: no such file or directory"},
		{"city build --areas GOOD --out FOLDER", 2, "", "FOLDER: folder_in_use: it holds something that is not a city"},
		{"city build --areas GOOD --out OUT --top-speed-kmh=-3", 2, "", "--top-speed-kmh -3: it must be 4 to 400"},
		{"city build --areas GOOD --out OUT --top-speed-kmh=NaN", 2, "", "--top-speed-kmh NaN: it must be 4 to 400"},
		{"city build --areas GOOD", 2, "", "missing flags: --out=DIR"},
		{"city check BAD", 1, "BAD: feature 1 (2), polygon 0, ring 0: open_ring", "BAD has 2 faults"},
		{"city check NONE", 2, "", "NONE: no such file or directory"},
		{"city check OUT", 0, "springfield", ""}, // as it was
		{"city build --areas GOOD --out OUT --name Ogdenville", 0, "city       Ogdenville\n", ""},
		{"city check OUT", 0, "Ogdenville", ""},
	} {
		names := strings.NewReplacer("GOOD", good, "OTHER", other, "BAD", bad, "NONE", filepath.Join(folder, "none"), "OUT", out, "FOLDER", folder)
		code, o, e := inProcess(t, strings.Fields(names.Replace(c.args))...)
		if code != c.code || !strings.Contains(o, names.Replace(c.out)) || !strings.Contains(e, names.Replace(c.errOut)) {
			t.Errorf("%s\nends with %d\n%s\n%s", c.args, code, o, e)
		}
		if lines := strings.Count(e, "\n"); (code == 0) != (lines == 0) || lines > 1 {
			t.Errorf("%s: ends with %d and says %q", c.args, code, e)
		}
	}
}

// TestCityBuildStops: a program that is asked to stop leaves a city as it is.
func TestCityBuildStops(t *testing.T) {
	folder := t.TempDir()
	out := filepath.Join(folder, "city")
	c := sampleCity(t, 1)
	if err := c.Write(out); err != nil {
		t.Fatal(err)
	}
	areas := filepath.Join(out, "areas.geojson")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var o, e bytes.Buffer
	code := run(ctx, []string{"city", "build", "--areas", areas, "--name", "other", "--out", out}, &o, &e)
	if want := "callbox: interrupted; " + out + " is as it was\n"; code != 2 || e.String() != want || o.Len() > 0 {
		t.Errorf("ends with %d: %s", code, e.String())
	}
	if again, err := city.Open(out); err != nil || again.Name != c.Name {
		t.Errorf("the city was harmed: %v", err)
	}
}
