package journal

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"callbox/assign"
	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go/jetstream"
)

// TestSyncIsInForce reads the settings back from the server that runs.
func TestSyncIsInForce(t *testing.T) {
	d := openDisk(t, filepath.Join(t.TempDir(), "new", "folder"), Options{MaxBytes: 5 << 30})
	if c := d.running.server.Load().JetStreamConfig(); !c.SyncAlways || c.MaxStore != 5<<30 || c.MaxMemory != 64<<20 {
		t.Errorf("the server runs with %+v", c)
	}
	if d.running.server.Load().Addr() != nil {
		t.Errorf("the server listens on %v", d.running.server.Load().Addr())
	}
	info, err := d.writes.Info(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c := info.Config
	if c.PersistMode != jetstream.DefaultPersistMode || c.Storage != jetstream.FileStorage || c.Discard != jetstream.DiscardNew ||
		c.MaxAge != 0 || c.MaxMsgs > 0 || c.MaxBytes > 0 || c.MaxMsgsPerSubject > 0 || !c.DenyDelete || !c.DenyPurge {
		t.Errorf("the stream runs with %+v", c)
	}
	for _, dir := range []string{d.dir, filepath.Dir(d.dir)} {
		if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0o700 {
			t.Errorf("%s has mode %v, %v", dir, st.Mode(), err)
		}
	}
}

func TestSettingsThatDrifted(t *testing.T) {
	dir := t.TempDir()
	d := openDisk(t, dir, Options{})
	nc, js, err := connect(&d.running, "somebody", d.log)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	c := streamConfig
	c.MaxMsgs = 5
	if _, err := js.UpdateStream(ctx, c); err != nil {
		t.Fatal(err)
	}
	closeDisk(t, d)
	if _, err := Open(dir, Options{AllowNetworkFS: true}); !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		t.Errorf("a stream that drops frames was opened: %v", err)
	}
}

func TestOneProcessOneFolder(t *testing.T) {
	dir := t.TempDir()
	d := openDisk(t, dir, Options{})
	appendAll(t, d, history(t, 3))
	for _, o := range []Options{{}, {ReadOnly: true}} {
		o.AllowNetworkFS = true
		_, err := Open(dir, o)
		if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
			t.Errorf("a second open: %v", err)
		}
	}
	appendAll(t, d, history(t, 5)[3:]) // the first one goes on
	closeDisk(t, d)
	expectFrames(t, openDisk(t, dir, Options{}), 1, history(t, 5))
}

func TestNetworkFileSystem(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "j")
	defer func(f func(string) (string, error)) { fileSystem = f }(fileSystem)
	fileSystem = func(string) (string, error) { return "NFS", nil }
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrNetworkFS) || !strings.Contains(err.Error(), "NFS") {
		t.Errorf("a journal on NFS was opened: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("a folder that was refused holds %v, %v", entries, err)
	}
	openDisk(t, dir, Options{})
}

func TestReadOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "j")
	readOnly := Options{ReadOnly: true, AllowNetworkFS: true, MinFree: math.MaxInt64}
	if _, err := Open(dir, readOnly); !errors.Is(err, ErrNoJournal) {
		t.Errorf("no folder: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("reading made the folder: %v", err)
	}
	empty := t.TempDir()
	if _, err := Open(empty, readOnly); !errors.Is(err, ErrNoJournal) {
		t.Errorf("an empty folder: %v", err)
	}
	if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
		t.Errorf("reading left %v, %v", left, err)
	}
	frames := history(t, 6)
	d := openDisk(t, dir, Options{})
	appendAll(t, d, frames[:5])
	closeDisk(t, d)
	d = openDisk(t, dir, readOnly)
	expectFrames(t, d, 1, frames[:5])
	if err := d.Append(ctx, 5, frames[5]); !errors.Is(err, ErrReadOnly) {
		t.Errorf("an append: %v", err)
	}
}

func TestFullDisk(t *testing.T) {
	dir, frames := t.TempDir(), history(t, 8)
	if _, err := Open(dir, Options{AllowNetworkFS: true, MinFree: math.MaxInt64}); !errors.Is(err, ErrDiskFull) {
		t.Errorf("a full disk was opened: %v", err)
	}
	d := openDisk(t, dir, Options{MinFree: 1, Patience: 50 * time.Millisecond})
	appendAll(t, d, frames[:3])
	atLeast := func(n int64) {
		d.space.mu.Lock()
		defer d.space.mu.Unlock()
		d.space.min, d.space.asked = n, time.Time{}
	}
	atLeast(math.MaxInt64)
	if err := d.Append(ctx, 3, frames[3]); !errors.Is(err, ErrDiskFull) {
		t.Errorf("a full disk took a frame: %v", err)
	}
	atLeast(1)
	appendAll(t, d, frames[3:]) // there is room again
	expectFrames(t, d, 1, frames)
}

func TestGreatestSize(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{MaxBytes: 1 << 20})
	var err error
	n := uint64(0)
	for ; err == nil && n < 20; n++ {
		f := oneFact(&assign.KeyUsed{Key: "k", Body: make([]byte, 200_000)})
		f.Number, f.Facts[0].Seq = n+1, n+1
		err = d.Append(ctx, n, f)
	}
	if !errors.Is(err, ErrDiskFull) || n < 5 || n > 8 {
		t.Errorf("frame %d of 200 kB in 1 MiB: %v", n, err)
	}
}

func TestAppendRefuses(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	frames := history(t, 3)
	appendAll(t, d, frames[:2])
	gap := oneFact(&assign.KeyUsed{Key: "k"})
	gap.Number, gap.Facts[0].Seq = 3, d.next+1
	large := oneFact(&assign.KeyUsed{Key: "k", Body: make([]byte, frame.MaxSize)})
	large.Number, large.Facts[0].Seq = 3, d.next
	ended, cancel := context.WithCancel(ctx)
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		frame assign.Frame
		want  error
	}{
		"a gap between facts": {ctx, gap, frame.ErrFormat},
		"a large frame":       {ctx, large, frame.ErrTooLarge},
		"a cancelled context": {ended, frames[2], context.Canceled},
	} {
		if err := d.Append(c.ctx, 2, c.frame); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	appendAll(t, d, frames[2:])
	expectFrames(t, d, 1, frames)
}

func TestCloseEndsEverything(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	frames := history(t, 60)
	appendAll(t, d, frames)
	var err error
	n := 0
	for _, err = range d.Read(ctx, 1) {
		if n++; n == 10 {
			closeDisk(t, d)
		}
	}
	if n > 60 || err != nil && !errors.Is(err, ErrClosed) {
		t.Errorf("a read that the close came upon gave %d frames, then %v", n, err)
	}
	closeDisk(t, d)
	if err := d.Append(ctx, 60, frames[0]); !errors.Is(err, ErrClosed) {
		t.Errorf("an append after the close: %v", err)
	}
	for _, err := range d.Read(ctx, 1) {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("a read after the close: %v", err)
		}
	}
}

// TestCloseEndsReadsThatWait: a read that waits for its turn, or for the
// server, does not wait for ever.
func TestCloseEndsReadsThatWait(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	appendAll(t, d, history(t, 5))
	for range cap(d.helpers) {
		d.helpers <- struct{}{}
	}
	ended := make(chan error)
	go func() {
		var last error
		for _, err := range d.Read(ctx, 1) {
			last = err
		}
		ended <- last
	}()
	closeDisk(t, d)
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("it ended with %v", err)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	d := openDisk(t, t.TempDir(), Options{})
	appendAll(t, d, history(t, 60))
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	n := 0
	var err error
	for _, err = range d.Read(reading, 1) {
		if n++; n == 2 {
			cancel()
		}
	}
	if n > 60 || !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled read gave %d frames, then %v", n, err)
	}
}

// TestServerSpeaksToTheLog: what the log engine says goes to Options.Log, its
// notices as details.
func TestServerSpeaksToTheLog(t *testing.T) {
	var b bytes.Buffer
	d := openDisk(t, t.TempDir(), Options{Log: slog.New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	closeDisk(t, d)
	if !strings.Contains(b.String(), "level=DEBUG") || strings.Contains(b.String(), "level=ERROR") {
		t.Errorf("it said:\n%s", b.String())
	}
}

func TestAFolderThatIsAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(name, Options{AllowNetworkFS: true}); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a file was opened as a folder: %v", err)
	}
}
