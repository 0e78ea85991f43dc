package roadtest

import (
	"os"
	"path/filepath"
	"testing"
)

// DataFile is the path of a file of real data: name in the folder shared/data
// beside the project. Where that is absent, as on most machines, the test is
// skipped.
func DataFile(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		path := filepath.Join(dir, "shared", "data", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Skipf("needs the real data: no shared/data/%s beside the project", name)
		}
		dir = up
	}
}
