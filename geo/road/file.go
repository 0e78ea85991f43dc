package road

import (
	"encoding/binary"
	"io"

	"callbox/geo"
)

// The binary form, all numbers little-endian:
//
//	magic     8 bytes "CBXROADS"
//	header    4 uint32: format (2), profiles (2), nodes N, arcs M
//	points    N x 2 int32: latitude, longitude in E7
//	rows      N+1 uint32: the arcs rows[n] to rows[n+1]-1 leave node n
//	heads     M uint32
//	lengths   M uint32, millimetres
//	times     M uint32 for each profile, milliseconds; 2^31 is closed
//	twins     M uint32: the arc back, the arc itself for a turn, 2^32-1 for none
//	sum       32 bytes: SHA-256 of all bytes before
const (
	magic  = "CBXROADS"
	format = 2
)

const chunk = 1 << 16 // words read or written at a time

// WriteTo writes the binary form of the graph. It implements io.WriterTo.
func (g *Graph) WriteTo(w io.Writer) (int64, error) {
	c := &counter{w: w}
	if err := g.encode(c); err != nil {
		return c.n, err
	}
	_, err := c.Write(g.sum[:])
	return c.n, err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// encode writes all but the sum.
func (g *Graph) encode(w io.Writer) error {
	e := encoder{w: w, buf: make([]byte, 0, 4*chunk)}
	e.buf = append(e.buf, magic...)
	for _, v := range []int{format, int(geo.Profiles), len(g.points), len(g.head)} {
		e.word(uint32(v))
	}
	for _, p := range g.points {
		e.word(uint32(p.Lat))
		e.word(uint32(p.Lon))
	}
	for _, v := range g.first {
		e.word(v)
	}
	for _, v := range g.head {
		e.word(uint32(v))
	}
	for _, v := range g.length {
		e.word(v)
	}
	for _, times := range g.millis {
		for _, v := range times {
			e.word(v)
		}
	}
	for _, v := range g.twin {
		e.word(uint32(v))
	}
	e.flush()
	return e.err
}

type encoder struct {
	w   io.Writer
	buf []byte
	err error
}

func (e *encoder) word(v uint32) {
	if len(e.buf)+4 > cap(e.buf) {
		e.flush()
	}
	e.buf = binary.LittleEndian.AppendUint32(e.buf, v)
}

func (e *encoder) flush() {
	if e.err == nil {
		_, e.err = e.w.Write(e.buf)
	}
	e.buf = e.buf[:0]
}
