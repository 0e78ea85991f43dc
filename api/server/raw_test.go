package server

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"callbox/api/wire"
	"callbox/assign/engine"

	"github.com/go-json-experiment/json"
)

// impatient is a bench whose server waits 400 ms for a request.
func impatient(t *testing.T) *bench {
	return newBench(t, func(b *bench) {
		b.adjust = func(s *Server) { s.http.ReadTimeout = 400 * time.Millisecond }
	})
}

// dial opens a connection that nothing lasts longer on than 5 s.
func (b *bench) dial(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", b.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c
}

// answers reads all answers on a connection until it is closed.
func answers(t *testing.T, c net.Conn) (list []reply) {
	t.Helper()
	for r := bufio.NewReader(c); ; {
		if _, err := r.Peek(1); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the connection stays open")
			}
			return list
		}
		resp, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Errorf("no answer can be read: %v", err)
			return list
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Errorf("no body can be read: %v", err)
		}
		list = append(list, reply{resp.StatusCode, resp.Header, body})
	}
}

// The probes of what is and is not a request. Each is followed by a request that
// asks for the connection to be closed: if it is answered, it was seen as one of
// its own.
func TestProbes(t *testing.T) {
	patient, impatient := newBench(t), impatient(t)
	const (
		post = "POST /v1/assign HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
		call = `{"dry_run":true,"call":{"location":{"lat":40.7,"lon":-74}}}`
		next = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	)
	length := "Content-Length: " + strconv.Itoa(len(call)) + "\r\n"
	hex := strconv.FormatInt(int64(len(call)), 16)
	chunked := "Transfer-Encoding: chunked\r\n"
	chunks := hex + "\r\n" + call + "\r\n0\r\n\r\n"
	for _, p := range []struct {
		name, request string
		status        int
		code          string // of the problem
		goesOn        bool   // the next request is answered
	}{
		{"a good request", post + length + "\r\n" + call, 200, "", true},
		{"a good request in chunks", post + chunked + "\r\n" + chunks, 200, "", true},
		{"Content-Length and Transfer-Encoding", post + length + chunked + "\r\n" + chunks, 400, "ambiguous_length", false},
		{"Transfer-Encoding and Content-Length", post + chunked + length + "\r\n" + chunks, 400, "ambiguous_length", false},
		{"the same in other letters", post + "content-LENGTH: 5\r\ntransfer-ENCODING: chunked\r\n\r\n" + chunks, 400, "ambiguous_length", false},
		{"both at an unknown path", "POST /x HTTP/1.1\r\nHost: x\r\n" + length + chunked + "\r\n" + chunks, 400, "ambiguous_length", false},
		{"Content-Length twice", post + length + length + "\r\n" + call, 400, "bad_request", false},
		{"two Content-Lengths", post + length + "Content-Length: 3\r\n\r\n" + call, 400, "bad_request", false},
		{"Content-Length +5", post + "Content-Length: +5\r\n\r\n" + call, 400, "bad_request", false},
		{"Content-Length -1", post + "Content-Length: -1\r\n\r\n" + call, 400, "bad_request", false},
		{"Content-Length 0x5", post + "Content-Length: 0x5\r\n\r\n" + call, 400, "bad_request", false},
		{"Content-Length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n" + call, 400, "bad_request", false},
		{"blank before the colon", post + "Content-Length : 5\r\n\r\n" + call, 400, "bad_request", false},
		{"two Hosts", "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "bad_request", false},
		{"no Host", "GET /healthz HTTP/1.1\r\nAccept: x\r\n\r\n", 400, "bad_request", false},
		{"header without a name", "GET /healthz HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n", 400, "bad_request", false},
		{"NUL in a header", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n", 400, "bad_request", false},
		{"Transfer-Encoding: xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n" + chunks, 400, "bad_request", false},
		{"Transfer-Encoding: chunked, identity", post + "Transfer-Encoding: chunked, identity\r\n\r\n" + chunks, 400, "bad_request", false},
		{"chunk size ended by LF", post + chunked + "\r\n" + strings.Replace(chunks, "\r\n", "\n", 1), 400, "bad_request", false},
		{"LF in a chunk's extension", post + chunked + "\r\n" + strings.Replace(chunks, "\r\n", ";a\nb\r\n", 1), 400, "bad_request", false},
		{"chunk size beyond 64 bits", post + chunked + "\r\nffffffffffffffffff\r\n" + call, 400, "bad_request", false},
		{"HTTP/1.0 in chunks", strings.Replace(post, "1.1", "1.0", 1) + chunked + "\r\n" + chunks, 400, "bad_request", false},
		{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad_request", false},
		{"lines ended by LF", "GET /healthz HTTP/1.1\nHost: x\n\n", 400, "bad_request", false},
		{"one line ended by LF", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\nContent-Length: 5\r\n\r\n", 400, "bad_request", false},
		{"header ended by LF", "GET /healthz HTTP/1.1\r\nHost: x\r\n\n", 400, "bad_request", false},
		{"no HTTP", "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", 400, "bad_request", false},
		{"folded header", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 200, "", true},
		{"GET with a body", "GET /healthz HTTP/1.1\r\nHost: x\r\n" + length + "\r\n" + call, 400, "body_not_allowed", true},
		{"dots in the path", "GET /a/../../v1//../healthz HTTP/1.1\r\nHost: x\r\n\r\n", 200, "", true},
		{"absolute form", "GET http://elsewhere/healthz HTTP/1.1\r\nHost: x\r\n\r\n", 200, "", true},
		{"header of 9 KiB", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("b", 9<<10) + "\r\n\r\n", 431, "header_too_large", false},
		{"path of 9 KiB", "GET /" + strings.Repeat("b", 9<<10) + " HTTP/1.1\r\nHost: x\r\n\r\n", 431, "header_too_large", false},
		{"Content-Length of 300 MB", post + "Content-Length: 300000000\r\n\r\n" + call, 413, "body_too_large", false},
		{"a chunk of 300 MB", post + chunked + "\r\n11e1a300\r\n" + call, 413, "body_too_large", false},
		{"a body that is cut off", post + "Content-Length: 200\r\n\r\n" + call, 408, "request_timeout", false},
		{"a header that is cut off", "GET /healthz HTTP/1.1\r\nHost: x\r\nA: b", 408, "request_timeout", false},
		{"silence", "", 408, "request_timeout", false},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			b, whole := patient, p.request+next
			if p.status == http.StatusRequestTimeout {
				b, whole = impatient, p.request
			}
			before := b.state()
			c := b.dial(t)
			if _, err := c.Write([]byte(whole)); err != nil {
				t.Fatal(err)
			}
			list := answers(t, c)
			if want := 1 + map[bool]int{true: 1}[p.goesOn]; len(list) != want {
				t.Fatalf("%d answers, want %d: %+v", len(list), want, list)
			}
			if list[0].status != p.status {
				t.Errorf("got %d %s, want %d", list[0].status, list[0].body, p.status)
			}
			if p.code != "" {
				var problem wire.Problem
				if err := json.Unmarshal(list[0].body, &problem); err != nil || problem.Code != p.code || list[0].header.Get("Content-Type") != typeProblem {
					t.Errorf("got %s, want %s (%v)", list[0].body, p.code, err)
				}
			}
			if b.state() != before {
				t.Error("the state is another")
			}
		})
	}
}

// state is the digest of the state, without asking the server.
func (b *bench) state() (digest string) {
	b.engine.View(func(v *engine.View) { digest = v.State().Digest() })
	return digest
}

// A client that sends a byte now and then holds a connection no longer than the
// read timeout, wherever in the request it is.
func TestSlowClientsAreCutOff(t *testing.T) {
	b := impatient(t)
	for name, begin := range map[string]string{
		"header": "GET /healthz HTTP/1.1\r\nHost: x\r\nA: ",
		"body":   "POST /v1/assign HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := b.dial(t)
			start := time.Now()
			if _, err := c.Write([]byte(begin)); err != nil {
				t.Fatal(err)
			}
			go func() {
				for range time.Tick(20 * time.Millisecond) {
					if _, err := c.Write([]byte("x")); err != nil {
						return
					}
				}
			}()
			list := answers(t, c)
			if took := time.Since(start); took < 300*time.Millisecond || took > 3*time.Second {
				t.Errorf("cut off after %v", took)
			}
			if len(list) > 1 || len(list) == 1 && list[0].status != 408 {
				t.Errorf("got %+v", list)
			}
		})
	}
}

// One address cannot take all connections.
func TestConnectionsOfOneAddress(t *testing.T) {
	b := newBench(t, func(b *bench) { b.adjust = func(s *Server) { s.http.MaxConnsPerIP = 2 } })
	first, second := b.dial(t), b.dial(t)
	for _, c := range []net.Conn{first, second} {
		if _, err := c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		if resp, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("got %+v, %v", resp, err)
		}
	}
	if list := answers(t, b.dial(t)); len(list) != 1 || list[0].status != http.StatusTooManyRequests {
		t.Errorf("the third connection: %+v", list)
	}
	first.Close()
	eventually(t, "there is room again", func() bool {
		c := b.dial(t)
		if _, err := c.Write([]byte("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")); err != nil {
			return false
		}
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		return err == nil && resp.StatusCode == http.StatusOK
	})
}

// A client can read the 413, even if it reads only when it has sent everything.
func TestTooLargeBodyIsAnswered(t *testing.T) {
	b := newBench(t)
	big := append([]byte(`{"call":{"note":"`), bytes.Repeat([]byte("x"), 10<<20)...)
	for _, path := range []string{"/v1/assign", "/v1/positions", "/v1/calls"} {
		t.Run("Go"+path, func(t *testing.T) {
			t.Parallel()
			resp, err := http.Post("http://"+b.addr+path, typeJSON, bytes.NewReader(big))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			tooLarge(t, resp)
		})
	}
	for name, head := range map[string]string{
		"length": "Content-Length: " + strconv.Itoa(len(big)) + "\r\n\r\n",
		"chunks": "Transfer-Encoding: chunked\r\n\r\n" + strconv.FormatInt(int64(len(big)), 16) + "\r\n",
	} {
		t.Run("raw, "+name, func(t *testing.T) {
			t.Parallel()
			c := b.dial(t)
			for _, part := range [][]byte{[]byte("POST /v1/assign HTTP/1.1\r\nHost: x\r\n" + head), big} {
				if _, err := c.Write(part); err != nil {
					t.Fatal("the connection does not take the body:", err)
				}
			}
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			tooLarge(t, resp)
		})
	}
	t.Run("curl", func(t *testing.T) {
		t.Parallel()
		if _, err := exec.LookPath("curl"); err != nil {
			t.Skip("there is no curl here")
		}
		cmd := exec.Command("curl", "-sS", "-m", "10", "-o", "-", "-w", "%{http_code}", "-H", "Content-Type: application/json", "--data-binary", "@-", "http://"+b.addr+"/v1/assign")
		cmd.Stdin = bytes.NewReader(big)
		out, err := cmd.CombinedOutput()
		if err != nil || !bytes.HasSuffix(out, []byte("413")) || !bytes.Contains(out, []byte("body_too_large")) {
			t.Errorf("got %.300s, %v", out, err)
		}
	})
}

func tooLarge(t *testing.T, resp *http.Response) {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(body, []byte("body_too_large")) {
		t.Errorf("got %d %.300s, %v", resp.StatusCode, body, err)
	}
}

// A client that goes on sending for ever is not listened to for ever.
func TestDrainIsBounded(t *testing.T) {
	b := newBench(t)
	c := b.dial(t)
	if _, err := c.Write([]byte("POST /v1/assign HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<20)
	for sent := 0; ; sent++ {
		if _, err := c.Write(block); err != nil {
			if !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) {
				t.Error(err)
			}
			return
		}
		if sent > 3*drainBytes>>20 {
			t.Fatalf("%d MiB are taken in", sent)
		}
	}
}
