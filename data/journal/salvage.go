package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"callbox/data/journal/frame"
)

// maxBlock is more than the log engine writes to one file.
const maxBlock = 256 << 20

// salvage yields the good frames that are left of a log, by ascending number,
// whatever else is damaged. It looks for them in the log engine's files and
// writes nothing: that engine would leave out all that follows a damaged
// message, and forget it.
func salvage(dir string) iter.Seq2[frame.Entry, error] {
	return func(yield func(frame.Entry, error) bool) {
		names, err := blocks(filepath.Join(dir, storeName))
		if err != nil {
			yield(frame.Entry{}, err)
			return
		}
		last := uint64(0)
		for _, name := range names {
			b, err := readBlock(name)
			if err != nil {
				yield(frame.Entry{}, err)
				return
			}
			for {
				e, rest, ok := frame.Find(b)
				if !ok {
					break
				}
				if b = rest; e.Number <= last { // it stands out of its order
					continue
				}
				last = e.Number
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// blocks are the files that hold messages, in their order: 1.blk, 2.blk, ...
func blocks(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && blockNumber(path) > 0 {
			names = append(names, path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	slices.SortFunc(names, func(a, b string) int { return blockNumber(a) - blockNumber(b) })
	return names, err
}

func blockNumber(path string) int {
	digits, ok := strings.CutSuffix(filepath.Base(path), ".blk")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return 0
	}
	return n
}

func readBlock(name string) ([]byte, error) {
	st, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if st.Size() > maxBlock {
		return nil, fmt.Errorf("%s has %d bytes; the log engine writes no file of more than %d", name, st.Size(), maxBlock)
	}
	return os.ReadFile(name)
}
