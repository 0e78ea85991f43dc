package frame

import (
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// Find gives the first whole frame in bytes that may hold anything else, and
// what comes after it. A frame tells its own length, and its check that it is
// one; a frame within another is not looked for.
func Find(b []byte) (e Entry, rest []byte, ok bool) {
	for i := 0; ; i++ {
		next := slices.IndexFunc(b[i:], isHead)
		if next < 0 {
			return Entry{}, nil, false
		}
		i += next
		var contents cbor.RawMessage
		window := b[i:min(len(b), i+MaxSize)]
		after, err := decMode.UnmarshalFirst(window, &contents)
		if err != nil || len(after) < checkSize {
			continue
		}
		size := len(contents) + checkSize
		if e, err = Decode(window[:size:size]); err == nil {
			return e, b[i+size:], true
		}
	}
}

// isHead tells whether a frame of some version begins with a byte.
func isHead(b byte) bool { return b == headUnlinked || b == headLinked }
