// Package snapshot keeps snapshots of what a log adds up to, so that a start need
// not read the log from its beginning.
//
// A snapshot is not a record. It can be made again from the log at any time, is
// used by the very program that made it only, and is deleted when there are two
// newer ones; so its format is promised to nobody. It names the frame that it
// ends with by its hash: one of another log, or of a log that was changed, is not
// used. Nor is one that is damaged; the start then takes longer, and says why.
package snapshot

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"callbox/assign"
	"callbox/data/journal/frame"
)

// Hash is that of a frame.
type Hash = frame.Hash

// Store is a folder of snapshots.
type Store struct {
	Dir     string // made by Save if it is not there
	Program string // version of the program, whose own snapshots are used
}

// keep is how many snapshots are kept: if the newest cannot be read, there is
// another one.
const keep = 2

const pattern = "snapshot-*.json"

func (s Store) name(number uint64) string {
	return filepath.Join(s.Dir, fmt.Sprintf("snapshot-%020d.json", number))
}

// header is the first line of a file; the rest is the snapshot.
type header struct {
	Program string `json:"program"`
	Shape   string `json:"shape"`  // of the snapshot's type
	Frame   uint64 `json:"frame"`  // that it ends with
	Hash    string `json:"hash"`   // of that frame
	SHA256  string `json:"sha256"` // of the rest
}

// Save writes a snapshot that ends with the frame of that hash, durably, and
// deletes those that are too many.
func (s Store) Save(snap *assign.Snapshot, hash Hash) error {
	body, err := json.Marshal(snap)
	if err != nil {
		return err
	}
	head, err := json.Marshal(header{s.Program, shape, snap.Frame, hash.String(), sum(body)})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.Dir, "unfinished-*")
	if err != nil {
		return err
	}
	_, err = f.Write(slices.Concat(head, []byte("\n"), body))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.name(snap.Frame))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	names, err := s.names()
	if err != nil {
		return err
	}
	for _, old := range names[min(keep, len(names)):] {
		err = errors.Join(err, os.Remove(old))
	}
	return err
}

// names are the files of snapshots, the newest first.
func (s Store) names() ([]string, error) {
	names, err := filepath.Glob(filepath.Join(s.Dir, pattern))
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(b, a) })
	return names, err
}

// Newest gives the newest snapshot that can be used with a log, nil if there is
// none, and why newer ones cannot. A snapshot fits the log if hashOf gives the hash
// of the frame that it ends with.
func (s Store) Newest(hashOf func(number uint64) (Hash, error)) (snap *assign.Snapshot, unfit []error) {
	names, err := s.names()
	if err != nil {
		return nil, []error{err}
	}
	for _, name := range names {
		snap, err := s.read(name, hashOf)
		if err == nil {
			return snap, unfit
		}
		if !errors.Is(err, fs.ErrNotExist) {
			unfit = append(unfit, fmt.Errorf("%s: %w", name, err))
		}
	}
	return nil, unfit
}

func (s Store) read(name string, hashOf func(uint64) (Hash, error)) (*assign.Snapshot, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	line, body, _ := bytes.Cut(b, []byte("\n"))
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, fmt.Errorf("its first line cannot be read: %w", err)
	}
	if h.Program != s.Program || h.Shape != shape {
		return nil, fmt.Errorf("it was made by program %s, this is %s", h.Program, s.Program)
	}
	if got := sum(body); got != h.SHA256 {
		return nil, fmt.Errorf("it is damaged: its SHA-256 is %s, was %s", got, h.SHA256)
	}
	hash, err := hashOf(h.Frame)
	if err != nil {
		return nil, err
	}
	if hash.String() != h.Hash {
		return nil, fmt.Errorf("it ends with a frame %d of hash %s, the log's has %s", h.Frame, h.Hash, hash)
	}
	var snap assign.Snapshot
	if err := json.Unmarshal(body, &snap); err != nil {
		return nil, err
	}
	if snap.Frame != h.Frame {
		return nil, fmt.Errorf("it ends with frame %d, and says %d", snap.Frame, h.Frame)
	}
	return &snap, nil
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// shape tells apart what two programs keep, though they call themselves the same.
var shape = sum([]byte(describe(reflect.TypeFor[assign.Snapshot](), nil)))

// describe names a type with all fields in it.
func describe(t reflect.Type, within []reflect.Type) string {
	out := t.String() + " " + t.Kind().String()
	if slices.Contains(within, t) {
		return out
	}
	within = append(within, t)
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		out += " of " + describe(t.Elem(), within)
	case reflect.Map:
		out += " from " + describe(t.Key(), within) + " to " + describe(t.Elem(), within)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			out += "; " + f.Name + " " + string(f.Tag) + " " + describe(f.Type, within)
		}
	}
	return out
}
