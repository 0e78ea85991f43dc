package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"callbox/data/journal/frame"
)

// mark is the high-water mark: a file that says how many frames have been
// acknowledged, at least. It is written after each of them without a sync, so it
// costs nearly nothing, survives the end of the process, and is at worst behind
// after a power cut. A log that is shorter than its mark has lost frames, which
// the log engine alone would not notice: it drops a damaged end without a word,
// and a stream whose description is damaged with one warning.
type mark struct{ file *os.File }

const (
	markName = "acknowledged"
	markForm = "%020d\n" // of one length for ever: it is overwritten in place
)

// readMark gives the frames acknowledged; false if there is no mark, because no
// journal was ever finished here.
func readMark(dir string) (frames uint64, ok bool, err error) {
	b, err := os.ReadFile(filepath.Join(dir, markName))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	frames, err = strconv.ParseUint(strings.TrimSuffix(string(b), "\n"), 10, 64)
	if err != nil || fmt.Sprintf(markForm, frames) != string(b) {
		return 0, false, fmt.Errorf("%w: file %q in its folder is not a number of 20 digits; "+
			"remove it once you know that the log is whole", frame.ErrDamaged, markName)
	}
	return frames, true, nil
}

// openMark opens the mark for writing, and makes it if there is none: durably,
// and not before everything else in the folder is.
func openMark(dir string, exists bool) (*mark, error) {
	name := filepath.Join(dir, markName)
	if !exists {
		if err := errors.Join(syncTree(dir), syncParent(dir)); err != nil {
			return nil, err
		}
		if err := makeMark(dir, 0); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	return &mark{f}, err
}

// makeMark makes a mark durably, in the place of the one that is there.
func makeMark(dir string, frames uint64) error {
	name := filepath.Join(dir, markName)
	if err := os.WriteFile(name+".new", fmt.Appendf(nil, markForm, frames), 0o600); err != nil {
		return err
	}
	return errors.Join(syncFile(name+".new"), os.Rename(name+".new", name), syncFile(dir))
}

func (m *mark) set(frames uint64) error {
	_, err := m.file.WriteAt(fmt.Appendf(nil, markForm, frames), 0)
	return err
}
