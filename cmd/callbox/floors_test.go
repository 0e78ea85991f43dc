package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// floors says who may import whom, in the notation of Go's own
// go/build/deps_test.go: "a < b" reads "b may import a, and whatever a may
// import"; "a !< b" reads "b must not".
const floors = `
	NONE < geo, api, geo/route/kernel, assign/match;

	geo < geo/cell, geo/index, geo/road, assign;
	geo/index < geo/area;
	geo/road < geo/road/roadtest, geo/route/order;
	geo/route/kernel < geo/route/cch;
	geo/route/order, geo/route/cch < geo/route;

	assign, assign/match < assign/policy;
	assign < assign/audit, assign/cover, assign/sim, data/journal/frame, api/wire;
	assign < data/journal/frame/frametest;
	data/journal/frame < data/journal, data/journal/checkpoint, data/journal/export, data/journal/snapshot;
	NONE < data/journal/deploy, data/journal/recount;
	data/journal/deploy < data/journal/journaltest;
	assign, assign/cover, geo/index, geo/cell < assign/engine;
	assign/engine < assign/verify;

	geo/area < data/geojson;
	geo/road < data/dimacs, data/osm, data/times;
	geo/road/roadtest, data/dimacs < data/dimacs/dimacstest;
	assign/policy, geo/cell, data/geojson, data/dimacs, data/osm < data/city;

	api/wire < api/client;
	api, api/wire, assign/engine, assign/policy, data/geojson < api/server;

	api/client, api/server, assign/audit, assign/sim, assign/verify, data/city, data/journal, data/journal/checkpoint, data/journal/deploy, data/journal/export, data/journal/frame, data/journal/snapshot, data/times, geo/route < cmd/callbox;

	geo/route !< assign;
	assign/match !< assign;
	assign/engine !< assign/policy;
	assign/policy !< assign/verify;
	data/journal !< assign/engine;
	data/journal !< data/journal/export;
	api/wire !< data/journal;
`

// libraries are the outside libraries, and the one or few rooms that each has.
// Replacing one touches no other room.
var libraries = map[string]string{
	"github.com/uber/h3-go/v4":                "geo/cell",
	"github.com/tidwall/rtree":                "geo/index",
	"github.com/paulmach/orb":                 "geo/area data/geojson data/city",
	"github.com/paulmach/osm":                 "data/osm",
	"google.golang.org/protobuf":              "data/osm",
	"github.com/valyala/fasthttp":             "api/server api/client",
	"github.com/nats-io/nats-server/v2":       "data/journal data/journal/deploy data/journal/journaltest",
	"github.com/nats-io/nats.go":              "data/journal",
	"github.com/fxamacker/cbor/v2":            "data/journal/frame",
	"github.com/go-json-experiment/json":      "api/wire api/client data/geojson data/city",
	"github.com/prometheus/client_golang":     "api/server",
	"github.com/prometheus/common":            "api/server",
	"go.yaml.in/yaml/v4":                      "assign/policy",
	"golang.org/x/sys":                        "data/journal data/city geo/route/kernel",
	"golang.org/x/time":                       "data/journal",
	"golang.org/x/mod":                        "data/journal/checkpoint",
	"golang.org/x/term":                       "cmd/callbox",
	"github.com/alecthomas/kong":              "cmd/callbox",
	"github.com/schollz/progressbar/v3":       "cmd/callbox",
	"github.com/HdrHistogram/hdrhistogram-go": "cmd/callbox",
}

// house is the Go files of each room, tests left out.
func house(t *testing.T) map[string][]*ast.File {
	t.Helper()
	const root = "../.."
	rooms := make(map[string][]*ast.File)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "testdata") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		room, err := filepath.Rel(root, filepath.Dir(path))
		rooms[filepath.ToSlash(room)] = append(rooms[filepath.ToSlash(room)], file)
		return err
	})
	if err != nil || len(rooms) < 10 {
		t.Fatalf("%d rooms, %v", len(rooms), err)
	}
	return rooms
}

func imports(files []*ast.File) []string {
	set := make(map[string]bool)
	for _, f := range files {
		for _, i := range f.Imports {
			set[strings.Trim(i.Path.Value, `"`)] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// parseFloors gives for each room the rooms that it may import, and the pairs
// that are forbidden whatever follows from the rest.
func parseFloors(t *testing.T) (may map[string]map[string]bool, never [][2]string) {
	may = make(map[string]map[string]bool)
	names := func(s string) []string {
		var out []string
		for _, n := range strings.Split(s, ",") {
			out = append(out, strings.TrimSpace(n))
		}
		return out
	}
	for _, rule := range strings.Split(floors, ";") {
		if rule = strings.TrimSpace(rule); rule == "" {
			continue
		}
		if lower, upper, ok := strings.Cut(rule, "!<"); ok {
			never = append(never, [2]string{strings.TrimSpace(lower), strings.TrimSpace(upper)})
			continue
		}
		lower, upper, ok := strings.Cut(rule, "<")
		if !ok {
			t.Fatalf("floors: %q is no rule", rule)
		}
		for _, u := range names(upper) {
			if may[u] == nil {
				may[u] = make(map[string]bool)
			}
			for _, l := range names(lower) {
				if l == "NONE" {
					continue
				}
				if may[l] == nil {
					t.Fatalf("floors: %q stands before a rule says what %s may import", rule, l)
				}
				may[u][l] = true
				maps.Copy(may[u], may[l])
			}
		}
	}
	return may, never
}

// TestFloors fails on an import that goes up.
func TestFloors(t *testing.T) {
	may, never := parseFloors(t)
	for _, pair := range never {
		if may[pair[1]][pair[0]] {
			t.Errorf("floors: %s !< %s, and the rules allow it", pair[0], pair[1])
		}
	}
	for room, files := range house(t) {
		if may[room] == nil {
			t.Errorf("room %s has no floor: say in floors_test.go what it may import", room)
			continue
		}
		for _, path := range imports(files) {
			if inner, ours := strings.CutPrefix(path, "callbox/"); ours && !may[room][inner] {
				t.Errorf("%s imports %s, which is not below it", room, inner)
			}
		}
	}
}

// TestLibrariesKeepToTheirRooms fails on an outside library that is imported
// elsewhere, or that nobody has given a room.
func TestLibrariesKeepToTheirRooms(t *testing.T) {
	for room, files := range house(t) {
		for _, path := range imports(files) {
			if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
				continue // ours, or the standard library
			}
			known := ""
			for library := range libraries {
				if path == library || strings.HasPrefix(path, library+"/") {
					known = library
				}
			}
			if known == "" {
				t.Errorf("%s imports %s, which has no room", room, path)
			} else if !slices.Contains(strings.Fields(libraries[known]), room) {
				t.Errorf("%s imports %s, whose room is %s", room, path, libraries[known])
			}
		}
	}
}

// TestTheCoreIsPure fails on IO, clocks, global chance and goroutines in the
// rooms that must give the same answer on every machine.
func TestTheCoreIsPure(t *testing.T) {
	forbidden := []string{
		"context", "io/fs", "log", "log/slog", "math/rand", "net", "net/http", "os", "os/exec", "sync", "sync/atomic", "syscall", "unsafe",
	}
	clocks := []string{"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.AfterFunc", "time.NewTimer", "time.NewTicker", "time.Tick"}
	chance := []string{"rand.Int", "rand.IntN", "rand.Int64N", "rand.Float64", "rand.ExpFloat64", "rand.NormFloat64", "rand.Shuffle", "rand.Perm", "rand.N", "rand.Uint64"}
	rooms := house(t)
	for _, room := range []string{"assign", "assign/cover", "assign/match", "assign/policy", "assign/audit", "assign/sim", "assign/verify"} {
		for _, path := range imports(rooms[room]) {
			if slices.Contains(forbidden, path) {
				t.Errorf("%s imports %s", room, path)
			}
		}
		for _, file := range rooms[room] {
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s starts a goroutine", room)
				case *ast.SelectStmt:
					t.Errorf("%s selects", room)
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && slices.Contains(slices.Concat(clocks, chance), x.Name+"."+n.Sel.Name) {
						t.Errorf("%s calls %s.%s", room, x.Name, n.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// TestFilesAreOfASizeToRead asks for a reason at 800 lines.
func TestFilesAreOfASizeToRead(t *testing.T) {
	set := token.NewFileSet()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		file, err := parser.ParseFile(set, path, nil, parser.PackageClauseOnly)
		if err == nil && set.File(file.Pos()).LineCount() > 800 {
			t.Errorf("%s has %d lines", path, set.File(file.Pos()).LineCount())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
