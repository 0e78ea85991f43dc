package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/city"
)

// TestReadmeRequests sends every curl line of the README, in order, to a server
// of the sample city, with the units of the demo at their posts.
func TestReadmeRequests(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	requests := curlLines(t, string(text))
	if len(requests) < 15 {
		t.Fatalf("only %d requests are found", len(requests))
	}
	s := startDemo(t)
	url := s.url()
	for i, r := range requests {
		s.clock.Set(readmeStart.Add(time.Duration(i) * 20 * time.Second)) // as a reader would send them
		r.url = strings.Replace(r.url, "http://127.0.0.1:8911", url, 1)
		status, body := r.send(t)
		if status != http.StatusOK {
			t.Errorf("%s %s answers %d: %s", r.method, r.url, status, body)
		}
		for _, want := range readmeAnswers[r.method+" "+strings.TrimPrefix(r.url, url)] {
			if !regexp.MustCompile(want).MatchString(body) {
				t.Errorf("%s %s answers %s, without %s", r.method, r.url, body, want)
			}
		}
	}
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	explained(t, string(text), s.data)
	verifiedAsShown(t, string(text), s)
}

// explained compares the README's example of an explanation with that of the
// call that its requests have made. Run with -update to write the example anew.
func explained(t *testing.T, readme, data string) {
	t.Helper()
	example := regexp.MustCompile("(?s)```\n\\$ ./callbox explain --data journal (\\S+)\n(.*?)```").FindStringSubmatchIndex(readme)
	if example == nil {
		t.Fatal("there is no example of callbox explain")
	}
	call, want := readme[example[2]:example[3]], readme[example[4]:example[5]]
	code, got, errOut := inProcess(t, "explain", "--data", data, call)
	if code != 0 {
		t.Fatalf("explain %s: exit code %d, %s", call, code, errOut)
	}
	if *update {
		if err := os.WriteFile("../../README.md", []byte(readme[:example[4]]+got+readme[example[5]:]), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if unversioned(got) != unversioned(want) {
		t.Errorf("the README explains\n%s\nand the program\n%s", want, got)
	}
}

// unversioned leaves the versions of policies out of a text: they change with
// every word of their files.
func unversioned(s string) string { return regexp.MustCompile(`@[0-9a-f]{12}`).ReplaceAllString(s, "") }

// readmeAnswers is what a reader of the README expects to see.
var readmeAnswers = map[string][]string{
	"PUT /v1/units/K9-1":                                     {`"status":"available"`, `"capabilities":\["k9","patrol"\]`},
	"POST /v1/positions":                                     {`"accepted":1,"stale":0,"unknown":1,"future":0,"outside":1`},
	"POST /v1/assign?candidates=3":                           {`"status":"assigned"`, `"candidates":\[\{"unit".*\{"unit".*\{"unit"`},
	"PUT /v1/closures/fire-1":                                {`"arcs":4`, `"by":"Lt. Novak"`, `"roads":"\w+-\w+"`},
	"DELETE /v1/closures/fire-1":                             {`"roads":"\w+"`},
	"POST /v1/assign":                                        {`"call_id":"robbery-1"`, `"unit":"K9-1"`, `"travel":"road"`, `"eta_seconds":\d+`},
	"POST /v1/override":                                      {`"unit":"P001"`},
	"POST /v1/units/K9-1/status":                             {`"status":"on_scene"`, `"call":"robbery-1"`},
	"POST /v1/calls/robbery-1/close":                         {`"status":"closed"`, `"unverified":false`},
	"GET /v1/calls?area=39":                                  {`"id":"robbery-1"`},
	"GET /v1/units?near=40.1010,-69.7900&radius_meters=1500": {`"id":"K9-1"`},
	"GET /v1/calls/robbery-1":                                {`"status":"closed"`},
	"GET /v1/move-ups?limit=3":                               {`"uncovered":\[\{"cell"`, `"moves":\[\{"unit":"P\d+"`, `"gain_percent":\d`},
	"PUT /v1/policy":                                         {`"name":"311-first"`, `"answer_seconds":2700`},
}

// curlRequest is a request as a curl line makes it.
type curlRequest struct {
	method, url string
	header      http.Header
	body        string
}

// curlLines finds the curl lines in the blocks of shell commands.
func curlLines(t *testing.T, text string) (out []curlRequest) {
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(text, -1) {
		for _, words := range shell(t, block[1]) {
			if words[0] != "curl" {
				continue
			}
			r := curlRequest{method: http.MethodGet, header: http.Header{}}
			for i := 1; i < len(words); i++ {
				switch w := words[i]; w {
				case "-s", "-sN":
				case "-X", "-H", "-d":
					i++
					switch w {
					case "-X":
						r.method = words[i]
					case "-H":
						name, value, _ := strings.Cut(words[i], ": ")
						r.header.Set(name, value)
					case "-d":
						r.body = words[i]
					}
				default:
					if strings.HasPrefix(w, "-") || r.url != "" {
						t.Fatalf("curl %q: what is %q?", words, w)
					}
					r.url = w
				}
			}
			out = append(out, r)
		}
	}
	return out
}

// shell splits a script into commands of words: single quotes, and backslashes
// at the ends of lines, are all that the README uses.
func shell(t *testing.T, script string) (commands [][]string) {
	script = strings.ReplaceAll(script, "\\\n", " ")
	var words []string
	var word strings.Builder
	quoted, open := false, false
	end := func() {
		if open {
			words = append(words, word.String())
			word.Reset()
			open = false
		}
	}
	for _, c := range script {
		switch {
		case c == '\'':
			quoted, open = !quoted, true
		case quoted || c != ' ' && c != '\n':
			word.WriteRune(c)
			open = true
		case c == ' ':
			end()
		default:
			if end(); len(words) > 0 {
				commands = append(commands, words)
				words = nil
			}
		}
	}
	if quoted {
		t.Fatal("a quote is open at the end of a block")
	}
	return commands
}

// send sends the request. Of a stream it reads some events.
func (r *curlRequest) send(t *testing.T) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, r.method, r.url, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = r.header
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var b bytes.Buffer
	if response.Header.Get("Content-Type") != "text/event-stream" {
		if _, err := io.Copy(&b, response.Body); err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, b.String()
	}
	lines := bufio.NewScanner(response.Body)
	for events := 0; events < 3 && lines.Scan(); {
		fmt.Fprintln(&b, lines.Text())
		if strings.HasPrefix(lines.Text(), "data: ") {
			events++
		}
	}
	return response.StatusCode, b.String()
}

// readmeStart is when the README's requests begin.
var readmeStart = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// demoServer is a server as the demo runs it, without the calls.
type demoServer struct {
	*stack
	clock *engine.Manual
	data  string       // folder of the journal
	end   func() error // stops it; once is enough
}

func startDemo(t *testing.T) demoServer {
	t.Helper()
	sample, err := city.Sample(city.SampleOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	network, err := prepare(sample, byHierarchy)
	if err != nil {
		t.Fatal(err)
	}
	d := demoServer{clock: engine.NewManual(readmeStart), data: t.TempDir()}
	d.stack, err = startStack(context.Background(), stackConfig{
		city: sample, roads: network, data: d.data, listen: "127.0.0.1:0", clock: d.clock,
		policy: policy, log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	d.end = sync.OnceValue(d.stop)
	t.Cleanup(func() {
		if err := d.end(); err != nil {
			t.Error(err)
		}
	})
	api, err := client.New(d.url(), client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	patrol := []string{"patrol"}
	for i, unit := range unitNames(20) {
		if _, err := api.SignOn(unit, wire.UnitRequest{Capabilities: &patrol, Location: wire.LocationOf(sample.Posts[i].At)}); err != nil {
			t.Fatal(err)
		}
	}
	return d
}
