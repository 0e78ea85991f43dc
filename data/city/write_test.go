package city

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func small(t testing.TB, seed uint64) *City {
	t.Helper()
	return sample(t, SampleOptions{Seed: seed, Columns: 2, Rows: 1})
}

func write(t testing.TB, c *City, dir string) {
	t.Helper()
	if err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
}

func TestWriteAndOpen(t *testing.T) {
	parent := t.TempDir()
	a, b := filepath.Join(parent, "a"), filepath.Join(parent, "b")
	c := small(t, 1)
	write(t, c, a)
	got, err := Open(a)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != c.Name || !reflect.DeepEqual(got.Areas.All(), c.Areas.All()) || got.Version() != c.Version() ||
		got.Roads.Version() != c.Roads.Version() || !slices.Equal(got.Posts, c.Posts) ||
		!slices.Equal(got.Demand, c.Demand) || !reflect.DeepEqual(got.Origin, c.Origin) {
		t.Error("the city came back changed")
	}
	write(t, got, b)
	if !maps.Equal(content(t, a), content(t, b)) {
		t.Error("the city makes other bytes after it was read")
	}
	if names := slices.Sorted(maps.Keys(content(t, parent))); len(names) != 10 {
		t.Errorf("files: %q", names)
	}
}

func TestWriteWithAreasAlone(t *testing.T) {
	c := small(t, 1)
	c.Roads, c.Posts, c.Demand = nil, nil, nil
	dir := filepath.Join(t.TempDir(), "city")
	write(t, c, dir)
	got, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got.Roads != nil || got.Posts != nil || got.Demand != nil || got.Areas.Len() != c.Areas.Len() {
		t.Errorf("%+v", got)
	}
	if names := slices.Sorted(maps.Keys(content(t, dir))); !slices.Equal(names, []string{areasName, manifestName}) {
		t.Errorf("files: %q", names)
	}
}

// TestWriteReplaces writes over what may be written over: nothing, an empty
// folder, another city, and one behind a link.
func TestWriteReplaces(t *testing.T) {
	for name, before := range map[string]func(dir string) error{
		"nothing": func(string) error { return nil },
		"empty":   func(dir string) error { return os.Mkdir(dir, 0o700) },
		"city": func(dir string) error {
			c := small(t, 2)
			return c.Write(dir)
		},
		"less": func(dir string) error {
			c := small(t, 2)
			c.Roads = nil
			return c.Write(dir)
		},
		"old version": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, manifestName), []byte(`{"format": "callbox city", "version": 0, "more": 1}`), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir, link := filepath.Join(parent, "city"), filepath.Join(t.TempDir(), "link")
			if err := before(dir); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(dir, link); err != nil {
				t.Fatal(err)
			}
			to := link
			if _, err := os.Stat(dir); err != nil {
				to = dir
			}
			write(t, small(t, 1), to)
			want := filepath.Join(t.TempDir(), "want")
			write(t, small(t, 1), want)
			if !maps.Equal(content(t, dir), content(t, want)) {
				t.Error("the folder is not that of the new city")
			}
			if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
				t.Errorf("the link: %v, %v", info, err)
			}
			only(t, parent, "city")
		})
	}
}

// only checks that a folder holds these names and no others.
func only(t testing.TB, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if err != nil || !slices.Equal(got, names) {
		t.Errorf("%s holds %q, want %q (%v)", dir, got, names, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"other files":    {map[string]string{"diary.txt": "dear"}, `holds something that is not a city ("diary.txt")`},
		"other manifest": {map[string]string{"manifest.json": `{"name": "app", "icons": []}`}, "its manifest.json is not that of a city"},
		"no JSON":        {map[string]string{"manifest.json": "x"}, "its manifest.json is not that of a city"},
		"a city and more": {map[string]string{"manifest.json": `{"format": "callbox city", "version": 1}`, "policy.yaml": "name: x"},
			`it holds "policy.yaml", which would be lost`},
	} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "city")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			for name, text := range c.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			err := small(t, 1).Write(dir)
			if !errors.Is(err, FolderInUse) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
			if !maps.Equal(content(t, dir), c.files) {
				t.Error("the folder was changed")
			}
			only(t, parent, "city")
		})
	}
	file := put(t, "city", "a file")
	if err := small(t, 1).Write(file); !errors.Is(err, FolderInUse) {
		t.Errorf("a file: %v", err)
	}
	if err := small(t, 1).Write(filepath.Join(file, "city")); err == nil {
		t.Error("a city was written into a file")
	}
	if err := small(t, 1).Write(filepath.Join(t.TempDir(), "none", "city")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a parent: %v", err)
	}
}

// TestWriteFails lets the writing of a new folder fail, with and without a city
// in its place: nothing changes, and nothing is left over.
func TestWriteFails(t *testing.T) {
	broken := errors.New("the disk is full")
	for _, there := range []bool{false, true} {
		parent := t.TempDir()
		dir := filepath.Join(parent, "city")
		var names []string
		if there {
			write(t, small(t, 2), dir)
			names = []string{"city"}
		}
		before := content(t, parent)
		err := replace(dir, func(fresh string) error {
			return errors.Join(os.WriteFile(filepath.Join(fresh, areasName), []byte("half"), 0o600), broken)
		})
		if !errors.Is(err, broken) || !maps.Equal(content(t, parent), before) {
			t.Errorf("%v, and what was there: %v", err, maps.Equal(content(t, parent), before))
		}
		only(t, parent, names...)
	}
}

// TestWriteFailsToSwap takes the new folder away before it is put in its place.
func TestWriteFailsToSwap(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "city")
	write(t, small(t, 2), dir)
	before := content(t, parent)
	if err := swap(filepath.Join(parent, "gone"), dir, filepath.Join(parent, ".city.old")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if !maps.Equal(content(t, parent), before) {
		t.Error("the city is not there as before")
	}
}

// TestWriteAfterCrash finds the traces of a Write that was cut off between two
// steps.
func TestWriteAfterCrash(t *testing.T) {
	for name, also := range map[string]bool{"before the new one was in place": false, "before the old one was deleted": true} {
		t.Run(name, func(t *testing.T) {
			parent := t.TempDir()
			dir, old := filepath.Join(parent, "city"), filepath.Join(parent, ".city.old")
			write(t, small(t, 2), old)
			want := content(t, old)
			if also {
				write(t, small(t, 3), dir)
				want = content(t, dir)
			}
			stop := errors.New("stop")
			if err := replace(dir, func(string) error { return stop }); !errors.Is(err, stop) {
				t.Fatal(err)
			}
			if !maps.Equal(content(t, dir), want) {
				t.Error("the wrong city, or none, is in place")
			}
			only(t, parent, "city")
		})
	}
	parent := t.TempDir()
	dir, old := filepath.Join(parent, "city"), filepath.Join(parent, ".city.old")
	if err := errors.Join(os.Mkdir(old, 0o700), os.WriteFile(filepath.Join(old, "diary.txt"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := small(t, 1).Write(dir); !errors.Is(err, FolderInUse) {
		t.Errorf("a folder of somebody else's in the place of the old one: %v", err)
	}
}
