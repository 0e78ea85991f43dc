package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"callbox/assign"
	"callbox/data/journal/frame"
	"callbox/data/journal/frame/frametest"
)

// history is the first frames of a random log.
func history(t testing.TB, n int) []frame.Entry {
	t.Helper()
	var last frame.Hash
	entries := make([]frame.Entry, n)
	for i, f := range frametest.History(t, n) {
		entries[i] = seal(t, f, frame.Link{Shard: "1", Epoch: 1, Previous: last})
		last = entries[i].Hash
	}
	return entries
}

func seal(t testing.TB, f assign.Frame, l frame.Link) frame.Entry {
	t.Helper()
	b, err := frame.Encode(f, l)
	if err != nil {
		t.Fatal(err)
	}
	e, err := frame.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// memory is a log that grows in a test's hands.
type memory struct {
	mu      sync.Mutex
	entries []frame.Entry
	err     error // at the end of each read
}

func (m *memory) add(entries ...frame.Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries = append(m.entries, entries...)
}

func (m *memory) Entries(ctx context.Context, from uint64) iter.Seq2[frame.Entry, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	entries := m.entries[min(max(from, 1)-1, uint64(len(m.entries))):]
	return func(yield func(frame.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
		if err := errors.Join(m.err, ctx.Err()); err != nil {
			yield(frame.Entry{}, err)
		}
	}
}

// written is an export of a log in a folder, with files of about so many bytes.
func written(t testing.TB, full int64, entries []frame.Entry) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "export")
	add(t, dir, full, entries)
	return dir
}

// add opens an export, adds what it does not have, and closes it.
func add(t testing.TB, dir string, full int64, entries []frame.Entry) {
	t.Helper()
	w, err := Open(dir, full)
	if err != nil {
		t.Fatal(err)
	}
	last, _ := w.Last()
	for _, e := range entries[last:] {
		if err := w.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, dir string, want []frame.Entry) {
	t.Helper()
	n := 0
	for e, err := range Read(dir) {
		if err != nil {
			t.Fatal(err)
		}
		if n >= len(want) || e.Hash != want[n].Hash || !bytes.Equal(e.Bytes, want[n].Bytes) {
			t.Fatalf("frame %d came as number %d", e.Number, n+1)
		}
		n++
	}
	if n != len(want) {
		t.Fatalf("%d frames came, want %d", n, len(want))
	}
}

func files(t testing.TB, dir string) []string {
	t.Helper()
	names, err := segments(dir)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestExportHoldsTheLog(t *testing.T) {
	entries := history(t, 60)
	for _, full := range []int64{1, 20_000, SegmentSize} {
		dir := written(t, full, entries[:40])
		expect(t, dir, entries[:40])
		add(t, dir, full, entries)
		expect(t, dir, entries)
		if n := len(files(t, dir)); full == 1 && n != 60 || full == SegmentSize && n != 1 || full == 20_000 && (n < 4 || n > 20) {
			t.Errorf("files of %d bytes are %d", full, n)
		}
		s, err := Verify(dir, entries[30].Hash.String())
		if err != nil || s.Frames != 60 || s.Head != entries[59].Hash.String() || !s.Held || s.Facts != entries[59].Facts[len(entries[59].Facts)-1].Seq || s.Torn != nil {
			t.Errorf("verified: %+v, %v", s, err)
		}
	}
}

// TestLinesAreJSON reads an export as somebody without this program would.
func TestLinesAreJSON(t *testing.T) {
	entries := history(t, 20)
	dir := written(t, SegmentSize, entries)
	b, err := os.ReadFile(filepath.Join(dir, files(t, dir)[0]))
	if err != nil {
		t.Fatal(err)
	}
	previous, fact, n := strings.Repeat("0", 64), 0, 0
	for line := range bytes.Lines(b) {
		var l struct {
			Frame, Fact, Facts int
			Hash, Previous     string
			Bytes              []byte
			Kind               string
			Body               map[string]any
		}
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		if l.Bytes != nil { // a frame
			if n++; l.Previous != previous || frame.Sum(l.Bytes).String() != l.Hash || l.Facts != len(entries[n-1].Facts) {
				t.Fatalf("frame %d does not follow", l.Frame)
			}
			previous = l.Hash
			continue
		}
		if fact++; l.Fact != fact || l.Frame != n || l.Hash != previous || l.Kind == "" || l.Body == nil {
			t.Fatalf("fact %d: %s", fact, line)
		}
	}
	if n != 20 {
		t.Errorf("there are %d frames", n)
	}
}

// TestFormatDescribesTheLines: each field is in FORMAT.md, in this order.
func TestFormatDescribesTheLines(t *testing.T) {
	b, err := os.ReadFile("../FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(b), "\n## The export\n")
	text, _, _ = strings.Cut(text, "\n## ")
	for _, line := range []any{frameLine{}, factLine{}} {
		for i := range reflect.TypeOf(line).NumField() {
			name, _, _ := strings.Cut(reflect.TypeOf(line).Field(i).Tag.Get("json"), ",")
			var ok bool
			if _, text, ok = strings.Cut(text, "\n| `"+name+"` | "); !ok {
				t.Fatalf("FORMAT.md does not describe field %s of %T here", name, line)
			}
		}
	}
}

// TestTornEnd cuts an export off at every place of its last frames: what was
// whole stays, the rest is written anew.
func TestTornEnd(t *testing.T) {
	entries := history(t, 8)
	for _, full := range []int64{1, SegmentSize} {
		whole := written(t, full, entries)
		names := files(t, whole)
		name := names[len(names)-1]
		b, err := os.ReadFile(filepath.Join(whole, name))
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "export")
		for cut := 0; cut < len(b); cut += 1 + len(b)/150 {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name), b[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Verify(dir, "")
			if err != nil || s.Frames > 8 || s.Torn == nil && cut > 0 && b[cut-1] != '\n' {
				t.Fatalf("cut off at %d: %+v, %v", cut, s, err)
			}
			w, err := Open(dir, full)
			if err != nil {
				t.Fatalf("cut off at %d: %v", cut, err)
			}
			if last, hash := w.Last(); last != s.Frames || s.Frames > 0 && hash.String() != s.Head {
				t.Fatalf("cut off at %d: it goes on after frame %d, %d are whole", cut, last, s.Frames)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			add(t, dir, full, entries)
			expect(t, dir, entries)
		}
	}
}

// TestFaultsAreNamed changes an export and expects the first wrong place.
func TestFaultsAreNamed(t *testing.T) {
	entries := history(t, 30)
	other := entries[9]
	other.Frame.Facts = slices.Clone(other.Frame.Facts)
	other.Frame.Facts[0].Fact = &assign.KeyUsed{Key: "forged"}
	forged := seal(t, other.Frame, other.Link)
	lines, err := render(forged)
	if err != nil {
		t.Fatal(err)
	}
	at := func(number int) int { // line that begins a frame
		line := 1
		for _, e := range entries[:number-1] {
			line += 1 + len(e.Facts)
		}
		return line
	}
	for name, c := range map[string]struct {
		change func(lines [][]byte) [][]byte
		line   int
		frame  uint64
	}{
		"a fact is changed": {func(l [][]byte) [][]byte {
			l[at(5)] = bytes.Replace(l[at(5)], []byte(`"body":{`), []byte(`"body":{"x":1,`), 1)
			return l
		}, at(5) + 1, 5},
		"a hash is changed": {func(l [][]byte) [][]byte {
			l[at(5)-1] = bytes.Replace(l[at(5)-1], []byte(`"hash":"`+entries[4].Hash.String()[:1]), []byte(`"hash":"g`), 1)
			return l
		}, at(5), 5},
		"a frame is forged, and all of its lines": {func(l [][]byte) [][]byte {
			return slices.Replace(l, at(10)-1, at(11)-1, slices.Collect(bytes.Lines(lines))...)
		}, at(11), 11},
		"a frame is gone": {func(l [][]byte) [][]byte { return slices.Delete(l, at(10)-1, at(11)-1) }, at(10), 10},
		"a frame is there twice": {func(l [][]byte) [][]byte {
			return slices.Insert(l, at(11)-1, l[at(10)-1:at(11)-1]...)
		}, at(11), 11},
		"two frames are exchanged": {func(l [][]byte) [][]byte {
			ten := slices.Clone(l[at(10)-1 : at(11)-1])
			l = slices.Delete(l, at(10)-1, at(11)-1)
			return slices.Insert(l, at(12)-1-len(ten), ten...)
		}, at(10), 10},
		"a fact is gone":       {func(l [][]byte) [][]byte { return slices.Delete(l, at(5), at(5)+1) }, at(5) + 1, 5},
		"a fact is put in":     {func(l [][]byte) [][]byte { return slices.Insert(l, at(5)+1, l[at(5)]) }, 0, 0},
		"an empty line":        {func(l [][]byte) [][]byte { return slices.Insert(l, at(5)-1, []byte("\n")) }, at(5), 5},
		"a line of noise":      {func(l [][]byte) [][]byte { return slices.Insert(l, at(5)-1, []byte("noise\n")) }, at(5), 5},
		"a line without bytes": {func(l [][]byte) [][]byte { return slices.Insert(l, at(5)-1, []byte("{}\n")) }, at(5), 5},
		"a line without end":   {func(l [][]byte) [][]byte { return slices.Insert(l, at(5)-1, make([]byte, maxLine+1<<17)) }, at(5), 5},
		"the first is gone":    {func(l [][]byte) [][]byte { return l[at(2)-1:] }, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			dir := written(t, SegmentSize, entries)
			path := filepath.Join(dir, files(t, dir)[0])
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			l := bytes.SplitAfter(b, []byte("\n"))
			for i := range l {
				l[i] = bytes.Clone(l[i])
			}
			if err := os.WriteFile(path, bytes.Join(c.change(l), nil), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := Verify(dir, "")
			var fault *Fault
			if !errors.As(err, &fault) || !errors.Is(err, frame.ErrDamaged) && !errors.Is(err, frame.ErrFormat) {
				t.Fatalf("got %v after %d frames", err, s.Frames)
			}
			if c.line != 0 && (fault.Line != c.line || fault.Frame != c.frame || s.Frames != c.frame-1) {
				t.Errorf("got %v, want line %d, frame %d", err, c.line, c.frame)
			}
			if _, err := Open(dir, SegmentSize); err == nil {
				t.Error("it was opened for writing")
			}
		})
	}
}

// TestFilesAreNamed loses, cuts and exchanges whole files.
func TestFilesAreNamed(t *testing.T) {
	entries := history(t, 12)
	name := func(n int) string { return fmt.Sprintf(segmentForm, n) }
	for what, c := range map[string]struct {
		change func(dir string) error
		frame  uint64
	}{
		"one is gone":       {func(dir string) error { return os.Remove(filepath.Join(dir, name(5))) }, 5},
		"the first is gone": {func(dir string) error { return os.Remove(filepath.Join(dir, name(1))) }, 1},
		"one is cut off":    {func(dir string) error { return os.Truncate(filepath.Join(dir, name(5)), 30) }, 5},
		"one is empty":      {func(dir string) error { return os.Truncate(filepath.Join(dir, name(5)), 0) }, 5},
		"one has the name of another": {func(dir string) error {
			return os.Rename(filepath.Join(dir, name(5)), filepath.Join(dir, name(6)))
		}, 5},
	} {
		t.Run(what, func(t *testing.T) {
			dir := written(t, 1, entries)
			if err := c.change(dir); err != nil {
				t.Fatal(err)
			}
			_, err := Verify(dir, "")
			var fault *Fault
			if !errors.As(err, &fault) || fault.Frame != c.frame {
				t.Errorf("got %v, want frame %d", err, c.frame)
			}
		})
	}
	if _, err := Verify(filepath.Join(t.TempDir(), "none"), ""); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
	if s, err := Verify(t.TempDir(), ""); err != nil || s.Frames != 0 {
		t.Errorf("an empty folder: %+v, %v", s, err)
	}
}

// TestFollow writes what is added to a log while it is followed, and again after
// a restart.
func TestFollow(t *testing.T) {
	entries := history(t, 40)
	dir := filepath.Join(t.TempDir(), "export")
	log := &memory{entries: slices.Clone(entries[:10])}
	for round := range 3 {
		w, err := Open(dir, 20_000)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		told, more := uint64(0), entries[10+10*round:20+10*round]
		err = w.Follow(ctx, log, func(n uint64) {
			told = n
			log.add(more...) // which the last round before the end must find
			cancel()
		})
		if err != nil || told != uint64(10+10*round) {
			t.Errorf("round %d: told of frame %d, %v", round, told, err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		expect(t, dir, entries[:20+10*round])
	}
}

func TestFollowRefusesAnotherLog(t *testing.T) {
	entries, broken := history(t, 12), errors.New("cannot be read")
	other := slices.Clone(entries)
	other[9] = seal(t, entries[9].Frame, frame.Link{Shard: "1", Epoch: 2, Previous: entries[8].Hash})
	for name, c := range map[string]struct {
		log  *memory
		want error
	}{
		"another frame":  {&memory{entries: other}, ErrDisagrees},
		"a shorter log":  {&memory{entries: entries[:9]}, ErrDisagrees},
		"one that fails": {&memory{entries: entries, err: broken}, broken},
		"another frame before": {&memory{entries: append(slices.Clone(entries[:10]),
			seal(t, entries[10].Frame, frame.Link{Shard: "1", Epoch: 2, Previous: other[9].Hash}))}, ErrDisagrees},
	} {
		w, err := Open(written(t, SegmentSize, entries[:10]), SegmentSize)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if err := w.Follow(ctx, c.log, func(uint64) { cancel() }); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if err := w.Append(entries[10]); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: it was written to after its end: %v", name, err)
		}
	}
	w, err := Open(written(t, SegmentSize, entries[:10]), SegmentSize)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Append(entries[11]); !errors.Is(err, frame.ErrDamaged) {
		t.Errorf("a gap: %v", err)
	}
}

// FuzzSegment reads anything as a file of an export. What is accepted is byte for
// byte what the writer makes of it.
func FuzzSegment(f *testing.F) {
	entries := history(f, 4)
	var all []byte
	for _, e := range entries {
		lines, err := render(e)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, lines...)
		f.Add(lines)
	}
	f.Add(all)
	f.Add(all[:len(all)-9])
	f.Add([]byte("{\"bytes\":\"\"}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newSegment("frames", bytes.NewReader(b), 1)
		var back []byte
		for {
			e, err := s.next()
			if err != nil {
				var fault *Fault
				if err != io.EOF && !errors.As(err, &fault) {
					t.Fatalf("%v is no Fault", err)
				}
				break
			}
			lines, err := render(e)
			if err != nil {
				t.Fatal(err)
			}
			back = append(back, lines...)
		}
		if int64(len(back)) != s.end || !bytes.Equal(back, b[:len(back)]) {
			t.Fatalf("%q was read, and written again as %q", b, back)
		}
	})
}
