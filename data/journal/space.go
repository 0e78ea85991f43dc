package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// SpaceState is how much room the disk has for the journal.
type SpaceState int

// The states of the disk.
const (
	SpaceAmple SpaceState = iota
	SpaceLow              // somebody should make room
	SpaceFull             // nothing new is to be begun
)

// Space is the room that a journal's disk has.
type Space struct {
	State    SpaceState
	Free     int64 // bytes, without the reserve
	Low      int64 // SpaceLow below so many
	Min      int64 // SpaceFull below so many
	Reserved int64 // bytes that are set aside; 0 once they are given up
}

// space keeps the disk from becoming full: the log engine answers nothing at all
// once it is. Below min nothing new is to be begun; the reserve is given up, and
// what follows from what was begun before can be written, down to the floor. When
// there is room for the reserve again and as much besides, it is over.
type space struct {
	dir  string
	min  int64 // below 0: no guard
	log  *slog.Logger
	free func(dir string) (free, total int64, err error)

	mu      sync.Mutex
	reserve reserve
	asked   time.Time
	left    int64 // free when it was asked, less what was written since
	low     int64
	state   SpaceState
}

// Below 2 GiB or a tenth of the disk, whichever is less, the disk is low.
const (
	lowBytes = 2 << 30
	lowPart  = 10
)

// askEvery is how long an answer of the file system holds.
const askEvery = time.Second

func newSpace(dir string, min, reserved int64, log *slog.Logger) space {
	return space{dir: dir, min: min, log: log, free: freeBytes, reserve: newReserve(dir, reserved)}
}

// floor is where Append refuses.
func (s *space) floor() int64 { return s.min / 4 }

// open sees how the disk is, and sets the reserve aside if it can be.
func (s *space) open() error {
	if s.min < 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.reserve.find(); err != nil {
		return err
	}
	s.state = SpaceFull // until it is seen otherwise
	if err := s.ask(); err != nil {
		return err
	}
	if s.state == SpaceFull && s.roomy() {
		return s.restore()
	}
	return nil
}

// roomy reports whether a disk that was full is no more.
func (s *space) roomy() bool { return s.left >= s.min+2*max(s.reserve.size, 0) }

// restore sets the reserve aside, and ends the state of a full disk.
func (s *space) restore() error {
	if err := s.reserve.take(); err != nil {
		return err // the disk stays full
	}
	s.left -= max(s.reserve.size, 0)
	s.settle()
	return nil
}

// ask asks the file system, and does what follows but set the reserve aside,
// which takes time.
func (s *space) ask() error {
	left, total, err := s.free(s.dir)
	if err != nil {
		return fmt.Errorf("ask for the free space of %s: %w", s.dir, err)
	}
	s.asked, s.left = time.Now(), left
	s.low = max(min(lowBytes, total/lowPart), 2*s.min)
	switch {
	case left < s.min:
		return s.giveUp()
	case s.state != SpaceFull || s.reserve.held:
		s.settle()
	}
	return nil
}

// giveUp begins the state of a full disk.
func (s *space) giveUp() error {
	if s.state == SpaceFull && !s.reserve.held {
		return nil
	}
	s.state = SpaceFull
	s.log.Error("the disk is nearly full; nothing new is begun until there is room. Make room", "folder", s.dir, "free", s.left, "needed", s.min)
	if !s.reserve.held {
		return nil
	}
	if err := s.reserve.release(); err != nil {
		s.log.Error("the reserve could not be given up; remove it", "file", s.reserve.name, "error", err)
	}
	left, _, err := s.free(s.dir)
	if err != nil {
		return fmt.Errorf("ask for the free space of %s: %w", s.dir, err)
	}
	s.left = left
	return nil
}

// settle tells whether a disk that is not full is low.
func (s *space) settle() {
	was := s.state
	if s.state = SpaceAmple; s.left < s.low {
		s.state = SpaceLow
	}
	switch {
	case s.state == was:
	case s.state == SpaceLow:
		s.log.Warn("the disk is low; make room", "folder", s.dir, "free", s.left, "low", s.low, "needed", s.min)
	default:
		s.log.Info("the disk has room", "folder", s.dir, "free", s.left)
	}
}

// take sets n bytes aside, or refuses with ErrDiskFull.
func (s *space) take(n int64) error {
	if s.min < 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == SpaceFull || time.Since(s.asked) >= askEvery || s.left-n < s.min {
		if err := s.ask(); err != nil {
			return err
		}
	}
	if s.left-n < s.floor() {
		return fmt.Errorf("%w: %s has %d MiB free, of which %d MiB are to stay so", ErrDiskFull, s.dir, s.left>>20, s.floor()>>20)
	}
	s.left -= n
	return nil
}

// look asks again if nobody has of late.
func (s *space) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != SpaceFull && time.Since(s.asked) < askEvery/2 {
		return
	}
	err := s.ask()
	if err == nil && s.state == SpaceFull && s.roomy() {
		err = s.restore()
	}
	if err != nil {
		s.log.Error("the disk could not be looked after", "folder", s.dir, "error", err)
	}
}

// now is what was seen last.
func (s *space) now() Space {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Space{State: s.state, Free: s.left, Low: s.low, Min: max(s.min, 0)}
	if s.reserve.held {
		out.Reserved = s.reserve.size
	}
	return out
}

// Space is the room on the disk, as of some second ago.
func (d *Disk) Space() Space { return d.space.now() }

// Admit is ErrDiskFull while nothing new is to be begun, for lack of room. What
// was begun before can still be appended. It costs nothing to ask.
func (d *Disk) Admit() error {
	if s := d.space.now(); s.State == SpaceFull {
		return fmt.Errorf("%w: %s has %d MiB free, and needs %d MiB; make room", ErrDiskFull, d.dir, s.Free>>20, s.Min>>20)
	}
	return nil
}

// watch looks at the disk while nobody writes, and when nobody may.
func (d *Disk) watch() {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			d.space.look()
		case <-d.closed:
			return
		}
	}
}

// makeRoom sets n bytes aside. While there is too little it waits, up to the journal's
// patience: nothing has been written, and there may be more soon.
func (d *Disk) makeRoom(n int64) error {
	for end := time.Now().Add(d.patience); ; time.Sleep(min(d.patience, askEvery) / 4) {
		err := d.space.take(n)
		if !errors.Is(err, ErrDiskFull) || !time.Now().Before(end) {
			return err
		}
	}
}
