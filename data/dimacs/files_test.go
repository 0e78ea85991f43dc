package dimacs_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"callbox/data/dimacs"
	"callbox/geo"
)

// bare is a file without its comments.
func bare(text string) string { return text[strings.Index(text, "p "):] }

func TestReadFilesFindsOutWhichIsWhich(t *testing.T) {
	type files map[string]string
	for _, c := range []struct {
		name           string
		files          files
		lengths, times string // the names it must come to; no lengths: an error
	}{
		{"comments", files{"a": coords, "b": slow, "c": dist}, "c", "b"},
		{"comments and gzip", files{"a": zipped(slow), "b": zipped(dist), "c": zipped(coords)}, "b", "a"},
		{"one comment", files{"a": coords, "b": bare(slow), "c": dist}, "c", "b"},
		{"the other comment", files{"a": coords, "b": slow, "c": bare(dist)}, "c", "b"},
		{"comments before names", files{"a": coords, "x-d.gr": slow, "x-t.gr": dist}, "x-t.gr", "x-d.gr"},
		{"names", files{"a": coords, "x-t.gr": bare(slow), "x-d.gr": bare(dist)}, "x-d.gr", "x-t.gr"},
		{"words in names", files{"a": coords, "ny_time.gr": bare(slow), "ny_dist.gr": bare(dist)}, "ny_dist.gr", "ny_time.gr"},
		{"straight lines", files{"a": coords, "b": bare(slow), "c": bare(dist)}, "c", "b"},
		{"straight lines again", files{"a": coords, "c": bare(slow), "b": bare(dist)}, "b", "c"},
		{"no times", files{"a": coords, "b": bare(dist)}, "b", ""},
		{"only times", files{"a": coords, "b": slow}, "", ""},
		{"only times by name", files{"a": coords, "travel_time.gr": bare(slow)}, "", ""},
		{"no coordinates", files{"b": slow, "c": dist}, "", ""},
		{"no graph", files{"a": coords}, "", ""},
		{"nothing", files{}, "", ""},
		{"coordinates twice", files{"a": coords, "b": coords, "c": dist}, "", ""},
		{"three graphs", files{"a": coords, "b": slow, "c": dist, "d": dist}, "", ""},
		{"lengths twice", files{"a": coords, "b": dist, "c": dist}, "", ""},
		{"lengths twice, they say", files{"a": coords, "b": dist, "c": strings.Replace(slow, "-t.", "-d.", 1)}, "", ""},
		{"the same twice", files{"a": coords, "b": bare(dist), "c": bare(dist)}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			var paths []string
			var size int64
			for name, text := range c.files { // in any order
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, path)
				size += int64(len(text))
			}
			var done, total int64
			g, r, err := dimacs.ReadFiles(paths, dimacs.Options{Progress: func(d, t int64) { done, total = d, t }})
			if c.lengths == "" {
				var e *dimacs.Error
				if !errors.As(err, &e) || e.Rule != dimacs.RuleFiles {
					t.Fatalf("got %v, want rule %s", err, dimacs.RuleFiles)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			base := func(path string) string { return strings.TrimPrefix(path, dir+string(filepath.Separator)) }
			if base(r.Lengths) != c.lengths || base(r.Times) != c.times {
				t.Errorf("lengths in %q, times in %q", base(r.Lengths), base(r.Times))
			}
			want := 36403 * time.Millisecond // the fast road; "comments before names" has slow lengths
			if c.times == "" {
				want = 91008 * time.Millisecond
			}
			if got := g.Time(4, geo.Routine); got != want {
				t.Errorf("3 to 1 takes %v, want %v", got, want)
			}
			if done != size || total != size {
				t.Errorf("progress ended at %d of %d bytes, want %d", done, total, size)
			}
		})
	}
}

func TestReadFilesNamesErrors(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := []string{file("co", coords), file("d", dist)}
	for _, c := range []struct {
		path string
		line int
		rule string
	}{
		{filepath.Join(dir, "absent"), 0, dimacs.RuleRead},
		{dir, 0, dimacs.RuleRead},
		{file("empty", ""), 0, dimacs.RuleEmpty},
		{file("comments", "c\n\n"), 2, dimacs.RuleHeader},
		{file("json", "{}\n"), 1, dimacs.RuleHeader},
		{file("cut", zipped(slow)[:30]), somewhere, dimacs.RuleTruncated},
		{file("bad", strings.Replace(slow, "a 2 3", "a 2 9", 1)), 5, dimacs.RuleID},
	} {
		_, _, err := dimacs.ReadFiles(append([]string{c.path}, good...), dimacs.Options{})
		var e *dimacs.Error
		if !errors.As(err, &e) || e.File != c.path || e.Line != c.line && c.line != somewhere || e.Rule != c.rule {
			t.Errorf("got %v\nwant %s:%d: %s", err, c.path, c.line, c.rule)
		}
	}
}
