package engine

import (
	"slices"

	"callbox/assign"
)

// marks gives what units are and can do a bit each, so that a search for ways
// can leave out those that are of no use. What gets no bit is not left out.
type marks map[string]uint64

// The first bits say which reaches a unit is within; those of capabilities
// follow.
const reaches = int(assign.Idle)

// reach is the bit of a reach, 0 of that which includes everybody.
func reach(r assign.Reach) uint64 {
	if r == assign.Everybody {
		return 0
	}
	return 1 << (r - 1)
}

// within reports whether a mask has all bits of another.
func within(mask, want uint64) bool { return mask&want == want }

// bit is that of a capability; 0 once there are too many.
func (m marks) bit(capability string) uint64 {
	b, known := m[capability]
	if n := len(m) + reaches; !known && n < 64 {
		b = 1 << n
		m[capability] = b
	}
	return b
}

// of is the mask of a unit: whether it may be sent as it is, may be taken from the
// call that it is on its way to, or from the scene of one.
func (m marks) of(u *assign.Unit, s *assign.State) (mask uint64) {
	var class *assign.Class
	if call := s.Call(u.Call); call != nil {
		class = s.Policy().Class(call.Class)
	}
	switch {
	case u.Status == assign.Available:
		mask = reach(assign.Idle) | reach(assign.OnTheWay) | reach(assign.Anyone)
	case class != nil && u.Status != assign.OnScene && class.Divertible:
		mask = reach(assign.OnTheWay) | reach(assign.Anyone)
	case class != nil && u.Status == assign.OnScene && class.Preemptible:
		mask = reach(assign.Anyone)
	}
	for _, c := range u.Capabilities {
		mask |= m.bit(c)
	}
	return mask
}

// distinguish reports whether each of these capabilities has a bit.
func (m marks) distinguish(capabilities []string) bool {
	return !slices.ContainsFunc(capabilities, func(c string) bool { return m.bit(c) == 0 })
}

func (m marks) wanted(w assign.Want) (mask uint64) {
	mask = reach(w.Units)
	for _, c := range w.Capabilities {
		mask |= m.bit(c)
	}
	return mask
}
