// Package cell divides the earth into hexagons, the cells of H3 (Uber, "H3:
// Uber's Hexagonal Hierarchical Spatial Index", 2018), and finds things by the
// cell they are in. It is the only importer of h3-go.
//
// Cells come in 16 resolutions, 0 to 15; each cell has about seven times the
// area of one at the next. The cells of a resolution do not nest exactly in
// those of a coarser one: a point near a rim can lie in a cell and yet not in
// that cell's parent. This package always asks where the point itself is.
package cell

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/uber/h3-go/v4"

	"callbox/geo"
)

// Resolution is the resolution callbox works at. Its cells have edges of about
// 200 m and an area of about 0.1 square kilometres.
const Resolution = 9

// MaxDisk is the greatest radius, in cells, that Disk takes.
const MaxDisk = 100

// Errors of this package. They are matched with errors.Is.
var (
	ErrCell       = errors.New("not an H3 cell")
	ErrResolution = errors.New("no such H3 resolution")
	ErrPoint      = errors.New("point is not on the earth")
	ErrDisk       = errors.New("disk radius is outside 0 to 100 cells")
)

// ID is the 64-bit index of a cell. The zero ID is no cell.
type ID uint64

// At is the cell of a resolution from 0 to 15 that p lies in. It returns
// ErrPoint or ErrResolution. About half a microsecond.
func At(p geo.Point, res int) (ID, error) {
	if err := checkResolution(res); err != nil {
		return 0, err
	}
	if !p.Valid() {
		return 0, fmt.Errorf("%w: %v", ErrPoint, p)
	}
	c, err := h3.LatLngToCell(h3.NewLatLng(p.Degrees()), res)
	if err != nil {
		return 0, fmt.Errorf("h3: no cell at %v: %w", p, err)
	}
	return ID(c), nil
}

// Parse reads a cell as String writes it, in hexadecimal digits of either
// case. It returns ErrCell for anything else.
func Parse(s string) (ID, error) {
	v, err := strconv.ParseUint(s, 16, 64)
	if err != nil || !h3.Cell(v).IsValid() {
		return 0, fmt.Errorf("%w: %.32q; 15 hexadecimal digits are expected, such as 892a100d2c3ffff", ErrCell, s)
	}
	return ID(v), nil
}

// String writes the cell in hexadecimal digits, 15 of them.
func (c ID) String() string { return strconv.FormatUint(uint64(c), 16) }

// Valid reports whether c is a cell.
func (c ID) Valid() bool { return h3.Cell(c).IsValid() }

// Resolution is the resolution of a valid cell, 0 to 15.
func (c ID) Resolution() int { return h3.Cell(c).Resolution() }

// Center is the middle of c. It returns ErrCell if c is not a cell.
func Center(c ID) (geo.Point, error) {
	if err := check(c); err != nil {
		return geo.Point{}, err
	}
	at, err := h3.Cell(c).LatLng()
	if err != nil {
		return geo.Point{}, fmt.Errorf("h3: no center of %v: %w", c, err)
	}
	return geo.FromDegrees(at.Lat, at.Lng)
}

// Boundary lists the corners of c counter-clockwise: six, five for a pentagon,
// more where the cell is bent over an edge of H3's icosahedron. The first is
// not repeated. It returns ErrCell if c is not a cell.
func Boundary(c ID) ([]geo.Point, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	corners, err := h3.Cell(c).Boundary()
	if err != nil {
		return nil, fmt.Errorf("h3: no boundary of %v: %w", c, err)
	}
	points := make([]geo.Point, len(corners))
	for i, corner := range corners {
		if points[i], err = geo.FromDegrees(corner.Lat, corner.Lng); err != nil {
			return nil, err
		}
	}
	return points, nil
}

// Parent is the cell of a coarser or the same resolution that c descends from.
// It returns ErrCell or ErrResolution.
func Parent(c ID, res int) (ID, error) {
	if err := check(c); err != nil {
		return 0, err
	}
	if res < 0 || res > c.Resolution() {
		return 0, fmt.Errorf("%w: %d for a parent of %v; 0 to %d are its own and coarser", ErrResolution, res, c, c.Resolution())
	}
	p, err := h3.Cell(c).Parent(res)
	if err != nil {
		return 0, fmt.Errorf("h3: no parent of %v: %w", c, err)
	}
	return ID(p), nil
}

// Disk lists the cells at most k steps from c, c among them, in order of their
// IDs: 1 + 3k(k+1) of them, fewer around a pentagon. It returns ErrCell or
// ErrDisk.
func Disk(c ID, k int) ([]ID, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	if k < 0 || k > MaxDisk {
		return nil, fmt.Errorf("%w: %d", ErrDisk, k)
	}
	cells, err := h3.GridDisk(h3.Cell(c), k)
	if err != nil {
		return nil, fmt.Errorf("h3: no disk around %v: %w", c, err)
	}
	return sorted(cells), nil
}

// sorted puts cells into the order of their IDs, without the zero cells that
// H3 leaves as padding and without repeats.
func sorted(cells []h3.Cell) []ID {
	ids := make([]ID, 0, len(cells))
	for _, c := range cells {
		if c != 0 {
			ids = append(ids, ID(c))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func check(c ID) error {
	if !c.Valid() {
		return fmt.Errorf("%w: %x", ErrCell, uint64(c))
	}
	return nil
}

func checkResolution(res int) error {
	if res < 0 || res > 15 {
		return fmt.Errorf("%w: %d; there are 0 to 15", ErrResolution, res)
	}
	return nil
}
