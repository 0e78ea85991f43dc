package engine

import "callbox/assign"

// marks gives what units are and can do a bit each, so that a search for ways
// can leave out those that are of no use. What gets no bit is not left out.
type marks map[string]uint64

// available marks a unit that may be sent.
const available = 1

// bit is that of a capability; 0 once there are too many.
func (m marks) bit(capability string) uint64 {
	b, known := m[capability]
	if !known {
		b = available << (len(m) + 1) // 0 beyond the last bit
		m[capability] = b
	}
	return b
}

func (m marks) of(u *assign.Unit) (mask uint64) {
	if u.Status == assign.Available {
		mask = available
	}
	for _, c := range u.Capabilities {
		mask |= m.bit(c)
	}
	return mask
}

func (m marks) wanted(w assign.Want) (mask uint64) {
	if w.Available {
		mask = available
	}
	for _, c := range w.Capabilities {
		mask |= m.bit(c)
	}
	return mask
}
