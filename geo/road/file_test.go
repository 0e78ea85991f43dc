package road_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"testing/iotest"

	"callbox/geo/road"
	"callbox/geo/road/roadtest"
)

func encode(t testing.TB, g *road.Graph) []byte {
	t.Helper()
	var buf bytes.Buffer
	n, err := g.WriteTo(&buf)
	if err != nil || n != int64(buf.Len()) {
		t.Fatalf("wrote %d of %d bytes: %v", n, buf.Len(), err)
	}
	return buf.Bytes()
}

func small(seed uint64) *road.Graph {
	return roadtest.Random(rand.New(rand.NewPCG(seed, 3)), 4, 9)
}

func TestFileRoundTrip(t *testing.T) {
	for seed := range uint64(100) {
		g := small(seed)
		file := encode(t, g)
		back, err := road.Read(iotest.HalfReader(bytes.NewReader(file)))
		if err != nil {
			t.Fatal(err)
		}
		if back.Version() != g.Version() || len(g.Version()) != 12 {
			t.Fatalf("version %q came back as %q", g.Version(), back.Version())
		}
		for a := range road.Arc(g.Arcs()) {
			if g.Tail(a) != back.Tail(a) || g.Twin(a) != back.Twin(a) {
				t.Fatalf("arc %d came back as another", a)
			}
		}
		if !bytes.Equal(encode(t, back), file) {
			t.Fatal("the second file differs from the first")
		}
	}
	if small(1).Version() == small(2).Version() {
		t.Error("different graphs have one version")
	}
}

func TestFileLargerThanOneChunk(t *testing.T) {
	g := roadtest.Grid(400, 300)
	back, err := road.Read(bytes.NewReader(encode(t, g)))
	if err != nil || back.Version() != g.Version() || back.Arcs() != g.Arcs() {
		t.Fatalf("%v", err)
	}
}

func TestFileEveryDamageIsFound(t *testing.T) {
	file := encode(t, small(7))
	for n := range file {
		if _, err := road.Read(bytes.NewReader(file[:n])); !errors.Is(err, road.ErrTruncated) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
		for _, flip := range []byte{1, 0x80, 0xff} {
			bad := slices.Clone(file)
			bad[n] ^= flip
			if _, err := road.Read(bytes.NewReader(bad)); err == nil {
				t.Fatalf("byte %d changed by %#x: no error", n, flip)
			}
		}
	}
}

func TestFileNamesErrors(t *testing.T) {
	// Words of the file after the magic: 4 of the header, then points.
	const format, profiles, nodes, arcs, lat, row, head = 0, 1, 2, 3, 4, 4 + 2*2, 4 + 2*2 + 3
	const length = head + 2
	put := func(word int, value uint32) func(file []byte) []byte {
		return func(file []byte) []byte {
			binary.LittleEndian.PutUint32(file[8+4*word:], value)
			return file
		}
	}
	for _, c := range []struct {
		name   string
		damage func(file []byte) []byte
		want   error
	}{
		{"magic", func(f []byte) []byte { f[0]++; return f }, road.ErrNotRoads},
		{"format", put(format, 1), road.ErrFormat},
		{"profiles", put(profiles, 3), road.ErrCorrupt},
		{"no nodes", put(nodes, 0), road.ErrCorrupt},
		{"no arcs", put(arcs, 0), road.ErrCorrupt},
		{"too many nodes", put(nodes, 1<<28+1), road.ErrCorrupt},
		{"more nodes than bytes", put(nodes, 1<<28), road.ErrTruncated},
		{"more arcs than bytes", put(arcs, 1<<28), road.ErrTruncated},
		{"latitude", put(lat, 900000001), road.ErrOffEarth},
		{"first row", put(row, 1), road.ErrCorrupt},
		{"falling rows", put(row+1, 3), road.ErrCorrupt},
		{"last row", put(row+2, 1), road.ErrCorrupt},
		{"head", put(head, 2), road.ErrUnknownNode},
		{"length", put(length, road.MaxWeight+1), road.ErrOverflow},
		{"time", put(length+2, road.MaxWeight+1), road.ErrOverflow},
		{"emergency time", put(length+5, road.MaxWeight+1), road.ErrOverflow},
		{"time between the greatest and closed", put(length+3, road.Closed-1), road.ErrOverflow},
		{"twin", put(length+6, 2), road.ErrCorrupt},
		{"twin of another", put(length+6, 1<<32-1), road.ErrCorrupt},
		{"turn with a length", func(f []byte) []byte { put(length+6, 0)(f); return put(length+7, 1)(f) }, road.ErrCorrupt},
		{"twin of another length", put(length+1, 7), road.ErrCorrupt},
		{"one more byte", func(f []byte) []byte { return append(f, 0) }, road.ErrTrailing},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := c.damage(encode(t, roadtest.Grid(2, 1)))
			if end := len(file) - sha256.Size; c.want != road.ErrTrailing {
				sum := sha256.Sum256(file[:end]) // so that the checksum is not what complains
				copy(file[end:], sum[:])
			}
			if _, err := road.Read(bytes.NewReader(file)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	file := encode(t, roadtest.Grid(3, 1)) // heads 1 0 2 1
	heads := file[8+4*(head+2+1):]
	copy(heads[4:12], append(slices.Clone(heads[8:12]), heads[4:8]...))
	end := len(file) - sha256.Size
	sum := sha256.Sum256(file[:end])
	copy(file[end:], sum[:])
	if _, err := road.Read(bytes.NewReader(file)); !errors.Is(err, road.ErrCorrupt) {
		t.Errorf("heads out of order: got %v, want %v", err, road.ErrCorrupt)
	}
	file = encode(t, small(1))
	file[len(file)-1]++
	if _, err := road.Read(bytes.NewReader(file)); !errors.Is(err, road.ErrChecksum) {
		t.Errorf("got %v, want %v", err, road.ErrChecksum)
	}
	broken := errors.New("cable pulled")
	if _, err := road.Read(io.MultiReader(bytes.NewReader(file[:30]), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

// TestReadTrustsNoCounts: a short file that promises 2^28 nodes and arcs must
// not cost the memory for them.
func TestReadTrustsNoCounts(t *testing.T) {
	file := encode(t, small(1))[:24]
	binary.LittleEndian.PutUint32(file[16:], road.MaxSize)
	binary.LittleEndian.PutUint32(file[20:], road.MaxSize)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := road.Read(bytes.NewReader(file)); !errors.Is(err, road.ErrTruncated) {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
		t.Errorf("took %d bytes of memory for a file of %d", got, len(file))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(encode(f, roadtest.Grid(2, 1)))
	f.Add(encode(f, small(3)))
	f.Fuzz(func(t *testing.T, file []byte) {
		// Put the checksum right, so that the rest is tested too.
		if end := len(file) - sha256.Size; end >= 0 {
			sum := sha256.Sum256(file[:end])
			copy(file[end:], sum[:])
		}
		g, err := road.Read(bytes.NewReader(file))
		if err == nil && !bytes.Equal(encode(t, g), file) {
			t.Error("a graph that was read is written as another file")
		}
	})
}
