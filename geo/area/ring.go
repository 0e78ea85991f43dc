package area

import (
	"math"
	"math/bits"

	"callbox/geo"
)

// ring is a closed line; its last point is not the first again.
type ring []geo.Point

// tidy drops what holds no area: points that repeat the one before, and spikes,
// where the line turns straight back on itself. Digitised borders are full of
// both. What is left has fewer than three points, and is nil, if the line
// encloses nothing. O(n).
func tidy(points []geo.Point) ring {
	r := make(ring, 0, len(points))
	for _, p := range points {
		for len(r) >= 2 && spike(r[len(r)-2], r[len(r)-1], p) {
			r = r[:len(r)-1]
		}
		if len(r) == 0 || r[len(r)-1] != p {
			r = append(r, p)
		}
	}
	// The same across the seam.
	for len(r) >= 3 {
		n := len(r)
		switch {
		case r[n-1] == r[0] || spike(r[n-2], r[n-1], r[0]):
			r = r[:n-1]
		case spike(r[n-1], r[0], r[1]):
			r = r[1:]
		default:
			return r
		}
	}
	return nil
}

// spike reports whether the line from a over b to c turns straight back at b.
func spike(a, b, c geo.Point) bool {
	if a == b || b == c || geo.Turn(a, b, c) != 0 {
		return false
	}
	if a.Lon != b.Lon {
		return (b.Lon > a.Lon) == (b.Lon > c.Lon)
	}
	return (b.Lat > a.Lat) == (b.Lat > c.Lat)
}

// doubleArea is twice the area that r encloses, in square steps of E7, and the
// sign of its winding: +1 counter-clockwise, -1 clockwise, 0 for no area. The
// area of a ring that winds several times around the earth is cut at the
// greatest number. Shoelace formula, summed in 128 bits. O(n).
func (r ring) doubleArea() (abs uint64, sign int) {
	low := geo.BoundOf(r...).Min
	var hi int64
	var lo uint64
	add := func(v int64) {
		var carry uint64
		lo, carry = bits.Add64(lo, uint64(v), 0)
		hi += v>>63 + int64(carry)
	}
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		// Each product is below 3.6e9 * 1.8e9 and fits 63 bits.
		add((int64(a.Lon) - int64(low.Lon)) * (int64(b.Lat) - int64(low.Lat)))
		add(-(int64(b.Lon) - int64(low.Lon)) * (int64(a.Lat) - int64(low.Lat)))
	}
	sign = 1
	if hi < 0 {
		sign = -1
		var borrow uint64
		lo, borrow = bits.Sub64(0, lo, 0)
		hi = -hi - int64(borrow)
	}
	switch {
	case hi > 0:
		return math.MaxUint64, sign
	case lo == 0:
		return 0, 0
	}
	return lo, sign
}
