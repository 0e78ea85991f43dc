package journal

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"callbox/data/journal/frame"

	"github.com/nats-io/nats.go/jetstream"
)

// deaf swallows what is written to the log engine while it is to, as an engine does
// that hangs.
type deaf struct {
	net.Conn
	now *atomic.Bool
}

func (c deaf) Write(b []byte) (int, error) {
	if c.now.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// hurried opens a journal that does not wait long for answers.
func hurried(t *testing.T, dir string, o Options) *Disk {
	d := openDisk(t, dir, o)
	d.answer = 100 * time.Millisecond
	return d
}

// TestRestart has the log engine fail in several ways. The journal starts it again
// and goes on, and the frame that was under way is there once.
func TestRestart(t *testing.T) {
	frames := history(t, 6)
	for name, fail := range map[string]func(t *testing.T, d *Disk){
		"it is shut down": func(t *testing.T, d *Disk) { stopServer(d.running.server.Load()) },
		"it hangs, until it is another one": func(t *testing.T, d *Disk) {
			old, hangs, real := d.running.server.Load(), new(atomic.Bool), d.send
			hangs.Store(true)
			d.running.wire = func(c net.Conn) net.Conn { return deaf{c, hangs} }
			for _, nc := range d.conns { // so that they go through the wire
				if err := nc.ForceReconnect(); err != nil {
					t.Fatal(err)
				}
			}
			d.send = func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				if d.running.server.Load() != old {
					hangs.Store(false)
				}
				return real(ctx, after, b)
			}
			revive := d.revive
			d.revive = func(ctx context.Context) error {
				go func() {
					for d.running.server.Load() == old {
						time.Sleep(time.Millisecond)
					}
					hangs.Store(false)
				}()
				return revive(ctx)
			}
		},
		"it stores the frame and hangs": func(t *testing.T, d *Disk) {
			old, real := d.running.server.Load(), d.send
			d.send = func(ctx context.Context, after uint64, b []byte) (uint64, error) {
				n, err := real(ctx, after, b)
				if d.running.server.Load() == old {
					<-ctx.Done()
					return 0, ctx.Err()
				}
				return n, err
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, at := range []int{0, 3} { // an empty log, too
				dir := filepath.Join(t.TempDir(), "j")
				d := hurried(t, dir, Options{Patience: 30 * time.Second})
				appendAll(t, d, frames[:at])
				fail(t, d)
				appendAll(t, d, frames[at:])
				expectFrames(t, d, 1, frames)
				if s := d.Stats(); s.Restarts != 1 || s.Unknown != 1 || s.Pending != 0 {
					t.Errorf("it counted %+v", s)
				}
				closeDisk(t, d)
				expectFrames(t, openDisk(t, dir, Options{}), 1, frames)
			}
		})
	}
}

// TestRestartFails ends with an unknown outcome, and soon.
func TestRestartFails(t *testing.T) {
	frames := history(t, 6)
	for name, c := range map[string]struct {
		spoil func(t *testing.T, d *Disk)
		want  error
	}{
		"a frame is damaged": {func(t *testing.T, d *Disk) {
			names, err := blocks(filepath.Join(d.dir, storeName))
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(names[0])
			if err != nil {
				t.Fatal(err)
			}
			b[len(b)/2] ^= 1
			if err := os.WriteFile(names[0], b, 0o600); err != nil {
				t.Fatal(err)
			}
		}, frame.ErrDamaged},
		"the log is gone": {func(t *testing.T, d *Disk) {
			if err := os.RemoveAll(filepath.Join(d.dir, storeName)); err != nil {
				t.Fatal(err)
			}
		}, jetstream.ErrStreamNotFound},
		"the newest frame is another": {func(t *testing.T, d *Disk) { d.link.Previous[0] ^= 1 }, frame.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			d := hurried(t, t.TempDir(), Options{Patience: 2 * time.Second})
			appendAll(t, d, frames[:3])
			stopServer(d.running.server.Load())
			c.spoil(t, d)
			err := d.Append(ctx, 3, frames[3])
			if !errors.Is(err, ErrUnknown) || !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if err := d.Append(ctx, 3, frames[3]); !errors.Is(err, ErrUnknown) {
				t.Errorf("it went on: %v", err)
			}
		})
	}
}
