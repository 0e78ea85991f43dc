package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"callbox/assign"
	"callbox/assign/engine"
)

// images reads the log of a bench and, after every few facts, makes a state of the
// image of the one that read them: it must be the same, and go on alike.
func images(b *bench, every int) error {
	read := assign.NewState()
	var made *assign.State
	count := 0
	for frame, err := range b.journal.Read(context.Background(), 1) {
		if err != nil {
			return err
		}
		for _, r := range frame.Facts {
			if err := read.Apply(r); err != nil {
				return err
			}
			if made != nil {
				if err := made.Apply(r); err != nil {
					return fmt.Errorf("the state of an image: %w", err)
				}
			}
			if count++; count%every != 0 {
				continue
			}
			if made != nil {
				if err := same(read, made); err != nil {
					return fmt.Errorf("%d facts after the image: %w", every, err)
				}
			}
			text, err := json.Marshal(read.Image())
			if err != nil {
				return err
			}
			var image assign.Image
			if err := json.Unmarshal(text, &image); err != nil {
				return err
			}
			if made, err = image.State(); err != nil {
				return err
			}
			if err := same(read, made); err != nil {
				return err
			}
		}
	}
	return nil
}

func same(a, b *assign.State) error {
	if x, y := a.Digest(), b.Digest(); x != y {
		return fmt.Errorf("the digest is %s, should be %s", y, x)
	}
	at1, there1 := a.NextAlarm()
	at2, there2 := b.NextAlarm()
	if at1 != at2 || there1 != there2 || a.Open() != b.Open() || a.Going() != b.Going() || a.Waits() != b.Waits() {
		return fmt.Errorf("alarm %v, %d calls open, %d being driven to; should be %v, %d, %d", at2, b.Open(), b.Going(), at1, a.Open(), a.Going())
	}
	return nil
}

// snapshot is one of the end of that frame or the newest, made in two steps, and
// checked against one that was made at once.
func snapshot(b *bench, number uint64) (*assign.Snapshot, error) {
	upTo := func(from, last uint64) iter.Seq2[assign.Frame, error] {
		return func(yield func(assign.Frame, error) bool) {
			for frame, err := range b.journal.Read(context.Background(), from) {
				if frame.Number > last || !yield(frame, err) {
					return
				}
			}
		}
	}
	half, err := engine.Fold(nil, upTo(1, number/2))
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(half)
	if err != nil {
		return nil, err
	}
	var read assign.Snapshot
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	folded, err := engine.Fold(&read, upTo(read.Frame+1, number))
	if err != nil {
		return nil, err
	}
	whole, err := engine.Fold(nil, upTo(1, number))
	if err != nil {
		return nil, err
	}
	a, _ := json.Marshal(folded)
	if b, _ := json.Marshal(whole); !bytes.Equal(a, b) {
		return nil, fmt.Errorf("folded in two steps it is\n%s\nat once\n%s", a, b)
	}
	return folded, nil
}
