package checkpoint

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"callbox/data/journal/frame"
)

// keys makes a key in files and reads both halves back.
func keys(t testing.TB, name string) (note.Signer, note.Verifier) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key")
	if _, err := MakeKey(rand.Reader, name, file); err != nil {
		t.Fatal(err)
	}
	signer, err := ReadSigner(file)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ReadVerifier(file + Public)
	if err != nil {
		t.Fatal(err)
	}
	return signer, verifier
}

func hash(n uint64) frame.Hash { return frame.Sum([]byte{byte(n), byte(n >> 8)}) }

func signed(t testing.TB, key note.Signer, n uint64) []byte {
	t.Helper()
	b, err := Checkpoint{n, hash(n), time.Date(2026, 11, 24, 11, 0, int(n), 0, time.UTC)}.Sign(key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestKey(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "key")
	if _, err := MakeKey(rand.Reader, "a city", file); err == nil {
		t.Error("a name with a space became a key")
	}
	public, err := MakeKey(rand.Reader, "newyork", file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, %v", info.Mode(), err)
	}
	if b, err := os.ReadFile(file + Public); err != nil || string(b) != public+"\n" {
		t.Errorf("the public half: %q, %v", b, err)
	}
	if _, err := MakeKey(rand.Reader, "newyork", file); !errors.Is(err, os.ErrExist) {
		t.Errorf("a key was written over another: %v", err)
	}
	if _, err := ReadSigner(file + Public); err == nil {
		t.Error("the public half signs")
	}
	if _, err := ReadVerifier(file); err == nil {
		t.Error("the secret half was taken for the public one")
	}
}

func TestOpen(t *testing.T) {
	key, public := keys(t, "newyork")
	good := signed(t, key, 7)
	c, err := Open(good, public)
	if err != nil || c.Frame != 7 || c.Hash != hash(7) {
		t.Fatalf("%+v, %v", c, err)
	}
	for i := range good {
		for bit := range 8 {
			bad := bytes.Clone(good)
			bad[i] ^= 1 << bit
			if other, err := Open(bad, public); err == nil && other != c {
				t.Fatalf("with bit %d of byte %d flipped it says %+v", bit, i, other)
			}
		}
	}
	if _, err := Open(signed(t, first(keys(t, "newyork")), 7), public); err == nil {
		t.Error("another key of the same name signs for this one")
	}
	for _, text := range []string{
		"something else\n",
		"callbox journal boston\n7\n" + hash(7).String() + "\n2026-11-24T11:00:07.000Z\n",
		"callbox journal newyork\n07\n" + hash(7).String() + "\n2026-11-24T11:00:07.000Z\n",
		"callbox journal newyork\n7\n" + hash(7).String() + "00\n2026-11-24T11:00:07.000Z\n",
		"callbox journal newyork\n7\n" + hash(7).String() + "\nyesterday\n",
	} {
		b, err := note.Sign(&note.Note{Text: text}, key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Open(b, public); !errors.Is(err, errShape) {
			t.Errorf("%q is a checkpoint: %v", text, err)
		}
	}
}

func first[A, B any](a A, _ B) A { return a }

// TestBook reads what each kind of witness keeps, and compares a journal with it.
func TestBook(t *testing.T) {
	key, public := keys(t, "newyork")
	file := File(filepath.Join(t.TempDir(), "witness"))
	for _, n := range []uint64{3, 5, 8} {
		if err := file.Send(context.Background(), signed(t, key, n)); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(string(file))
	if err != nil {
		t.Fatal(err)
	}
	var log string
	for _, n := range []uint64{3, 5, 8} {
		log += "Nov 24 11:00:00 host callbox[12]: " + line(signed(t, key, n)) + "\nNov 24 11:00:01 host other: hello\n"
	}
	joined := append(append(signed(t, key, 3), signed(t, key, 8)...), signed(t, key, 5)...)
	for name, text := range map[string]string{"file": string(kept), "syslog": log, "joined": string(joined)} {
		b, err := Read(strings.NewReader(text), public)
		if err != nil || b.Checkpoints != 3 || b.Unusable != 0 || b.Newest.Frame != 8 {
			t.Errorf("%s: %+v, %v", name, b, err)
			continue
		}
		for n := range uint64(10) {
			if err := b.Frame(n, hash(n)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err, known := b.Frame(n, hash(n+1)), n == 3 || n == 5 || n == 8; errors.Is(err, ErrDisagrees) != known {
				t.Errorf("%s: frame %d with another hash: %v", name, n, err)
			}
			if err := b.End(n); errors.Is(err, ErrDisagrees) != (n < 8) {
				t.Errorf("%s: an end with frame %d: %v", name, n, err)
			}
		}
	}
}

// TestBookOfAKilledServer: a note that was cut off costs that note and no other.
func TestBookOfAKilledServer(t *testing.T) {
	key, public := keys(t, "newyork")
	whole := signed(t, key, 3)
	for cut := range len(whole) {
		file := File(filepath.Join(t.TempDir(), "witness"))
		for _, b := range [][]byte{signed(t, key, 1), whole[:cut], signed(t, key, 5)} {
			if err := file.Send(context.Background(), b); err != nil {
				t.Fatal(err)
			}
		}
		f, err := os.Open(string(file))
		if err != nil {
			t.Fatal(err)
		}
		b, err := Read(f, public)
		f.Close()
		// The last newline alone is no loss: the next note brings it.
		if want := 2 + cut/(len(whole)-1); err != nil || b.Checkpoints != want || b.Newest.Frame != 5 {
			t.Fatalf("cut after %d of %d bytes: %+v, %v", cut, len(whole), b, err)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	key, public := keys(t, "newyork")
	other := signed(t, first(keys(t, "boston")), 3)
	for name, c := range map[string]struct{ text, want string }{
		"empty":     {"", "no checkpoint"},
		"noise":     {"hello\nworld\n", "no checkpoint"},
		"other key": {"\n" + string(other), "line 2: a checkpoint cannot be used: it is not signed with the key newyork"},
		"cut line":  {line(signed(t, key, 3))[:80] + "\n", "line 1: a checkpoint cannot be used: it is cut off"},
		"long line": {strings.Repeat("x", maxLine+1), "line 1: it is longer"},
	} {
		if _, err := Read(strings.NewReader(c.text), public); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, err := Read(strings.NewReader(string(other)+string(signed(t, key, 4))), public)
	if err != nil || b.Checkpoints != 1 || b.Unusable != 1 || b.Why == nil {
		t.Errorf("one of another key before one of this: %+v, %v", b, err)
	}
}

func TestWeb(t *testing.T) {
	var got []byte
	status := http.StatusNoContent
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ = io.ReadAll(r.Body)
		w.WriteHeader(status)
	}))
	defer server.Close()
	w, err := NewWitness(server.URL + "/hook?token=secret")
	if err != nil || strings.Contains(w.String(), "secret") {
		t.Fatal(w, err)
	}
	key, _ := keys(t, "newyork")
	sent := signed(t, key, 2)
	if err := w.Send(context.Background(), sent); err != nil || !bytes.Equal(got, sent) {
		t.Fatalf("%q, %v", got, err)
	}
	for _, status = range []int{http.StatusFound, http.StatusInternalServerError} {
		if err := w.Send(context.Background(), sent); err == nil {
			t.Errorf("status %d is taken for a receipt", status)
		}
	}
	server.Close()
	if err := w.Send(context.Background(), sent); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody answers: %v", err)
	}
}

func TestSyslog(t *testing.T) {
	at, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer at.Close()
	w, err := NewWitness("syslog://" + at.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	key, public := keys(t, "newyork")
	if err := w.Send(context.Background(), signed(t, key, 2)); err != nil {
		t.Fatal(err)
	}
	at.SetReadDeadline(time.Now().Add(10 * time.Second))
	got := make([]byte, 4096)
	n, _, err := at.ReadFrom(got)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := Read(bytes.NewReader(got[:n]), public); err != nil || b.Newest.Hash != hash(2) {
		t.Errorf("%q: %+v, %v", got[:n], b, err)
	}
}

func TestNewWitness(t *testing.T) {
	for _, bad := range []string{"", "https:", "http://", "syslog:host", "syslog+tcp:"} {
		if w, err := NewWitness(bad); err == nil {
			t.Errorf("%q is the witness %v", bad, w)
		}
	}
	for at, want := range map[string]string{"syslog:": "syslog:", "syslog+tcp://h:601": "syslog tcp h:601", "/var/w": "/var/w"} {
		if w, err := NewWitness(at); err != nil || w.String() != want {
			t.Errorf("%q: %v, %v", at, w, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	key, public := keys(f, "newyork")
	f.Add(signed(f, key, 1))
	f.Add([]byte(line(signed(f, key, 2))))
	f.Add(append(signed(f, key, 1), "callbox journal newyork\n\n— newyork x\n"...))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := Read(bytes.NewReader(text), public)
		if err != nil {
			return
		}
		if b.Frame(b.Newest.Frame, b.Newest.Hash) != nil && b.Checkpoints == 1 || b.End(b.Newest.Frame) != nil {
			t.Errorf("%+v disagrees with its newest", b)
		}
	})
}
