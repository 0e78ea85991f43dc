package geojson

import (
	"fmt"
	"math"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/paulmach/orb"

	"callbox/geo/area"
)

// coordinates are those of any geometry, read without knowing its type: that
// may come after them. What is used depends on the depth of the arrays: 1 a
// position, 2 a line, 3 a polygon, 4 several; 0 if all were empty.
type coordinates struct {
	depth    int
	position orb.Point
	line     orb.Ring
	polygon  orb.Polygon
	multi    orb.MultiPolygon
	numbers  bool // the position is one, not an empty array
	empty    int  // children read before the depth was known
}

// coordinates reads the value of a member "coordinates". A value that is no
// coordinates is skipped and noted, with its place in the file.
func (p *reader) coordinates() (coordinates, error) {
	var c coordinates
	if p.json.PeekKind() != jsontext.KindBeginArray {
		return c, p.misplaced("an array is expected")
	}
	if _, err := p.json.ReadToken(); err != nil {
		return c, err
	}
	if p.arrays++; p.arrays > p.limits.Positions {
		return c, tooLarge("the file has more than %d positions", p.limits.Positions)
	}
	switch p.json.PeekKind() {
	case jsontext.KindBeginArray, jsontext.KindEndArray:
	default:
		return p.position()
	}
	for p.json.PeekKind() != jsontext.KindEndArray {
		child, err := p.coordinates()
		if err != nil {
			return c, err
		}
		if !c.add(child) && !p.bad {
			p.note(BadPosition, fmt.Sprintf("the coordinates are nested unevenly at %s; each ring is an array of positions", p.json.StackPointer()))
		}
	}
	_, err := p.json.ReadToken()
	return c, err
}

// position reads the rest of an array of numbers. Those after the first two,
// an altitude and what else there is, are dropped.
func (p *reader) position() (coordinates, error) {
	c := coordinates{depth: 1, numbers: true}
	n := 0
	for ; p.json.PeekKind() != jsontext.KindEndArray; n++ {
		v := math.NaN() // some programs write NaN as null
		switch p.json.PeekKind() {
		case jsontext.KindNumber:
			token, err := p.json.ReadToken()
			if err != nil {
				return c, err
			}
			v, _ = token.Float() // infinite if it is too great: not on the earth
		case jsontext.KindNull:
			if _, err := p.json.ReadToken(); err != nil {
				return c, err
			}
		default:
			if err := p.misplaced("a number is expected"); err != nil {
				return c, err
			}
		}
		if n < len(c.position) {
			c.position[n] = v
		}
	}
	if (n < 2 || n > 4) && !p.bad {
		p.note(BadPosition, fmt.Sprintf("the position %s has %d numbers; longitude and latitude are expected", p.json.StackPointer(), n))
	}
	_, err := p.json.ReadToken()
	return c, err
}

// misplaced skips the next value and notes, once for a feature, that it should
// be something else.
func (p *reader) misplaced(expected string) error {
	if err := p.json.SkipValue(); err != nil {
		return err
	}
	if !p.bad {
		p.note(BadPosition, fmt.Sprintf("%s is not part of a position; %s", p.json.StackPointer(), expected))
	}
	return nil
}

// note reports a fault of the feature that is being read.
func (p *reader) note(rule area.Rule, detail string) {
	p.bad = true
	p.report.Add(area.Feature(p.index, "").Fault(rule, detail))
}

// add puts a child in, and reports whether it is as deep as those before it.
func (c *coordinates) add(child coordinates) bool {
	if child.depth == 0 && c.depth == 0 {
		c.empty++
		return true
	}
	if c.depth == 0 {
		c.depth = child.depth + 1
		for range c.empty {
			if !c.put(coordinates{depth: child.depth}) {
				return false
			}
		}
	}
	if child.depth == 0 {
		child.depth = c.depth - 1
	}
	return c.depth == child.depth+1 && c.put(child)
}

func (c *coordinates) put(child coordinates) bool {
	switch child.depth {
	case 1:
		c.line = append(c.line, child.position)
		return child.numbers
	case 2:
		c.polygon = append(c.polygon, child.line)
	case 3:
		c.multi = append(c.multi, child.polygon)
	default:
		return false
	}
	return true
}
