package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"callbox/assign"

	"github.com/nats-io/nats.go"
)

// Beat is what the writer of a shard says of itself now and then, to whoever
// stands by. Beats are not stored, may be lost, and prove nothing: who writes is
// decided by the frame that follows the newest.
type Beat struct {
	Writer  string `json:"writer"`            // tells it from others
	Frame   uint64 `json:"frame"`             // the newest that it was acknowledged
	Leaving bool   `json:"leaving,omitempty"` // it will write no more
}

// BeatEvery is how often a writer says that it is there.
const BeatEvery = 500 * time.Millisecond

// beats are that many at most that nobody has taken yet. More are dropped.
const beats = 16

func (c *Cluster) beatSubject() string { return "callbox." + c.shard + ".writer" }

// Beat tells those who stand by that this writer is there, or that it leaves and
// will append no more. It returns when a server has taken the message.
func (c *Cluster) Beat(ctx context.Context, leaving bool) error {
	b, err := json.Marshal(Beat{Writer: c.writer, Frame: c.Frames(), Leaving: leaving})
	if err != nil {
		return err
	}
	nc := c.conns[0]
	if err := nc.Publish(c.beatSubject(), b); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, BeatEvery)
	defer cancel()
	return nc.FlushWithContext(ctx)
}

// Beats gives what writers of the shard say from now on, its own beats left out,
// until stop is called or the journal is closed.
func (c *Cluster) Beats() (heard <-chan Beat, stop func(), err error) {
	out := make(chan Beat, beats)
	s, err := c.conns[len(c.conns)-1].Subscribe(c.beatSubject(), func(m *nats.Msg) {
		var b Beat
		if json.Unmarshal(m.Data, &b) != nil || b.Writer == c.writer {
			return
		}
		select {
		case out <- b:
		default:
		}
	})
	if err != nil {
		return nil, nil, err
	}
	return out, func() { _ = s.Unsubscribe() }, nil // which fails only if all is closed
}

// Connected reports whether a server is connected to: without one there are no
// beats, whoever writes.
func (c *Cluster) Connected() bool { return c.conns[len(c.conns)-1].IsConnected() }

// Refresh looks for frames that others have appended, and gives the number of the
// newest. Reads that begin later yield them, and Append follows them. If this
// Cluster has appended a frame itself, it is assign.ErrSequence instead: another
// has taken over from it. It is frame.ErrDamaged if frames that were there are not
// there any more.
func (c *Cluster) Refresh(ctx context.Context) (frames uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isClosed() {
		return 0, ErrClosed
	}
	asked, cancel := c.asking(ctx)
	defer cancel()
	info, err := c.reads.Info(asked)
	if err != nil {
		return 0, err
	}
	known, last := c.last.Load(), info.State.LastSeq
	switch {
	case last < known: // a server that has missed something may show less for a while
		if c.short.IsZero() {
			c.short = time.Now()
		}
		if time.Since(c.short) > c.settling {
			return known, c.missing(ctx, known)
		}
		return known, nil
	case last == known:
		c.short = time.Time{}
		return known, nil
	case c.wrote:
		return known, fmt.Errorf("%w: frame %d is the newest, and frame %d was the last of this writer", assign.ErrSequence, last, known)
	}
	c.short = time.Time{}
	return last, c.adopt(ctx, last)
}
