package city

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Write keeps the city in a folder. The same city always makes the same bytes.
//
// Everything is written to a new folder beside dir, which takes the place of
// dir when all of it is on disk. Where there is a city in dir already, that one
// is put aside as .NAME.old first and deleted at the end; after a crash in
// between, the next Write puts it back or clears it away. On an error, what was
// in dir is there unchanged. A folder that holds anything but a city is
// refused with rule FolderInUse. One process at a time may write to dir.
func (c *City) Write(dir string) error {
	return replace(dir, c.writeInto)
}

// writeInto writes all files of the city into a folder.
func (c *City) writeInto(dir string) error {
	m := manifest{Format: manifestFormat, Version: manifestVersion, Name: c.Name, Origin: c.Origin, Counts: c.counts()}
	for _, p := range c.parts() {
		if !p.use {
			continue
		}
		entry, err := writeFile(filepath.Join(dir, p.name), p.write)
		if err != nil {
			return err
		}
		m.Files = append(m.Files, entry)
	}
	_, err := writeFile(filepath.Join(dir, manifestName), func(w io.Writer) error { return writeJSON(w, m) })
	return err
}

// writeFile writes a new file, to the disk, and describes it.
func writeFile(path string, write func(io.Writer) error) (fileEntry, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fileEntry{}, err
	}
	h := sha256.New()
	err = write(io.MultiWriter(f, h))
	if err == nil {
		err = f.Sync()
	}
	size, seekErr := f.Seek(0, io.SeekCurrent)
	if err := errors.Join(err, seekErr, f.Close()); err != nil {
		return fileEntry{}, fmt.Errorf("%s: %w", path, err)
	}
	return fileEntry{Name: filepath.Base(path), Bytes: size, SHA256: hex.EncodeToString(h.Sum(nil))}, nil
}
