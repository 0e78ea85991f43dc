package city

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"callbox/geo/cell"
)

// demandFile is the file of demand. Cells are written as H3 writes them.
type demandFile struct {
	Cells []demandCell `json:"cells"`
}

type demandCell struct {
	Cell   string `json:"cell"`
	Weight int    `json:"weight"`
}

func writeDemand(w io.Writer, demand []Demand) error {
	f := demandFile{Cells: make([]demandCell, len(demand))}
	for i, d := range demand {
		f.Cells[i] = demandCell{d.Cell.String(), d.Weight}
	}
	return writeJSON(w, f)
}

func readDemand(r io.Reader) ([]Demand, error) {
	var f demandFile
	if err := readJSON(io.LimitReader(r, maxDemand), &f); err != nil {
		return nil, err
	}
	demand := make([]Demand, len(f.Cells))
	for i, d := range f.Cells {
		c, err := cell.Parse(d.Cell)
		switch {
		case err != nil:
			return nil, fmt.Errorf("cell %d: %w", i, err)
		case d.Weight <= 0:
			return nil, fmt.Errorf("cell %d (%v): its weight is %d; it must be above 0", i, c, d.Weight)
		case c.Resolution() != demand[0].Cell.Resolution() && i > 0:
			return nil, fmt.Errorf("cell %d (%v): its resolution is %d, that of the first is %d", i, c, c.Resolution(), demand[0].Cell.Resolution())
		case i > 0 && c <= demand[i-1].Cell:
			return nil, fmt.Errorf("cell %d (%v): it is there twice, or out of order", i, c)
		}
		demand[i] = Demand{c, d.Weight}
	}
	return demand, nil
}

// maxDemand is the greatest size of a file of demand in bytes.
const maxDemand = 64 << 20

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// readJSON reads one value and knows each of its fields.
func readJSON(r io.Reader, v any) error {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the end")
	}
	return nil
}
