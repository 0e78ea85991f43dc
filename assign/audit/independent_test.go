package audit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// harmless are the functions and methods of package assign that decide nothing.
var harmless = []string{"Add", "Sub", "Time", "String", "Kind"}

// TestTheAuditorIsIndependent refuses a call of anything that package assign
// decides with, and any import but that package and the standard library.
func TestTheAuditorIsIndependent(t *testing.T) {
	decides := make(map[string]bool)
	each(t, "../*.go", func(file *ast.File) {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.IsExported() && !slices.Contains(harmless, f.Name.Name) {
				decides[f.Name.Name] = true
			}
		}
	})
	for _, known := range []string{"Apply", "Decide", "OpenSlots", "Status", "GaveBackBy", "RankOf", "MayTake", "TierOf", "Card", "Pull", "Due", "Can"} {
		if !decides[known] {
			t.Errorf("%s is not seen in package assign", known)
		}
	}
	each(t, "*.go", func(file *ast.File) {
		for _, i := range file.Imports {
			if path := strings.Trim(i.Path.Value, `"`); path != "callbox/assign" && (strings.HasPrefix(path, "callbox/") || strings.Contains(path, ".")) {
				t.Errorf("%s is imported", path)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && decides[s.Sel.Name] && !library(s.X) {
				t.Errorf("%s is called, which package assign decides with", s.Sel.Name)
			}
			return true
		})
	})
}

// library reports whether what is called is of package slices, which has a Clone
// as well.
func library(x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == "slices"
}

// each parses the files of a pattern, without tests.
func each(t *testing.T, pattern string, look func(*ast.File)) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatal(pattern, err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		look(file)
	}
}
