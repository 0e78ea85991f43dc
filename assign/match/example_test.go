package match_test

import (
	"fmt"

	"callbox/assign/match"
)

// Two robberies and a noise complaint wait, three units are free, and the third
// is suitable for none but the noise. Level 0 is the seconds of robberies, level
// 1 those of noise, so noise never takes a unit from a robbery. Who gets no unit
// pays 900.
func Example() {
	robbery := func(seconds ...int64) match.Row {
		var list []match.Candidate
		for unit, s := range seconds {
			list = append(list, match.Candidate{Column: unit, Cost: match.Cost{s, 0}})
		}
		return match.List(match.Cost{900, 0}, list)
	}
	noise := match.List(match.Cost{0, 900}, []match.Candidate{
		{Column: 0, Cost: match.Cost{0, 10}},
		{Column: 2, Cost: match.Cost{0, 500}},
	})
	m, err := match.Solve([]match.Row{noise, robbery(60, 300), robbery(90, 120)}, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("units", m.Column(0), m.Column(1), m.Column(2), "total", m.Total())
	swapped, _ := m.Forced(0, 0)
	fmt.Println("if the noise got unit 0", swapped)
	fmt.Println("one more unit like unit 0", m.Price(0))

	m.Remove(2)
	fmt.Println("units", m.Column(0), m.Column(1), "total", m.Total())
	fmt.Println(m.Verify())
	// Output:
	// units 2 0 1 total [180 500]
	// if the noise got unit 0 [1020 10]
	// one more unit like unit 0 [-30 0]
	// units 2 0 total [60 500]
	// <nil>
}
