package match

import (
	"math/rand/v2"
	"testing"
)

// decode makes a problem of at most 8 by 8 of any bytes: sizes, then a byte a
// number, 0x80 where there is none.
func decode(data []byte) problem {
	next := func() byte {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return b
	}
	rows, columns := int(next()%9), int(next()%9)
	p := problem{levels: 1 + int(next()%5)}
	scale := []int64{1, 1 << 20, MaxDense / 128, MaxCost / 128}[next()%4]
	number := func() Cost {
		c := make(Cost, p.levels)
		for l := range c {
			b := int8(next())
			if l == 0 && b == -128 {
				return nil
			}
			c[l] = int64(b) * scale
		}
		return c
	}
	for range rows {
		p.none = append(p.none, number())
		row := make([]Cost, columns)
		for j := range row {
			row[j] = number()
		}
		p.cost = append(p.cost, row)
	}
	return p
}

// FuzzSolve compares what is read from any bytes with the twin.
func FuzzSolve(f *testing.F) {
	f.Add([]byte{3, 3, 0, 0, 9, 1, 2, 3, 9, 1, 2, 3, 9, 1, 2, 3}, uint64(1))
	f.Add([]byte{2, 8, 4, 3, 0x80, 1, 2, 3, 4, 5, 0x80, 1, 0xff, 7}, uint64(2))
	f.Add([]byte{8, 2, 1, 1}, uint64(3))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		p := decode(data)
		if err := compareWithTwin(p, rand.New(rand.NewPCG(seed, 0))); err != nil {
			t.Fatalf("%v\n%v", err, p)
		}
		if err := denseAgainstTwin(p.narrow()); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzChange plays any changes and compares with the twin after each.
func FuzzChange(f *testing.F) {
	f.Add([]byte{9, 9, 9, 3, 0, 2, 5, 9, 3}, uint64(1), byte(1))
	f.Add([]byte{9, 3, 3, 9, 5, 5, 2, 2, 9, 0}, uint64(2), byte(2))
	f.Fuzz(func(t *testing.T, events []byte, seed uint64, levels byte) {
		c := newCity(1+int(levels%3), rand.New(rand.NewPCG(seed, 1)))
		for _, kind := range events[:min(len(events), 40)] {
			if err := c.event(int(kind % 11)); err != nil {
				t.Fatal(err)
			}
			if err := c.check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
