package city

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// replace puts a new folder, filled by fill, in the place of dir.
func replace(dir string, fill func(dir string) error) (err error) {
	if dir, err = resolve(dir); err != nil {
		return err
	}
	parent, name := filepath.Split(dir)
	old := filepath.Join(parent, "."+name+".old")
	if err := errors.Join(refuse(dir), refuse(old)); err != nil {
		return err
	}
	if err := restore(dir, old); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(parent, "."+name+".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(fresh))
		}
	}()
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	if err := fill(fresh); err != nil {
		return err
	}
	if err := syncFolder(fresh); err != nil {
		return err
	}
	if err := swap(fresh, dir, old); err != nil {
		return err
	}
	return errors.Join(syncFolder(parent), os.RemoveAll(old))
}

// resolve is the absolute path of dir, and where it leads if it is a link.
func resolve(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real, nil
	}
	return dir, nil
}

// refuse reports a fault unless dir may be replaced: it is not there, or empty,
// or holds the files of a city and nothing else.
func refuse(dir string) error {
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		return fault(dir, FolderInUse, "it is not a folder; name another place")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return err
	}
	f, err := os.Open(filepath.Join(dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return fault(dir, FolderInUse, "it holds something that is not a city (%.100q); name another folder, or empty it", entries[0].Name())
	}
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest))
	if err != nil {
		return err
	}
	if err := new(manifest).parse(text); errors.Is(err, NotCity) {
		return fault(dir, FolderInUse, "its %s is not that of a city; name another folder, or empty it", manifestName)
	}
	own := []string{manifestName}
	for _, part := range new(City).parts() {
		own = append(own, part.name)
	}
	for _, e := range entries {
		if !slices.Contains(own, e.Name()) {
			return fault(dir, FolderInUse, "beside a city it holds %.100q, which would be lost; move that away", e.Name())
		}
	}
	return nil
}

// restore ends what a crash has interrupted: a city that was put aside and
// has no successor comes back, any other is deleted.
func restore(dir, old string) error {
	_, err := os.Lstat(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, os.RemoveAll(old))
	}
	if err := os.Rename(old, dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// swap puts fresh in the place of dir, and dir aside as old, or does nothing.
func swap(fresh, dir, old string) error {
	if err := os.Rename(dir, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		if back := os.Rename(old, dir); !errors.Is(back, fs.ErrNotExist) {
			err = errors.Join(err, back)
		}
		return err
	}
	return nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
