package city

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"callbox/geo/area"
)

// An order of nodes is kept as a mark of eight bytes and a number of four bytes,
// little-endian, for each node. The manifest has its checksum.
const orderMark = "CBXORDER"

func writeOrder(w io.Writer, order []uint32) error {
	b := bufio.NewWriter(w)
	b.WriteString(orderMark)
	for _, n := range order {
		_ = binary.Write(b, binary.LittleEndian, n) // Flush gives the error
	}
	return b.Flush()
}

// readOrder reads an order, each of whose nodes must be there once.
func readOrder(r io.Reader) ([]uint32, error) {
	broken := func(format string, args ...any) error {
		return area.Nowhere.Fault(DamagedFile, fmt.Sprintf(format, args...)+"; build the city again")
	}
	b := bufio.NewReader(r)
	mark := make([]byte, len(orderMark))
	if _, err := io.ReadFull(b, mark); err != nil || string(mark) != orderMark {
		return nil, broken("it is not an order of nodes")
	}
	var order []uint32
	for word := make([]byte, 4); ; {
		switch _, err := io.ReadFull(b, word); {
		case err == io.EOF:
			return order, checkOrder(order, broken)
		case errors.Is(err, io.ErrUnexpectedEOF):
			return nil, broken("it ends within a number")
		case err != nil:
			return nil, err
		}
		order = append(order, binary.LittleEndian.Uint32(word))
	}
}

func checkOrder(order []uint32, broken func(string, ...any) error) error {
	seen := make([]bool, len(order))
	for i, n := range order {
		if int(n) >= len(order) || seen[n] {
			return broken("place %d of %d holds node %d, which is not there or is there twice", i, len(order), n)
		}
		seen[n] = true
	}
	if len(order) == 0 {
		return broken("it orders nothing")
	}
	return nil
}
