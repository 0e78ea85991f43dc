package journal

import (
	"errors"
	"testing"
	"time"

	"callbox/assign"
)

// TestFollow has one journal follow another that is written, hear its writer, and
// take over.
func TestFollow(t *testing.T) {
	t.Parallel()
	n := startNodes(t, true)
	frames := history(t, 40)
	writer, follower := n.open(t, "city"), n.open(t, "city")
	heard, stop, err := follower.Beats()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	hear := func() Beat {
		select {
		case b := <-heard:
			return b
		case <-time.After(5 * time.Second):
			t.Fatal("nothing is heard")
			return Beat{}
		}
	}
	if at, err := follower.Refresh(ctx); at != 0 || err != nil {
		t.Errorf("an empty journal ends with frame %d, %v", at, err)
	}
	for i, f := range frames[:30] {
		appendAll(t, writer, frames[i:i+1])
		if i%7 > 0 {
			continue
		}
		if at, err := follower.Refresh(ctx); at != f.Number || err != nil {
			t.Fatalf("after frame %d the follower sees %d, %v", f.Number, at, err)
		}
	}
	if err := writer.Beat(ctx, false); err != nil {
		t.Fatal(err)
	}
	if b := hear(); b.Frame != 30 || b.Leaving || b.Writer == "" {
		t.Errorf("heard %+v", b)
	}
	if at, err := follower.Refresh(ctx); at != 30 || err != nil {
		t.Fatal(at, err)
	}
	expectFrames(t, follower, 1, frames[:30])
	if at, err := writer.Refresh(ctx); at != 30 || err != nil {
		t.Errorf("a writer that nobody took over from sees %d, %v", at, err)
	}
	appendAll(t, follower, frames[30:])
	if _, err := writer.Refresh(ctx); !errors.Is(err, assign.ErrSequence) {
		t.Errorf("a writer that was taken over from sees %v", err)
	}
	if err := writer.Append(ctx, 30, frames[30]); !errors.Is(err, assign.ErrSequence) {
		t.Errorf("it still appends: %v", err)
	}
	if err := writer.Beat(ctx, true); err != nil {
		t.Fatal(err)
	}
	if b := hear(); !b.Leaving {
		t.Errorf("heard %+v", b)
	}
	if err := follower.Beat(ctx, false); err != nil { // its own it does not hear
		t.Fatal(err)
	}
	select {
	case b := <-heard:
		t.Errorf("heard %+v", b)
	case <-time.After(100 * time.Millisecond):
	}
	expectFrames(t, n.open(t, "city"), 1, frames)
	writer.Close()
	if _, err := writer.Refresh(ctx); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}
