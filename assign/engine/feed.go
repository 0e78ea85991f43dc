package engine

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sort"

	"callbox/assign"
)

// keepFacts is about how many of the newest facts are kept in memory for those
// who follow the log closely. Others read the journal.
const keepFacts = 8192

// feed is the end of the log, for followers.
type feed struct {
	recent []assign.Frame // the newest, oldest first
	facts  int            // in them
	news   chan struct{}  // closed when a frame is added
}

func (f *feed) add(frame assign.Frame) {
	f.recent = append(f.recent, frame)
	f.facts += len(frame.Facts)
	drop := 0
	for f.facts > 2*keepFacts || drop > 0 && f.facts > keepFacts {
		f.facts -= len(f.recent[drop].Facts)
		drop++
	}
	f.recent = slices.Delete(f.recent, 0, drop)
	close(f.news)
	f.news = make(chan struct{})
}

// ErrNoDecision is returned by Decision for a number that is no decision's.
var ErrNoDecision = errors.New("no decision has this number")

// frameOf is the number of the frame that holds a fact, and whether there is
// one.
func (v *View) frameOf(seq uint64) (uint64, bool) {
	n := sort.Search(len(v.firsts), func(i int) bool { return v.firsts[i] > seq })
	return uint64(n), n > 0 && seq > 0 && seq <= v.state.Seq()
}

// Decision reads a decision back from the journal, and when it was made.
func (e *Engine) Decision(ctx context.Context, seq uint64) (*assign.Decision, assign.Instant, error) {
	for r, err := range e.Log(ctx, seq-1) {
		if err != nil {
			return nil, 0, err
		}
		if f, ok := r.Fact.(*assign.DecisionMade); ok && r.Seq == seq {
			return &f.Decision, r.At, nil
		}
		break
	}
	return nil, 0, fmt.Errorf("%w: %d", ErrNoDecision, seq)
}

// Log yields the facts that follow fact number after, up to the end of the log
// at this moment.
func (e *Engine) Log(ctx context.Context, after uint64) iter.Seq2[assign.Recorded, error] {
	return func(yield func(assign.Recorded, error) bool) {
		var recent []assign.Frame
		var number uint64
		var ok bool
		e.view.read(func() {
			if number, ok = e.view.frameOf(after + 1); ok {
				recent = e.view.feed.from(number)
			}
		})
		if !ok {
			return
		}
		source := e.journal.Read(ctx, number)
		if recent != nil {
			source = each(recent)
		}
		for frame, err := range source {
			if err != nil {
				yield(assign.Recorded{}, err)
				return
			}
			for _, r := range frame.Facts {
				if r.Seq > after && !yield(r, nil) {
					return
				}
			}
		}
	}
}

// from gives the recent frames from that number on; nil if the first of them
// is not recent.
func (f *feed) from(number uint64) []assign.Frame {
	if len(f.recent) == 0 || f.recent[0].Number > number {
		return nil
	}
	return slices.Clone(f.recent[number-f.recent[0].Number:])
}

func each(frames []assign.Frame) iter.Seq2[assign.Frame, error] {
	return func(yield func(assign.Frame, error) bool) {
		for _, f := range frames {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// Follow yields the facts that follow fact number after, and then each new one
// as it becomes durable, until the context ends or the engine is closed. A
// follower that is slow reads the journal and holds nobody up.
func (e *Engine) Follow(ctx context.Context, after uint64) iter.Seq2[assign.Recorded, error] {
	return func(yield func(assign.Recorded, error) bool) {
		for {
			var news chan struct{}
			e.view.read(func() { news = e.view.feed.news })
			for r, err := range e.Log(ctx, after) {
				if !yield(r, err) || err != nil {
					return
				}
				after = r.Seq
			}
			select {
			case <-news:
			case <-ctx.Done():
				return
			case <-e.stop:
				return
			}
		}
	}
}
