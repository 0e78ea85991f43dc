package assign

import (
	"fmt"
	"slices"
)

// Limits on what a call may need.
const (
	MaxNeeds        = 16 // entries
	MaxSlots        = 32 // units in all
	MaxCapabilities = 32 // of one need, or of one unit
)

// Need asks for Count units that each have all the Capabilities.
type Need struct {
	Capabilities []string `json:"capabilities"` // sorted, no two equal
	Count        int      `json:"count"`        // at least 1
}

// NormalNeeds sorts the capabilities of each need, drops repeated ones, and
// checks the limits.
func NormalNeeds(needs []Need) ([]Need, error) {
	if len(needs) == 0 || len(needs) > MaxNeeds {
		return nil, fmt.Errorf("needs must have 1 to %d entries, it has %d", MaxNeeds, len(needs))
	}
	out, slots := make([]Need, 0, len(needs)), 0
	for _, n := range needs {
		if n.Count < 1 || n.Count > MaxSlots {
			return nil, fmt.Errorf("count must be 1 to %d, it is %d", MaxSlots, n.Count)
		}
		capabilities, err := NormalCapabilities(n.Capabilities)
		if err != nil {
			return nil, err
		}
		slots += n.Count
		out = append(out, Need{Capabilities: capabilities, Count: n.Count})
	}
	if slots > MaxSlots {
		return nil, fmt.Errorf("a call may need %d units in all, it needs %d", MaxSlots, slots)
	}
	return out, nil
}

// NormalCapabilities sorts capabilities and drops repeated ones. The result is
// never nil: a unit or need without capabilities has none, which is known.
func NormalCapabilities(names []string) ([]string, error) {
	if len(names) > MaxCapabilities {
		return nil, fmt.Errorf("there may be %d capabilities, there are %d", MaxCapabilities, len(names))
	}
	out := append([]string{}, names...)
	for _, name := range out {
		if !ValidID(name) {
			return nil, fmt.Errorf("capability %q is not 1 to %d of A-Z a-z 0-9 . _ : -", name, MaxID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (n Need) equal(m Need) bool {
	return n.Count == m.Count && slices.Equal(n.Capabilities, m.Capabilities)
}
