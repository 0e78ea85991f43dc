package assign

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
)

// Digest is the SHA-256 of everything in the state, in hex: two states with the
// same digest came from logs that say the same. It costs O(n log n) in calls
// and units, some microseconds each.
func (s *State) Digest() string {
	h := sha256.New()
	line := func(v any) {
		b, err := json.Marshal(v)
		if err != nil {
			panic("assign: the state holds what JSON cannot write: " + err.Error())
		}
		h.Write(append(b, '\n'))
	}
	line([]any{"seq", s.seq, "now", s.now})
	line(s.started)
	line(s.policy)
	line([]any{s.areas, s.staged.hash, s.staged.parts, s.staged.next, s.staged.bytes})
	for _, c := range s.closures {
		line(c)
	}
	for _, id := range s.unitIDs {
		line(s.units[id])
	}
	for _, id := range slices.Sorted(maps.Keys(s.calls)) {
		line(s.calls[id])
	}
	line(s.closed)
	for _, k := range s.keyAge {
		line(k)
	}
	return hex.EncodeToString(h.Sum(nil))
}
