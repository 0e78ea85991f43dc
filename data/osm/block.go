package osm

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// The sizes that the PBF format allows, and the decoder accepts.
const (
	maxHeader = 64 << 10
	maxBlock  = 32<<20 - 64
)

// blocks stands between a PBF file and its decoder, which panics on much that
// is damaged, in goroutines of its own. It passes on the blocks of the file,
// unpacked, after it has checked them. It is an io.Reader.
//
// The format: https://wiki.openstreetmap.org/wiki/PBF_Format
type blocks struct {
	r     io.Reader
	count int
	out   []byte // what is not read yet
}

func (b *blocks) Read(p []byte) (int, error) {
	for len(b.out) == 0 {
		if err := b.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.out)
	b.out = b.out[n:]
	return n, nil
}

// next reads a block. Blocks of an unknown type are left out, as the format
// asks.
func (b *blocks) next() error {
	var size [4]byte
	switch _, err := io.ReadFull(b.r, size[:]); err {
	case nil:
	case io.EOF:
		return io.EOF
	default:
		return b.cut(err)
	}
	head, err := b.bytes(int64(binary.BigEndian.Uint32(size[:])), maxHeader)
	if err != nil {
		return err
	}
	var kind string
	var length int64
	err = fields(head, func(f field) error {
		switch f.number {
		case 1:
			kind = string(f.bytes)
		case 3:
			length = int64(f.value)
		}
		return nil
	})
	if err != nil {
		return b.damaged(err)
	}
	blob, err := b.bytes(length, maxBlock)
	if err != nil {
		return err
	}
	data, err := unpack(blob)
	if err != nil {
		return b.damaged(err)
	}
	switch {
	case kind == "OSMHeader" && b.count == 0:
		err = checkHeader(data)
	case kind == "OSMData" && b.count > 0:
		err = checkBlock(data)
	case b.count == 0 || kind == "OSMHeader":
		err = wrong(RuleSyntax, "it must begin with its only header")
	default:
		return nil
	}
	if err != nil {
		return b.damaged(err)
	}
	b.count++
	b.out = frame(kind, data)
	return nil
}

// bytes reads so many bytes. Memory grows with what has arrived.
func (b *blocks) bytes(n, most int64) ([]byte, error) {
	if n < 0 || n > most {
		return nil, wrong(RuleSyntax, "block %d promises %d bytes, and %d are allowed: the file is damaged; %s", b.count, n, most, fetchAgain)
	}
	var buf bytes.Buffer
	if _, err := io.CopyN(&buf, b.r, n); err != nil {
		return nil, b.cut(err)
	}
	return buf.Bytes(), nil
}

func (b *blocks) cut(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return wrong(RuleTruncated, "the file ends in the middle of block %d; %s", b.count, fetchAgain)
	}
	return err
}

func (b *blocks) damaged(err error) error {
	if known, ok := err.(*Error); ok {
		return known
	}
	return wrong(RuleSyntax, "block %d is damaged (%v); %s", b.count, err, fetchAgain)
}

// packings are the ways of packing a blob that are rarely used.
var packings = map[protowire.Number]string{4: "LZMA", 5: "bzip2", 6: "LZ4", 7: "Zstandard"}

// unpack gives the content of a blob.
func unpack(blob []byte) (data []byte, err error) {
	found := false
	err = fields(blob, func(f field) (err error) {
		switch name := packings[f.number]; {
		case f.number == 1:
			data, found = f.bytes, true
		case f.number == 3:
			found = true
			data, err = inflate(f.bytes)
		case name != "":
			err = wrong(RuleUnsupported, "its blocks are packed with %s; write it anew with zlib (osmium cat old.osm.pbf -o new.osm.pbf)", name)
		}
		return err
	})
	if err == nil && !found {
		err = errBlock
	}
	return data, err
}

func inflate(packed []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if n, err := io.Copy(&buf, io.LimitReader(z, maxBlock+1)); err != nil {
		return nil, err
	} else if n > maxBlock {
		return nil, errBlock
	}
	return buf.Bytes(), nil
}

// frame writes a block that is not packed.
func frame(kind string, data []byte) []byte {
	blob := protowire.AppendTag(nil, 1, protowire.BytesType)
	blob = protowire.AppendVarint(blob, uint64(len(data)))
	head := protowire.AppendTag(nil, 1, protowire.BytesType)
	head = protowire.AppendString(head, kind)
	head = protowire.AppendTag(head, 3, protowire.VarintType)
	head = protowire.AppendVarint(head, uint64(len(blob)+len(data)))
	out := make([]byte, 0, 4+len(head)+len(blob)+len(data))
	out = binary.BigEndian.AppendUint32(out, uint32(len(head)))
	out = append(out, head...)
	out = append(out, blob...)
	return append(out, data...)
}
