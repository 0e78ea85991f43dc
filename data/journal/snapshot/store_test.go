package snapshot_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"callbox/assign"
	"callbox/data/journal/frame"
	"callbox/data/journal/snapshot"
)

// made is a snapshot with a value or two of each kind.
func made(number uint64) *assign.Snapshot {
	state := &assign.Image{
		Seq: 2 * number, Now: 1_766_016_000_000, Closures: []*assign.Closure{},
		Units: []*assign.Unit{{ID: "u1", Status: assign.Available, Capabilities: []string{}}, {ID: "u2", Status: assign.OffDuty}},
		Calls: []*assign.Call{}, Closed: []string{}, Keys: []*assign.UsedKey{{KeyUsed: assign.KeyUsed{Key: "k", Body: []byte{0, 255}}, At: 5}},
	}
	firsts := make([]uint64, number)
	for i := range firsts {
		firsts[i] = 2*uint64(i) + 1
	}
	return &assign.Snapshot{Frame: number, State: state, Firsts: firsts, Fixes: map[string]assign.Fix{"u1": {Since: 7}}}
}

// hashOf is that of the frames of a log of nine.
func hashOf(number uint64) (snapshot.Hash, error) {
	if number > 9 {
		return snapshot.Hash{}, errors.New("there is no such frame")
	}
	return frame.Sum([]byte{byte(number)}), nil
}

func save(t *testing.T, s snapshot.Store, numbers ...uint64) {
	t.Helper()
	for _, n := range numbers {
		if err := s.Save(made(n), frame.Sum([]byte{byte(n)})); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsSavedIsReadBack(t *testing.T) {
	s := snapshot.Store{Dir: filepath.Join(t.TempDir(), "snapshots"), Program: "1"}
	if got, unfit := s.Newest(hashOf); got != nil || unfit != nil {
		t.Errorf("without any there is %v, %v", got, unfit)
	}
	save(t, s, 3, 8, 5)
	got, unfit := s.Newest(hashOf)
	if len(unfit) > 0 || !reflect.DeepEqual(got, made(8)) {
		t.Errorf("got %+v, %v", got, unfit)
	}
	files, _ := os.ReadDir(s.Dir)
	names := []string{}
	for _, f := range files {
		names = append(names, f.Name())
	}
	if want := []string{"snapshot-00000000000000000005.json", "snapshot-00000000000000000008.json"}; !slices.Equal(names, want) {
		t.Errorf("kept are %v", names)
	}
}

// TestAnUnfitSnapshotIsLeftOut: each says why, and the one before is used.
func TestAnUnfitSnapshotIsLeftOut(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(b []byte) []byte
		newer uint64
		says  string
	}{
		"a flipped bit":      {func(b []byte) []byte { b[len(b)-20] ^= 1; return b }, 8, "it is damaged"},
		"cut off":            {func(b []byte) []byte { return b[:len(b)-1] }, 8, "it is damaged"},
		"no header":          {func(b []byte) []byte { return nil }, 8, "first line"},
		"of another program": {func(b []byte) []byte { return []byte(strings.Replace(string(b), `"program":"1"`, `"program":"0"`, 1)) }, 8, "made by program 0"},
		"of another log":     {func(b []byte) []byte { return []byte(strings.Replace(string(b), `"hash":"`, `"hash":"0`, 1)) }, 8, "the log's has"},
		"of a longer log":    {func(b []byte) []byte { return b }, 12, "no such frame"},
	} {
		s := snapshot.Store{Dir: t.TempDir(), Program: "1"}
		save(t, s, 4, c.newer)
		files, _ := filepath.Glob(filepath.Join(s.Dir, "snapshot-*"))
		newest := slices.Max(files)
		b, err := os.ReadFile(newest)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(newest, c.spoil(b), 0o600); err != nil {
			t.Fatal(err)
		}
		got, unfit := s.Newest(hashOf)
		if got == nil || got.Frame != 4 || len(unfit) != 1 || !strings.Contains(unfit[0].Error(), c.says) || !strings.Contains(unfit[0].Error(), newest) {
			t.Errorf("%s: got %+v, %v", name, got, unfit)
		}
	}
}
