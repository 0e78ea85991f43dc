package frame

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/fxamacker/cbor/v2"
)

// Bounds of what a frame may hold. Both are far above what facts need.
const (
	maxList  = 1 << 16 // items of one list
	maxDepth = 16      // lists and maps within each other
	maxNames = 64      // fields of one map
)

// encMode writes RFC 8949 section 4.2.1, core deterministic encoding. Names
// and omitempty are those of the facts' json tags and mean what they mean
// there; a nil list without omitempty is null, an empty one is empty.
var encMode = func() cbor.UserBufferEncMode {
	o := cbor.CoreDetEncOptions()
	o.OmitEmpty = cbor.OmitEmptyGoValue
	o.TagsMd = cbor.TagsForbidden
	m, err := o.UserBufferEncMode()
	if err != nil {
		panic("frame: the options of the CBOR encoder contradict each other: " + err.Error())
	}
	return m
}()

// decMode reads that and nothing else, but for what Decode finds by encoding
// again: repeated names, fields left out, numbers longer than they must be.
var decMode = func() cbor.DecMode {
	m, err := cbor.DecOptions{
		MaxNestedLevels:   maxDepth,
		MaxArrayElements:  maxList,
		MaxMapPairs:       maxNames,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
	}.DecMode()
	if err != nil {
		panic("frame: the options of the CBOR decoder contradict each other: " + err.Error())
	}
	return m
}()

// readable tells why decMode would not read back what encMode has just
// written. The encoder takes any string for text; a reader need not.
func readable(b []byte) error {
	for len(b) > 0 {
		var major byte
		var n uint64
		major, n, b = head(b)
		switch major {
		case 2, 3: // bytes, text
			if text := b[:n]; major == 3 && !utf8.Valid(text) {
				return fmt.Errorf("text %q is not UTF-8", text[:min(n, 64)])
			}
			b = b[n:]
		case 4: // a list; its items follow as if they stood alone
			if n > maxList {
				return fmt.Errorf("a list has %d items; %d are the limit", n, maxList)
			}
		case 7:
			if n > 22 { // false, true and null are 20 to 22
				return errors.New("a number is not whole; facts hold integers only")
			}
		}
	}
	return nil
}

// head takes the head of the first item off well-formed CBOR: its major type
// and its argument (RFC 8949 section 3).
func head(b []byte) (major byte, n uint64, rest []byte) {
	major, n, b = b[0]>>5, uint64(b[0]&31), b[1:]
	if n < 24 {
		return major, n, b
	}
	size := 1 << (n - 24)
	n = 0
	for _, c := range b[:size] {
		n = n<<8 | uint64(c)
	}
	return major, n, b[size:]
}
