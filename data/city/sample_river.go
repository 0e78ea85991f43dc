package city

import "math/rand/v2"

// river runs through the sample city from south to north. Its middle is a line
// with a bend every reach; between two bends it moves aside by less than it
// goes north, so that each street of one block that leads across it has an end
// in the water.
type river struct{ bends []int64 } // how far east, from the south

const (
	reach     = precinct / 2
	riverHalf = 150_000 // half of its width, from west to east
)

// newRiver lets a river wander through the middle third of a city.
func newRiver(r *rand.Rand, width, height int64) river {
	x := width * (40 + r.Int64N(21)) / 100
	var v river
	for y := int64(0); y <= height; y += reach {
		v.bends = append(v.bends, x)
		x += r.Int64N(2*reach*3/4) - reach*3/4
		x = max(width/3, min(width*2/3, x))
	}
	return v
}

// at is the middle of the river so far north, within the city.
func (v river) at(y int64) int64 {
	i := min(int(y/reach), len(v.bends)-2)
	from, to := v.bends[i], v.bends[i+1]
	return from + (to-from)*(y-int64(i)*reach)/reach
}

func (v river) wet(s spot) bool {
	x := v.at(s.y)
	return x-riverHalf < s.x && s.x < x+riverHalf
}
