package cch

// key is a unit and how long it takes to a target, or a cell and how long any
// unit in it and below takes at least: the time, a bit that is set for a unit,
// and the number of the unit or cell. Of equal times cells come first, for what
// is in them may take as little.
type key uint64

func unitKey(unit, cost uint32) key { return key(cost)<<33 | 1<<32 | key(unit) }

func cellKey(cell, bound uint32) key { return key(bound)<<33 | key(cell) }

func (k key) isUnit() bool { return k&(1<<32) != 0 }

func (k key) ref() uint32 { return uint32(k) }

func (k key) cost() uint32 { return uint32(k >> 33) }

// queue is a binary heap, the least key first.
type queue []key

func (q *queue) push(k key) {
	*q = append(*q, k)
	q.rise(len(*q)-1, k)
}

// rise puts a key where there is room for it, or above.
func (q queue) rise(i int, k key) {
	for i > 0 && q[(i-1)/2] > k {
		q[i] = q[(i-1)/2]
		i = (i - 1) / 2
	}
	q[i] = k
}

// pop lets the room at the top sink to the bottom, always by the lesser child,
// and the last key rise from there: it came from there, so it rises little, and
// which child is the lesser takes no branch.
func (q *queue) pop() key {
	s := *q
	top, last := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*q = s
	i := 0
	for child := 1; child < len(s); child = 2*i + 1 {
		left := s[child]
		least := left
		if child+1 < len(s) {
			least = min(left, s[child+1])
		}
		if least != left {
			child++
		}
		s[i] = least
		i = child
	}
	if len(s) > 0 {
		s.rise(i, last)
	}
	return top
}
