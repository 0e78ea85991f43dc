package frame

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestFind looks for frames among noise, with damaged ones between them.
func TestFind(t *testing.T) {
	entries := log(t, oldLog(t), 30)
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = []byte{headLinked, headUnlinked, 4, 1, 0x81, byte(r.Uint32())}[r.IntN(6)]
		}
		return b
	}
	var b []byte
	var want []uint64
	for i, e := range entries {
		b = append(b, noise(r.IntN(300))...)
		whole := bytes.Clone(e.Bytes)
		switch i % 5 {
		case 3:
			whole[r.IntN(len(whole))] ^= 1 << r.IntN(8)
		case 4:
			whole = whole[:r.IntN(len(whole))]
		default:
			want = append(want, e.Number)
		}
		b = append(b, whole...)
	}
	for _, number := range want {
		e, rest, ok := Find(b)
		if !ok || e.Number != number || !bytes.Equal(e.Bytes, entries[number-1].Bytes) {
			t.Fatalf("found frame %d (%t), want %d", e.Number, ok, number)
		}
		b = rest
	}
	if e, _, ok := Find(b); ok {
		t.Errorf("found frame %d, which is damaged", e.Number)
	}
}
