// Package czlib stands in for the package of this name, which paulmach/osm asks
// for wherever there is a C compiler and which needs zlib's headers and
// pkg-config on the machine. It is the standard library's zlib; go.mod replaces
// the other one by it, so that Go and a C compiler are enough to build callbox.
package czlib

import (
	"compress/zlib"
	"io"
)

// NewReader unpacks what zlib has packed.
func NewReader(r io.Reader) (io.ReadCloser, error) { return zlib.NewReader(r) }
