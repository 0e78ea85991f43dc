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
