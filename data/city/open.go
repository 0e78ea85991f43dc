package city

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"callbox/geo/area"
)

// Open reads a city folder. It trusts no file whose checksum is not that of the
// manifest. The error is Faults, of rules NotCity, OtherVersion, MissingFile,
// DamagedFile or those of the files, or that of a folder that cannot be read.
func Open(dir string) (*City, error) {
	// A root keeps to one folder, even if another takes its place meanwhile.
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	m, err := openManifest(root, dir)
	if err != nil {
		return nil, err
	}
	c := &City{Name: m.Name, Origin: m.Origin}
	parts := c.parts()
	var faults Faults
	for _, entry := range m.Files {
		i := slices.IndexFunc(parts, func(p part) bool { return p.name == entry.Name })
		if i < 0 {
			faults = append(faults, Fault{File: filepath.Join(dir, manifestName), Err: area.Nowhere.Fault(DamagedFile,
				fmt.Sprintf("it names the file %.100q, which no city has or which it names twice; build the city again", entry.Name))})
			continue
		}
		err := parts[i].load(root, dir, entry)
		var more Faults
		switch {
		case errors.As(err, &more):
			faults = append(faults, more...)
		case err != nil:
			return nil, err
		}
		parts = slices.Delete(parts, i, i+1)
	}
	switch {
	case len(faults) > 0:
		return nil, faults
	case c.Order != nil && (c.Roads == nil || len(c.Order) != c.Roads.Nodes()):
		return nil, fault(filepath.Join(dir, orderName), DamagedFile, "it orders %d nodes, the roads have others; build the city again", len(c.Order))
	case c.Areas == nil || !reflect.DeepEqual(c.counts(), m.Counts):
		return nil, fault(filepath.Join(dir, manifestName), DamagedFile, "its counts are not those of the files; build the city again")
	}
	return c, nil
}

func openManifest(root *os.Root, dir string) (*manifest, error) {
	path := filepath.Join(dir, manifestName)
	f, err := root.Open(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault(dir, NotCity, "it has no %s; name a folder made by callbox city build", manifestName)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		return nil, err
	}
	m := new(manifest)
	if err := m.parse(text); err != nil {
		return nil, faultsOf(path, err)
	}
	return m, nil
}

// load reads a file of a city folder after its checksum.
func (p part) load(root *os.Root, dir string, entry fileEntry) error {
	path := filepath.Join(dir, p.name)
	f, err := root.Open(p.name)
	if errors.Is(err, fs.ErrNotExist) {
		return fault(path, MissingFile, "the manifest names it, but it is not there; build the city again")
	}
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return err
	}
	if sum := hex.EncodeToString(h.Sum(nil)); n != entry.Bytes || sum != entry.SHA256 {
		return fault(path, DamagedFile, "it has %d bytes and the checksum %.12s, the manifest says %d and %.12s; build the city again", n, sum, entry.Bytes, entry.SHA256)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return faultsOf(path, p.read(f))
}
