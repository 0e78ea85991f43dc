package osm

import (
	"bytes"
	"compress/zlib"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// pbfWriter writes the objects of a text of XML as PBF, to be read in tests.
type pbfWriter struct {
	strings []string
	zlib    bool
	split   bool // each object has a block of its own
	users   bool // nodes say who changed them last
}

func (w *pbfWriter) groups(t testing.TB, text string) (groups [][]byte) {
	t.Helper()
	var nodes []node
	err := decode(strings.NewReader(text), handler{
		node:     func(n node) { nodes = append(nodes, n) },
		way:      func(o way) { groups = append(groups, w.way(o)) },
		relation: func(o relation) { groups = append(groups, w.relation(o)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if w.split {
		for _, n := range nodes {
			groups = append(groups, w.nodes([]node{n}))
		}
	} else {
		groups = append(groups, w.nodes(nodes))
	}
	return groups
}

func (w *pbfWriter) file(t testing.TB, text string) []byte {
	t.Helper()
	groups := w.groups(t, text)
	header := message(nil, 4, []byte("OsmSchema-V0.6"))
	header = message(header, 4, []byte("DenseNodes"))
	file := w.block("OSMHeader", header)
	if w.split {
		for _, g := range groups {
			file = append(file, w.block("OSMData", w.data(g))...)
		}
		return file
	}
	return append(file, w.block("OSMData", w.data(groups...))...)
}

func (w *pbfWriter) block(kind string, data []byte) []byte {
	if !w.zlib {
		return frame(kind, data)
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(data); err != nil || z.Close() != nil {
		panic("memory takes every byte")
	}
	blob := protowire.AppendVarint(protowire.AppendTag(nil, 2, protowire.VarintType), uint64(len(data)))
	return withHead(kind, message(blob, 3, packed.Bytes()))
}

func withHead(kind string, blob []byte) []byte {
	head := message(nil, 1, []byte(kind))
	head = protowire.AppendVarint(protowire.AppendTag(head, 3, protowire.VarintType), uint64(len(blob)))
	return append(append([]byte{0, 0, 0, byte(len(head))}, head...), blob...)
}

func (w *pbfWriter) data(groups ...[]byte) []byte {
	var table, data []byte
	table = message(table, 1, nil)
	for _, s := range w.strings {
		table = message(table, 1, []byte(s))
	}
	data = message(data, 1, table)
	for _, g := range groups {
		data = message(data, 2, g)
	}
	return data
}

func message(to []byte, number protowire.Number, content []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, number, protowire.BytesType), content)
}

func (w *pbfWriter) text(s string) uint64 {
	for i, known := range w.strings {
		if known == s {
			return uint64(i + 1)
		}
	}
	w.strings = append(w.strings, s)
	return uint64(len(w.strings))
}

// list packs numbers; deltas are of each to the one before.
func list(values []int64, deltas bool) (packed []byte) {
	last := int64(0)
	for _, v := range values {
		if deltas {
			packed = protowire.AppendVarint(packed, protowire.EncodeZigZag(v-last))
			last = v
			continue
		}
		packed = protowire.AppendVarint(packed, uint64(v))
	}
	return packed
}

func (w *pbfWriter) tags(to []byte, t tags) []byte {
	var keys, values []int64
	for _, tag := range t {
		keys, values = append(keys, int64(w.text(tag.key))), append(values, int64(w.text(tag.value)))
	}
	return message(message(to, 2, list(keys, false)), 3, list(values, false))
}

func (w *pbfWriter) nodes(nodes []node) []byte {
	var ids, lats, lons, texts, users []int64
	for _, n := range nodes {
		ids, lats, lons = append(ids, n.id), append(lats, int64(n.at.Lat)), append(lons, int64(n.at.Lon))
		for _, tag := range n.tags {
			texts = append(texts, int64(w.text(tag.key)), int64(w.text(tag.value)))
		}
		texts = append(texts, 0)
		users = append(users, int64(w.text("somebody")))
	}
	dense := message(nil, 1, list(ids, true))
	if w.users {
		dense = message(dense, 5, message(nil, 5, list(users, true)))
	}
	dense = message(dense, 8, list(lats, true))
	dense = message(dense, 9, list(lons, true))
	return message(nil, 2, message(dense, 10, list(texts, false)))
}

func (w *pbfWriter) way(o way) []byte {
	m := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(o.id))
	return message(nil, 3, message(w.tags(m, o.tags), 8, list(o.nodes, true)))
}

func (w *pbfWriter) relation(o relation) []byte {
	m := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(o.id))
	m = w.tags(m, o.tags)
	var roles, ids, kinds []int64
	for _, member := range o.members {
		roles, ids = append(roles, int64(w.text(member.role))), append(ids, member.id)
		kinds = append(kinds, int64(strings.Index("nwr", member.kind[:1])))
	}
	return message(nil, 4, message(message(message(m, 8, list(roles, false)), 9, list(ids, true)), 10, list(kinds, false)))
}
