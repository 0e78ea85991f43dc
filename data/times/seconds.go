package times

import (
	"fmt"
	"math"
	"strconv"
)

// The greatest time of a table, in milliseconds: what tenths of a second in 16
// bits hold.
const maxMillis = 100 * math.MaxUint16

// millis reads a number of seconds, and rounds it to the millisecond. What is
// wrong with it is said otherwise.
func millis(field []byte) (ms uint32, wrong string) {
	ms, ok := plainMillis(field)
	if !ok {
		if ms, wrong = floatMillis(string(field)); wrong != "" {
			return 0, wrong
		}
	}
	if ms > maxMillis {
		return 0, fmt.Sprintf("%.20s seconds are above 6553.5; leave the arc out, or close it", field)
	}
	return ms, ""
}

// plainMillis reads what nearly all numbers are, at most six digits and a few
// decimals; it is false for any other.
func plainMillis(field []byte) (ms uint32, ok bool) {
	whole := 0
	for whole < len(field) && '0' <= field[whole] && field[whole] <= '9' {
		ms = 10*ms + uint32(field[whole]-'0')
		if whole++; whole > 6 {
			return 0, false
		}
	}
	if whole == 0 {
		return 0, false
	}
	ms *= 1000
	if whole == len(field) {
		return ms, true
	}
	if field[whole] != '.' {
		return 0, false
	}
	unit := uint32(100)
	for i, c := range field[whole+1:] {
		if c < '0' || c > '9' {
			return 0, false
		}
		if i == 3 && c >= '5' {
			ms++
		}
		ms += uint32(c-'0') * unit
		unit /= 10
	}
	return ms, true
}

// floatMillis reads any number.
func floatMillis(field string) (ms uint32, wrong string) {
	if field == "" {
		return 0, "there is none; an arc has a time in every hour, or is left out"
	}
	seconds, err := strconv.ParseFloat(field, 64)
	switch {
	case math.IsInf(seconds, 1):
		return math.MaxUint32, ""
	case err != nil || math.IsNaN(seconds):
		return 0, fmt.Sprintf("%.20q is no number of seconds", field)
	case seconds < 0:
		return 0, fmt.Sprintf("%.20s seconds are negative", field)
	}
	return uint32(min(math.Floor(float64(seconds*1000)+0.5), math.MaxUint32)), ""
}
