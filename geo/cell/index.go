package cell

import (
	"slices"

	"github.com/uber/h3-go/v4"

	"callbox/geo"
)

// Index holds points, each under an ID, by their cell of the base Resolution.
// Its zero value is empty and ready for use. It must not be changed while
// another goroutine uses it; any number may ask at a time.
type Index struct {
	items map[string]item
	cells map[ID][]string // never empty, sorted
}

type item struct {
	cell ID
	at   geo.Point
}

// Put places id at p, from wherever it was, and gives its cell of the base
// Resolution. It returns ErrPoint for a point that is not on the earth and then
// leaves id where it was.
func (x *Index) Put(id string, p geo.Point) (ID, error) {
	c, err := At(p, Resolution)
	if err != nil {
		return 0, err
	}
	if x.items == nil {
		x.items, x.cells = make(map[string]item), make(map[ID][]string)
	}
	if old, ok := x.items[id]; !ok || old.cell != c {
		x.Delete(id)
		at, _ := slices.BinarySearch(x.cells[c], id)
		x.cells[c] = slices.Insert(x.cells[c], at, id)
	}
	x.items[id] = item{c, p}
	return c, nil
}

// Delete removes id and reports whether it was there.
func (x *Index) Delete(id string) bool {
	old, ok := x.items[id]
	if !ok {
		return false
	}
	delete(x.items, id)
	ids := x.cells[old.cell]
	at, _ := slices.BinarySearch(ids, id)
	if ids = slices.Delete(ids, at, at+1); len(ids) == 0 {
		delete(x.cells, old.cell)
	} else {
		x.cells[old.cell] = ids
	}
	return true
}

// Of is the cell of id at the base Resolution, and whether there is one.
func (x *Index) Of(id string) (ID, bool) {
	it, ok := x.items[id]
	return it.cell, ok
}

// Len is the number of points.
func (x *Index) Len() int { return len(x.items) }

// In lists the IDs of the points in cell c, of any resolution, sorted: those
// whose own cell at that resolution is c. It is nil if c is not a cell.
//
// At the base Resolution it takes time for the answer alone. At another it
// tests the points of c and its neighbors one by one: those of seven base cells
// if c is finer; if it is coarser, it first looks through the base cells under
// c and its neighbors or through all occupied ones, whichever are fewer.
func (x *Index) In(c ID) []string {
	if !c.Valid() {
		return nil
	}
	res := c.Resolution()
	if res == Resolution {
		return slices.Clone(x.cells[c])
	}
	var ids []string
	for _, base := range x.near(c, res) {
		for _, id := range x.cells[base] {
			if at, err := At(x.items[id].at, res); err == nil && at == c {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}

// near lists base cells, among them every occupied one that shares a point with
// c. A cell strays from its parent, or from an older ancestor, by less than
// that one's width: so the points of c are in base cells that descend from c
// and its neighbors, or that c and its siblings descend from. The errors of H3
// are for resolutions out of order and cells that are none; there are none
// such here.
func (x *Index) near(c ID, res int) []ID {
	if res > Resolution {
		parent, _ := Parent(c, Resolution)
		disk, _ := Disk(parent, 1)
		return disk
	}
	disk, _ := Disk(c, 1)
	under := len(disk)
	for range Resolution - res {
		under *= 7
	}
	var cells []ID
	if under < len(x.cells) {
		for _, d := range disk {
			children, _ := h3.Cell(d).Children(Resolution)
			cells = append(cells, sorted(children)...)
		}
		return cells
	}
	for base := range x.cells { // In sorts what comes of it
		if parent, _ := Parent(base, res); slices.Contains(disk, parent) {
			cells = append(cells, base)
		}
	}
	return cells
}
