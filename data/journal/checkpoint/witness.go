package checkpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/syslog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Witness keeps checkpoints outside the reach of those who keep the journal.
type Witness interface {
	// Send gives it a signed note, and returns when it has it: a file when it is
	// durable, a web server when it has answered with a status of 200 to 299.
	// syslog answers nothing.
	Send(ctx context.Context, signed []byte) error
	String() string // where it is, without what is secret
}

// NewWitness gives the witness at an address:
//
//	https://HOST/PATH     gets each note by POST, as text/plain
//	syslog:               the system's log, a line each
//	syslog://HOST:PORT    a log server by UDP; syslog+tcp:// by TCP
//	FILE                  a file that notes are appended to
func NewWitness(at string) (Witness, error) {
	kind, rest, _ := strings.Cut(at, ":")
	switch kind {
	case "http", "https":
		u, err := url.Parse(at)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("%s: it is no web address", at)
		}
		return web{at, kind + "://" + u.Host}, nil
	case "syslog", "syslog+tcp":
		if rest == "" && kind == "syslog" {
			return logged{}, nil
		}
		host, ok := strings.CutPrefix(rest, "//")
		if !ok || host == "" {
			return nil, fmt.Errorf("%s: a log server's address is %s://HOST:PORT", at, kind)
		}
		network := "udp"
		if kind == "syslog+tcp" {
			network = "tcp"
		}
		return logged{network, host}, nil
	}
	if at == "" {
		return nil, errors.New("a witness needs an address, such as a file's name or https://HOST/PATH")
	}
	return File(at), nil
}

// File is a witness whose notes stand one after the other in a file, with an empty
// line between. It should be on another machine, or where nothing can be taken
// back.
type File string

// Send appends a note.
func (f File) Send(_ context.Context, signed []byte) error {
	file, err := os.OpenFile(string(f), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	// The empty line first: what stands there may be cut off.
	_, err = file.Write(append([]byte("\n"), signed...))
	return errors.Join(err, file.Sync(), file.Close())
}

func (f File) String() string { return string(f) }

// web is a witness that is told by HTTP.
type web struct{ at, shown string }

// client follows no redirects: they would turn a POST into a GET.
var client = http.Client{
	Timeout:       10 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (w web) Send(ctx context.Context, signed []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, w.at, bytes.NewReader(signed))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	answer, err := client.Do(request)
	var about *url.Error // names the whole address, which may hold a secret
	if errors.As(err, &about) {
		return about.Err
	} else if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 200)) // it is only to help
		return fmt.Errorf("it answered %s: %q", answer.Status, said)
	}
	return nil
}

func (w web) String() string { return w.shown }

// logged is a witness that keeps a system's log; at none, this one's.
type logged struct{ network, host string }

func (l logged) Send(_ context.Context, signed []byte) error {
	w, err := syslog.Dial(l.network, l.host, syslog.LOG_NOTICE|syslog.LOG_DAEMON, "callbox")
	if err != nil {
		return err
	}
	return errors.Join(w.Notice(line(signed)), w.Close())
}

func (l logged) String() string {
	if l.host == "" {
		return "syslog:"
	}
	return "syslog " + l.network + " " + l.host
}
