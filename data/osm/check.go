package osm

import (
	"errors"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// errBlock is what is wrong with a block that breaks its format.
var errBlock = errors.New("it breaks the PBF format")

// field is a field of a message: a number, or bytes.
type field struct {
	number protowire.Number
	packed bool
	value  uint64
	bytes  []byte
}

// fields gives the fields of a message one by one.
func fields(message []byte, visit func(field) error) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errBlock
		}
		message = message[n:]
		f := field{number: number}
		switch kind {
		case protowire.VarintType:
			f.value, n = protowire.ConsumeVarint(message)
		case protowire.BytesType:
			f.packed = true
			f.bytes, n = protowire.ConsumeBytes(message)
		default:
			return errBlock // nothing in the format has another type
		}
		if n < 0 {
			return errBlock
		}
		message = message[n:]
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// numbers visits the numbers of a packed field and counts them.
func numbers(packed []byte, visit func(uint64) bool) (count int, err error) {
	for len(packed) > 0 {
		v, n := protowire.ConsumeVarint(packed)
		if n < 0 || visit != nil && !visit(v) {
			return 0, errBlock
		}
		packed = packed[n:]
		count++
	}
	return count, nil
}

// checkHeader refuses a file that asks for what is not known here.
func checkHeader(data []byte) error {
	return fields(data, func(f field) error {
		if f.number != 4 {
			return nil
		}
		switch feature := string(f.bytes); feature {
		case "OsmSchema-V0.6", "DenseNodes":
			return nil
		case "HistoricalInformation":
			return wrong(RuleUnsupported, "it holds the history of the map; give an extract of one day")
		default:
			return wrong(RuleUnsupported, "it asks its reader for %.40q; write it anew without (osmium cat old.osm.pbf -o new.osm.pbf)", feature)
		}
	})
}

// checker checks what the decoder takes for granted: that strings are in the
// table, and that parallel lists are of one length.
type checker struct{ strings uint64 }

func checkBlock(data []byte) error {
	var c checker
	tables := 0
	err := fields(data, func(f field) error {
		if f.number != 1 {
			return nil
		}
		tables++
		return fields(f.bytes, func(s field) error {
			if s.number == 1 && s.packed {
				c.strings++
			}
			return nil
		})
	})
	if err != nil || tables > 1 {
		return errBlock
	}
	return fields(data, func(f field) error {
		switch {
		case f.number < 3 && !f.packed, f.number >= 17 && f.number <= 20 && f.packed:
			return errBlock
		case f.number == 2:
			return fields(f.bytes, c.group)
		}
		return nil
	})
}

// group checks an object, or a block of nodes.
func (c *checker) group(f field) error {
	switch {
	case !f.packed:
		return errBlock
	case f.number == 1:
		return wrong(RuleUnsupported, "its nodes are not dense; write it anew (osmium cat old.osm.pbf -o new.osm.pbf)")
	case f.number == 2:
		return c.nodes(f.bytes)
	case f.number == 3:
		return c.object(f.bytes, 2, 3)
	case f.number == 4:
		return c.object(f.bytes, 2, 3, 8)
	}
	return nil
}

// counts is the length of each list of a message, plus 1.
type counts [infos + 7]int

// infos is what the numbers of lists about the history of nodes begin at.
const infos = 11

// add counts a list that may be there once.
func (n *counts) add(number protowire.Number, packed []byte, visit func(uint64) bool) error {
	count, err := numbers(packed, visit)
	if err != nil || n[number] > 0 {
		return errBlock
	}
	n[number] = count + 1
	return nil
}

// equal reports whether those lists that are there have one length.
func (n *counts) equal(lists ...protowire.Number) bool {
	length := 0
	for _, l := range lists {
		if length == 0 {
			length = n[l]
		}
		if n[l] != 0 && n[l] != length {
			return false
		}
	}
	return true
}

// object checks a way or a relation; names are its lists of strings.
func (c *checker) object(message []byte, names ...protowire.Number) error {
	var n counts
	err := fields(message, func(f field) error {
		switch f.number {
		case 1:
			if f.packed {
				return errBlock
			}
		case 2, 3, 8, 9, 10:
			var visit func(uint64) bool
			if slices.Contains(names, f.number) {
				visit = c.name
			}
			if !f.packed {
				return errBlock
			}
			return n.add(f.number, f.bytes, visit)
		case 4:
			if !f.packed {
				return errBlock
			}
			return fields(f.bytes, func(info field) error {
				if info.packed || info.number == 5 && !c.name(info.value) {
					return errBlock
				}
				return nil
			})
		}
		return nil
	})
	if err != nil || !n.equal(2, 3) || !n.equal(8, 9, 10) {
		return errBlock
	}
	return nil
}

// name reports whether a string is in the table.
func (c *checker) name(v uint64) bool { return v < c.strings }

// nodes checks a block of dense nodes.
func (c *checker) nodes(message []byte) error {
	var n counts
	err := fields(message, func(f field) error {
		switch f.number {
		case 1, 8, 9, 10:
			var visit func(uint64) bool
			if f.number == 10 {
				visit = c.name
			}
			if !f.packed {
				return errBlock
			}
			return n.add(f.number, f.bytes, visit)
		case 5:
			if !f.packed {
				return errBlock
			}
			return fields(f.bytes, func(f field) error { return c.info(&n, f) })
		}
		return nil
	})
	if err != nil || !n.equal(1, 8, 9, infos+1, infos+2, infos+3, infos+4, infos+5, infos+6) {
		return errBlock
	}
	return nil
}

// info checks a list about the history of nodes; the fifth is of users, each a
// string less the one before.
func (c *checker) info(n *counts, f field) error {
	var visit func(uint64) bool
	var user int32
	switch {
	case f.number > 6:
		return nil
	case !f.packed:
		return errBlock
	case f.number == 5:
		visit = func(v uint64) bool {
			user += int32(protowire.DecodeZigZag(v & math.MaxUint32))
			return v <= math.MaxUint32 && user >= 0 && c.name(uint64(user))
		}
	}
	return n.add(infos+f.number, f.bytes, visit)
}
