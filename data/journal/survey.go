package journal

import (
	"encoding/binary"
	"path/filepath"

	"callbox/data/journal/frame"
)

// A message in the log engine's files: its length, of four bytes, the highest bit
// of which says that it has headers; its number, of eight; its time, of eight; the
// length of its subject, of two; its subject; if it has headers, their length, of
// four, and they; the frame; and a checksum of eight. Little endian.
const (
	messageHead = 4 + 8 + 8 + 2
	messageTail = 8
	withHeaders = 1 << 31
)

// survey looks at the log engine's files before that does, for damage that it
// would make worse. One bit flipped in a message's number makes it set memory
// aside for all messages that it takes to be missing, until the system kills the
// process; one flipped elsewhere may make it cut off all that follows. What else
// can be wrong is found later, by reading. survey calls pace before it looks at
// so many bytes more.
//
// A message that is not whole at the very end is what a power cut leaves of one
// that was not acknowledged. The log engine knows how to deal with it.
func survey(dir string, acknowledged uint64, pace func(bytes int) error) error {
	names, err := blocks(filepath.Join(dir, storeName))
	if err != nil {
		return err
	}
	number := uint64(1)
	for i, name := range names {
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
			newest := i == len(names)-1 && len(rest) == 0 && number > acknowledged
			if !frame.Sound(held(message)) && !newest {
				return frame.Faulty(number, 0, frame.ErrDamaged, "its checksum does not hold in %s", filepath.Base(name))
			}
		}
	}
	return nil
}

// cut takes the first message off a file; nil if there is none, or no whole one,
// which the log engine itself knows how to deal with.
func cut(b []byte) (number uint64, message []byte) {
	if len(b) < messageHead+messageTail {
		return 0, nil
	}
	size := uint64(binary.LittleEndian.Uint32(b) &^ withHeaders)
	if size < messageHead+messageTail || size > 2*maxMessage || size > uint64(len(b)) {
		return 0, nil
	}
	return binary.LittleEndian.Uint64(b[4:]), b[:size]
}

// held is the frame in a message; nil if its lengths do not fit.
func held(message []byte) []byte {
	b := message[messageHead : len(message)-messageTail]
	subject := int(binary.LittleEndian.Uint16(message[messageHead-2:]))
	if subject > len(b) {
		return nil
	}
	b = b[subject:]
	if binary.LittleEndian.Uint32(message)&withHeaders == 0 {
		return b
	}
	if len(b) < 4 {
		return nil
	}
	headers := uint64(binary.LittleEndian.Uint32(b))
	if b = b[4:]; headers > uint64(len(b)) {
		return nil
	}
	return b[headers:]
}

// misnumbered is the first message of a file, which begins with that number,
// that has a wrong number or no frame: behind a wrong length, whatever follows
// looks wrong.
func misnumbered(b []byte, number uint64) uint64 {
	for ; ; number++ {
		got, message := cut(b)
		if message == nil || got != number || !frame.Sound(held(message)) {
			return number
		}
		b = b[len(message):]
	}
}
