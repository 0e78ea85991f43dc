package city

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callbox/geo/area"
)

// TestOpenDamaged harms each file of a city folder in several ways.
func TestOpenDamaged(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "city")
	write(t, small(t, 1), whole)
	files := content(t, whole)
	if len(files) != 5 {
		t.Fatalf("%d files", len(files))
	}
	for name, text := range files {
		flipped := []byte(text)
		flipped[len(flipped)/2] ^= 1
		for what, harm := range map[string]func(path string) error{
			"one bit":   func(path string) error { return os.WriteFile(path, flipped, 0o600) },
			"cut off":   func(path string) error { return os.WriteFile(path, []byte(text[:len(text)/2]), 0o600) },
			"empty":     func(path string) error { return os.WriteFile(path, nil, 0o600) },
			"longer":    func(path string) error { return os.WriteFile(path, []byte(text+"\n{}"), 0o600) },
			"not there": os.Remove,
		} {
			t.Run(name+" "+what, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
					t.Fatal(err)
				}
				if err := harm(filepath.Join(dir, name)); err != nil {
					t.Fatal(err)
				}
				_, err := Open(dir)
				want := DamagedFile
				switch {
				case name == manifestName && what != "longer" && what != "one bit":
					want = NotCity
				case name == manifestName: // whatever the bit was
					var faults Faults
					if !errors.As(err, &faults) {
						t.Errorf("got %v", err)
					}
					return
				case what == "not there":
					want = MissingFile
				}
				if !errors.Is(err, want) || !strings.Contains(err.Error(), dir) {
					t.Errorf("got %v, want %v", err, want)
				}
				if name != manifestName && !strings.Contains(err.Error(), name) {
					t.Errorf("%v does not name %s", err, name)
				}
			})
		}
	}
}

// TestOpenNamesEveryDamagedFile: one run is enough to find them all.
func TestOpenNamesEveryDamagedFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "city")
	write(t, small(t, 1), dir)
	for _, err := range []error{
		os.Remove(filepath.Join(dir, roadsName)),
		os.WriteFile(filepath.Join(dir, demandName), []byte("{}"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(dir)
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 2 || !errors.Is(err, MissingFile) || !errors.Is(err, DamagedFile) {
		t.Errorf("got %v", err)
	}
}

func TestOpenManifest(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "city")
	write(t, small(t, 1), whole)
	for _, c := range []struct {
		from, to string
		want     area.Rule
	}{
		{`"version": 1`, `"version": 2, "new": true`, OtherVersion},
		{`"callbox city"`, `"web app"`, NotCity},
		{`"posts": 13`, `"posts": 14`, DamagedFile},
		{`"name": "roads.bin"`, `"name": "../roads.bin"`, DamagedFile},
		{`"name": "roads.bin"`, `"name": "areas.geojson"`, DamagedFile},
		{`"counts"`, `"count"`, DamagedFile},
	} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, manifestName)
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(text, []byte(c.from)) {
			t.Fatalf("no %s in the manifest: %s, %v", c.from, text, err)
		}
		if err := os.WriteFile(path, bytes.Replace(text, []byte(c.from), []byte(c.to), 1), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.to, err, c.want)
		}
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, NotCity) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}

func TestReadDemand(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `{"cells": [{"cell": "892a100d2c3ffff", "weight": 1}], "more": 1}`, `{"cells": []} {}`,
		`{"cells": [{"cell": "x", "weight": 1}]}`,
		`{"cells": [{"cell": "892a100d2c3ffff", "weight": 0}]}`,
		`{"cells": [{"cell": "892a100d2c3ffff", "weight": 1.5}]}`,
		`{"cells": [{"cell": "892a100d2c3ffff", "weight": 1}, {"cell": "892a100d2c3ffff", "weight": 1}]}`,
		`{"cells": [{"cell": "882a100d2dfffff", "weight": 1}, {"cell": "892a100d2c3ffff", "weight": 1}]}`,
	} {
		if d, err := readDemand(strings.NewReader(text)); err == nil {
			t.Errorf("%s: %v", text, d)
		}
	}
}

func FuzzFolder(f *testing.F) {
	f.Add([]byte(`{"format": "callbox city", "version": 1, "name": "x", "origin": {"sample": {"seed": 1, "columns": 1, "rows": 1}},
		"counts": {"areas": [{"kind": "precinct", "areas": 1}]}, "files": [{"name": "areas.geojson", "bytes": 1, "sha256": ""}]}`),
		[]byte(`{"cells": [{"cell": "892a100d2c3ffff", "weight": 1}, {"cell": "892a100d2c7ffff", "weight": 2}]}`))
	f.Add([]byte(`{"format": "callbox city", "version": 1}`), []byte(`{"cells": null}`))
	f.Fuzz(func(t *testing.T, manifestText, demandText []byte) {
		_ = new(manifest).parse(manifestText)
		demand, err := readDemand(bytes.NewReader(demandText))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := writeDemand(&first, demand); err != nil {
			t.Fatal(err)
		}
		again, err := readDemand(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := writeDemand(&second, again); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("%s became %s, %v", first.Bytes(), second.Bytes(), err)
		}
	})
}
