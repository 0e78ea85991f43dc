package journal

import (
	"encoding/binary"
	"path/filepath"

	"callbox/data/journal/frame"
)

// A message in the log engine's files: its length, of four bytes, the highest bit
// of which says that it has headers; its number, of eight; then what is not
// looked at here; the frame; and a checksum of eight bytes.
const (
	messageHead  = 4 + 8
	messageTail  = 8
	leastMessage = messageHead + 8 + 2 + messageTail
	withHeaders  = 1 << 31
)

// survey looks whether the messages in the log engine's files are numbered on.
// One bit flipped in such a number makes the log engine set memory aside for all
// the messages that it takes to be missing, until the system kills the process;
// so it must not come to see it. What else can be wrong is found later, by
// reading. It calls pace before it looks at so many bytes more.
func survey(dir string, pace func(bytes int) error) error {
	names, err := blocks(filepath.Join(dir, storeName))
	if err != nil {
		return err
	}
	number := uint64(1)
	for _, name := range names {
		b, err := readBlock(name)
		if err != nil {
			return err
		}
		for left := len(b); left > 0; left -= frame.MaxSize {
			if err := pace(min(left, frame.MaxSize)); err != nil {
				return err
			}
		}
		first := number
		for rest := b; ; number++ {
			got, message := cut(rest)
			if message == nil {
				break
			}
			if got != number {
				return frame.Faulty(misnumbered(b, first), 0, frame.ErrDamaged,
					"%s has message %d where message %d belongs", filepath.Base(name), got, number)
			}
			rest = rest[len(message):]
		}
	}
	return nil
}

// cut takes the first message off a file; nil if there is none, or no whole one,
// which the log engine itself knows how to deal with.
func cut(b []byte) (number uint64, message []byte) {
	if len(b) < leastMessage {
		return 0, nil
	}
	size := uint64(binary.LittleEndian.Uint32(b) &^ withHeaders)
	if size < leastMessage || size > 2*maxMessage || size > uint64(len(b)) {
		return 0, nil
	}
	return binary.LittleEndian.Uint64(b[4:]), b[:size]
}

// misnumbered is the first message of a file, which begins with that number,
// that has a wrong number or does not hold the frame of its number: behind a
// wrong length, whatever follows looks wrong.
func misnumbered(b []byte, number uint64) uint64 {
	for ; ; number++ {
		got, message := cut(b)
		if message == nil || got != number {
			return number
		}
		e, rest, ok := frame.Find(message[messageHead:])
		if !ok || e.Number != number || len(rest) != messageTail {
			return number
		}
		b = b[len(message):]
	}
}
