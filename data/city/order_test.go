package city

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"callbox/geo/route"
)

func TestOrderIsKept(t *testing.T) {
	c, err := Sample(SampleOptions{Columns: 2, Rows: 2})
	if err != nil {
		t.Fatal(err)
	}
	c.Order = route.Order(c.Roads, nil)
	dir := filepath.Join(t.TempDir(), "city")
	for range 2 { // the second replaces the first
		if err := c.Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Open(dir)
	if err != nil || !slices.Equal(got.Order, c.Order) {
		t.Fatalf("%d nodes come back as %d: %v", len(c.Order), len(got.Order), err)
	}
	if err := os.Remove(filepath.Join(dir, orderName)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), orderName) {
		t.Errorf("without the file: %v", err)
	}
	c.Order = []uint32{0} // of another graph
	if err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "the roads have others") {
		t.Errorf("with an order of other roads: %v", err)
	}
}

func TestBrokenOrders(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "not an order",
		"CBXROADS\x00\x00\x00\x00":            "not an order",
		orderMark:                             "nothing",
		orderMark + "\x00\x00\x00":            "within a number",
		orderMark + "\x01\x00\x00\x00":        "node 1",
		orderMark + strings.Repeat("\x00", 8): "twice",
	} {
		_, err := readOrder(bytes.NewReader([]byte(text)))
		var faults Faults
		if err = faultsOf("f", err); !errors.As(err, &faults) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
