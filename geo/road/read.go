package road

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"

	"callbox/geo"
)

// Errors of Read, matched with errors.Is.
var (
	ErrNotRoads  = errors.New("not a road graph file")
	ErrFormat    = errors.New("road graph file of another format version")
	ErrTruncated = errors.New("road graph file ends too early")
	ErrChecksum  = errors.New("road graph file is damaged: the checksum differs")
	ErrCorrupt   = errors.New("road graph file holds an impossible graph")
	ErrTrailing  = errors.New("road graph file goes on after its end")
)

// Read reads one graph as WriteTo writes it and expects nothing after it. It
// trusts no byte: memory grows with what has arrived and not with what the
// header promises. Errors are ErrNotRoads, ErrFormat, ErrTruncated,
// ErrChecksum, ErrCorrupt, ErrTrailing, or those of r.
func Read(r io.Reader) (*Graph, error) {
	d := decoder{r: r, hash: sha256.New(), buf: make([]byte, 4*chunk)}
	if string(d.bytes(len(magic))) != magic {
		return nil, d.or(ErrNotRoads)
	}
	header := d.words(4)
	switch {
	case d.err != nil:
		return nil, d.err
	case header[0] != format:
		return nil, fmt.Errorf("%w: %d, this program reads %d", ErrFormat, header[0], format)
	case header[1] != uint32(geo.Profiles):
		return nil, fmt.Errorf("%w: %d profiles, not %d", ErrCorrupt, header[1], geo.Profiles)
	}
	nodes, arcs := int64(header[2]), int64(header[3])
	if nodes < 1 || arcs < 1 || nodes > MaxSize || arcs > MaxSize {
		return nil, fmt.Errorf("%w: %d nodes, %d arcs", ErrCorrupt, nodes, arcs)
	}
	g := &Graph{}
	coords := d.words(2 * nodes)
	g.first = d.words(nodes + 1)
	heads := d.words(arcs)
	g.length = d.words(arcs)
	for p := range g.millis {
		g.millis[p] = d.words(arcs)
	}
	twins := d.words(arcs)
	d.hash.Sum(g.sum[:0])
	if sum := d.bytes(sha256.Size); d.err == nil && [sha256.Size]byte(sum) != g.sum {
		return nil, ErrChecksum
	}
	if err := d.end(); err != nil {
		return nil, err
	}
	g.points = make([]geo.Point, nodes)
	for n := range g.points {
		g.points[n] = geo.Point{Lat: int32(coords[2*n]), Lon: int32(coords[2*n+1])}
	}
	g.head, g.twin = make([]Node, arcs), make([]Arc, arcs)
	for a := range heads {
		g.head[a], g.twin[a] = Node(heads[a]), Arc(twins[a])
	}
	if err := g.check(); err != nil {
		return nil, err
	}
	g.index()
	return g, nil
}

// check tests what a Builder would have assured. The header is checked before.
func (g *Graph) check() error {
	nodes, arcs := len(g.points), uint32(len(g.head))
	for n, p := range g.points {
		if !p.Valid() {
			return fmt.Errorf("%w: node %d: %w", ErrCorrupt, n, ErrOffEarth)
		}
		if g.first[n] > g.first[n+1] {
			return fmt.Errorf("%w: row of node %d", ErrCorrupt, n)
		}
	}
	if g.first[0] != 0 || g.first[nodes] != arcs {
		return fmt.Errorf("%w: rows do not hold all arcs", ErrCorrupt)
	}
	for n := range g.points {
		for a := g.first[n]; a < g.first[n+1]; a++ {
			if int(g.head[a]) >= nodes {
				return fmt.Errorf("%w: arc %d: %w", ErrCorrupt, a, ErrUnknownNode)
			}
			if a > g.first[n] && g.head[a] < g.head[a-1] {
				return fmt.Errorf("%w: arc %d is out of order", ErrCorrupt, a)
			}
			longest := g.length[a]
			for _, times := range g.millis {
				if times[a] != Closed {
					longest = max(longest, times[a])
				}
			}
			if longest > MaxWeight {
				return fmt.Errorf("%w: arc %d: %w", ErrCorrupt, a, ErrOverflow)
			}
			if !g.paired(Arc(a)) {
				return fmt.Errorf("%w: twin of arc %d", ErrCorrupt, a)
			}
		}
	}
	return nil
}

// paired reports whether the twin of an arc is one that a Builder could give it.
func (g *Graph) paired(a Arc) bool {
	switch twin := g.twin[a]; {
	case twin == NoArc:
		return true
	case int64(twin) >= int64(len(g.twin)):
		return false
	case twin == a:
		return g.length[a] == 0
	default:
		return g.twin[twin] == a && g.length[twin] == g.length[a]
	}
}

// decoder reads and hashes. After the first error it reads nothing more.
type decoder struct {
	r    io.Reader
	hash hash.Hash
	buf  []byte
	err  error
}

// bytes reads n bytes, at most len(d.buf). They are valid until the next call.
func (d *decoder) bytes(n int) []byte {
	if d.err != nil {
		return nil
	}
	if _, err := io.ReadFull(d.r, d.buf[:n]); err != nil {
		d.err = err
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			d.err = ErrTruncated
		}
		return nil
	}
	d.hash.Write(d.buf[:n])
	return d.buf[:n]
}

func (d *decoder) words(n int64) []uint32 {
	words := make([]uint32, 0, min(n, chunk))
	for n > 0 && d.err == nil {
		b := d.bytes(int(4 * min(n, chunk)))
		n -= int64(len(b) / 4)
		for ; len(b) > 0; b = b[4:] {
			words = append(words, binary.LittleEndian.Uint32(b))
		}
	}
	return words
}

// or is the first error, or err if there was none.
func (d *decoder) or(err error) error {
	if d.err != nil {
		return d.err
	}
	return err
}

// end returns the first error, or ErrTrailing if there is another byte.
func (d *decoder) end() error {
	if d.err != nil {
		return d.err
	}
	switch _, err := io.ReadFull(d.r, d.buf[:1]); err {
	case io.EOF:
		return nil
	case nil:
		return ErrTrailing
	default:
		return err
	}
}
