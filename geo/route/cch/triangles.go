package cch

// A lower triangle is a node x with two arcs up, to y and to z above y: then
// there is an arc from y to z. Customizing goes through all of them, so where
// the arc from y to z lies is found beforehand.

// runFlag marks targets that lie in one run.
const runFlag = uint32(1) << 31

// findTargets fills target and targets. For each arc from x to y it walks along
// both rows.
func (t *Topology) findTargets() {
	t.target = make([]uint32, len(t.head))
	t.targets = make([]uint32, 0, 6*len(t.head))
	for x := range uint32(len(t.rank)) {
		end := t.first[x+1]
		for a := t.first[x]; a < end; a++ {
			start := len(t.targets)
			d := t.first[t.head[a]]
			for later := a + 1; later < end; later++ {
				for t.head[d] != t.head[later] {
					d++
				}
				t.targets = append(t.targets, d)
			}
			t.target[a] = uint32(start)
			if found := t.targets[start:]; len(found) > 0 && found[len(found)-1]-found[0] == uint32(len(found)-1) {
				t.target[a] = runFlag | found[0]
				t.targets = t.targets[:start]
			}
		}
	}
}

// upper is the arc between the head of an arc a and that of the arc which comes
// so many places after it in the row of their tail.
func (t *Topology) upper(a, after uint32) uint32 {
	if start := t.target[a]; start&runFlag != 0 {
		return start&^runFlag + after - 1
	} else {
		return t.targets[start+after-1]
	}
}

// below is the lowest node of a triangle with its arcs to the two others.
type below struct{ node, toX, toY uint32 }

// lowerTriangles appends the nodes below the ends of an arc, the highest first.
// Time O(arcs up to its tail, and those up to its head from below the tail).
func (t *Topology) lowerTriangles(list []below, arc uint32) []below {
	x, y := t.tails[arc], t.head[arc]
	toX := t.lower[t.lowerFirst[x]:t.lowerFirst[x+1]]
	toY := t.lower[t.lowerFirst[y]:t.place[arc]] // those before the arc itself
	for i, j := len(toX)-1, len(toY)-1; i >= 0 && j >= 0; {
		a, b := toX[i], toY[j]
		if a.tail == b.tail {
			list = append(list, below{a.tail, a.arc, b.arc})
		}
		// Which of the two is ahead cannot be foretold, so no branch: the sign of
		// a difference tells.
		i -= int((uint64(b.tail) - uint64(a.tail) - 1) >> 63)
		j -= int((uint64(a.tail) - uint64(b.tail) - 1) >> 63)
	}
	return list
}
