package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"callbox/api/client"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
	"callbox/data/city"
	"callbox/data/times"
	"callbox/geo"
	"callbox/geo/road"
	"callbox/geo/route"
)

// writeTimes writes a table in which every street takes so many times as long as
// it does on the map, in tenths: one number for each hour, 10 where none is
// given.
func writeTimes(t *testing.T, path string, g *road.Graph, tenths map[int]uint32) {
	t.Helper()
	var b strings.Builder
	b.WriteString("arc")
	for h := range times.Hours {
		fmt.Fprintf(&b, ",h%d", h)
	}
	for a := range road.Arc(g.Arcs()) {
		fmt.Fprintf(&b, "\n%d", a)
		for h := range times.Hours {
			factor := uint32(10)
			if f, ok := tenths[h]; ok {
				factor = f
			}
			fmt.Fprintf(&b, ",%.1f", float64(g.Millis(a, geo.Routine)*factor/10)/1000)
		}
	}
	// As whoever replaces a table should: nobody sees half of it.
	if err := os.WriteFile(path+".new", []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// scene is a city of one precinct with a unit and a call.
type scene struct {
	t      *testing.T
	city   *city.City
	api    *client.Client
	call   wire.AssignRequest
	patrol []string
}

func newScene(t *testing.T, c *city.City, api *client.Client) *scene {
	t.Helper()
	s := &scene{t: t, city: c, api: api, patrol: []string{"patrol"}}
	last := road.Node(c.Roads.Nodes() - 1)
	unit := wire.UnitRequest{Capabilities: &s.patrol, Location: wire.LocationOf(c.Roads.Point(0))}
	if _, err := api.SignOn("u", unit); err != nil {
		t.Fatal(err)
	}
	s.call = wire.AssignRequest{DryRun: true, Call: &wire.Call{Type: "10-30", Location: wire.LocationOf(c.Roads.Point(last))}}
	return s
}

// ask tells by which roads a call would be decided now, and how long the unit
// would take.
func (s *scene) ask() (roads string, eta float64) {
	s.t.Helper()
	r, err := s.api.Assign(s.call)
	if err != nil || len(r.Candidates) != 1 {
		s.t.Fatalf("%+v, %v", r, err)
	}
	return r.Roads, float64(*r.Candidates[0].ETASeconds)
}

// await asks until the roads are named as wanted.
func (s *scene) await(want string) (roads string, eta float64) {
	s.t.Helper()
	name := regexp.MustCompile("^" + s.city.Roads.Version() + want + "$")
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if roads, eta = s.ask(); name.MatchString(roads) {
			return roads, eta
		}
		if time.Now().After(end) {
			s.t.Fatalf("the roads are %s, want %s", roads, name)
		}
	}
}

// logged is a log that a test may read while it is written.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logged) await(t *testing.T, want string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		l.mu.Lock()
		found := strings.Contains(l.text.String(), want)
		l.mu.Unlock()
		if found {
			return
		}
	}
	t.Fatalf("%q is not in the log:\n%s", want, l.text.String())
}

// TestTrafficFollowsTheClock: the hours of New York pass, and each decision names
// the one that it was made by. The file is replaced, by a bad one and by a good
// one, and a street is closed meanwhile.
func TestTrafficFollowsTheClock(t *testing.T) {
	for _, travel := range []string{byHierarchy, byDijkstra} {
		t.Run(travel, func(t *testing.T) { trafficFollowsTheClock(t, travel) })
	}
}

func trafficFollowsTheClock(t *testing.T, travel string) {
	sample := sampleCity(t, 1)
	policy, err := loadPolicy("911-first")
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) assign.Instant {
		return assign.InstantOf(time.Date(2026, 1, day, hour, minute, 0, 1_000_000, zone)) // the 5th is a Monday
	}
	file := filepath.Join(t.TempDir(), "times.csv")
	writeTimes(t, file, sample.Roads, map[int]uint32{17: 20, 24 + 17: 30})
	clock, reread, log := engine.NewManual(at(5, 16, 40)), make(chan os.Signal, 1), new(logged)
	roads, err := prepare(sample, travel)
	if err != nil {
		t.Fatal(err)
	}
	s, err := startStack(context.Background(), stackConfig{
		city: sample, roads: roads, listen: "127.0.0.1:0", clock: clock, policy: policy, log: slog.New(slog.NewTextHandler(log, nil)),
		traffic: trafficConfig{file: file, zone: zone, reread: reread},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	}()
	api, err := client.New(s.url(), client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	scene := newScene(t, sample, api)

	asMapped, eta := scene.ask()
	if !regexp.MustCompile(`^[0-9a-f]{12}\+t[0-9a-f]{8}\.h16$`).MatchString(asMapped) {
		t.Fatalf("the roads are %s", asMapped)
	}
	for _, c := range []struct {
		day, hour, minute int
		want              string
		times             float64
	}{
		{5, 16, 59, `\+t\w+\.h16`, 1}, {5, 17, 0, `\+t\w+\.h17`, 2}, {5, 18, 30, `\+t\w+\.h18`, 1}, {6, 17, 10, `\+t\w+\.h41`, 3},
	} {
		clock.Set(at(c.day, c.hour, c.minute))
		if roads, now := scene.await(c.want); now/eta < 0.95*c.times || now/eta > 1.05*c.times {
			t.Errorf("by %s it takes %v s, want %v times %v", roads, now, c.times, eta)
		}
	}

	before, slow := scene.ask()
	closed, err := roads.Adopt(route.Conditions{Closed: []road.Arc{0}, Times: &route.Times{
		Name: strings.TrimPrefix(before, sample.Roads.Version()+"+"), Millis: s.traffic.week.Hour(41),
	}})
	if err != nil {
		t.Fatal(err)
	}
	closures := regexp.QuoteMeta(strings.TrimPrefix(closed, before)) // "-" and a hash

	if err := os.WriteFile(file, []byte("arc,h0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	reread <- syscall.SIGHUP
	log.await(t, "cannot be read again")
	log.await(t, "column h1: columns: it is missing")
	if now, _ := scene.ask(); now != closed {
		t.Errorf("after a bad file the roads are %s, want %s", now, closed)
	}
	writeTimes(t, file, sample.Roads, map[int]uint32{24 + 17: 15})
	reread <- syscall.SIGHUP
	week := before[strings.Index(before, "+"):strings.Index(before, ".")]
	for end := time.Now().Add(10 * time.Second); ; {
		now, faster := scene.await(`\+t\w+\.h41` + closures)
		if !strings.Contains(now, week) {
			if faster >= slow {
				t.Errorf("by %s it takes %v s, want less than %v", now, faster, slow)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the roads are still %s", now)
		}
	}
	clock.Set(at(6, 18, 0))
	scene.await(`\+t\w+\.h42` + closures)

	var started string
	s.engine.View(func(v *engine.View) { started = v.State().Started().Roads })
	if started != sample.Roads.Version() {
		t.Errorf("the server was started with roads %s, want the graph alone", started)
	}
}

// TestTrafficOfAProgram: a server in a process of its own reads the file again
// when it is told to.
func TestTrafficOfAProgram(t *testing.T) {
	dir := t.TempDir()
	folder, file := filepath.Join(dir, "city"), filepath.Join(dir, "times.csv")
	sample := sampleCity(t, 1)
	if err := sample.Write(folder); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := inProcess(t, "city", "arcs", folder)
	if code != 0 || strings.Count(out, "\n") != 1+sample.Roads.Arcs() || !strings.HasPrefix(out, "arc,tail,head,") {
		t.Errorf("city arcs ends with %d and %d lines: %s", code, strings.Count(out, "\n"), errOut)
	}
	slow := make(map[int]uint32)
	for h := range times.Hours {
		slow[h] = 20
	}
	writeTimes(t, file, sample.Roads, slow)
	serve := []string{"--times", file, "--timezone", "Asia/Kolkata"}
	p := serveProcess(t, folder, filepath.Join(dir, "data"), serve...)
	scene := newScene(t, sample, p.api)
	before, eta := scene.await(`\+t\w+\.h\d+`)
	writeTimes(t, file, sample.Roads, nil)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		roads, now := scene.ask()
		if week, _, _ := strings.Cut(before, "."); !strings.HasPrefix(roads, week) {
			if now/eta > 0.55 {
				t.Errorf("by %s it takes %v s, want half of %v", roads, now, eta)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatalf("the roads are still %s: %s", roads, p.err)
		}
	}

	for _, c := range []struct{ flags, want string }{
		{"--times ABSENT", "ABSENT: read: no such file or directory"},
		{"--times FILE --timezone Mars/Olympus", "--timezone Mars/Olympus: unknown time zone Mars/Olympus"},
		{"--times BAD", `BAD:1: columns: there is no column "nonsense"`},
	} {
		bad := filepath.Join(dir, "bad.csv")
		if err := os.WriteFile(bad, []byte("nonsense\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		names := strings.NewReplacer("ABSENT", filepath.Join(dir, "absent"), "FILE", file, "BAD", bad)
		args := append([]string{"serve", "--city", folder, "--data", filepath.Join(dir, "none"), "--listen", "127.0.0.1:0"}, strings.Fields(names.Replace(c.flags))...)
		if code, _, errOut := inProcess(t, args...); code != 2 || !strings.Contains(errOut, names.Replace(c.want)) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%s: exit code %d, %q", c.flags, code, errOut)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a server that did not start has made a journal")
	}
}

// TestTimesNeedRoads: a city without roads says so.
func TestTimesNeedRoads(t *testing.T) {
	sample := sampleCity(t, 1)
	without, folder := *sample, filepath.Join(t.TempDir(), "city")
	without.Roads = nil
	if err := without.Write(folder); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve", "--city", folder, "--times", "x"}, {"city", "arcs", folder}} {
		if code, _, errOut := inProcess(t, args...); code != 2 || !strings.Contains(errOut, "the city has no roads; build it with --roads") {
			t.Errorf("%v: exit code %d, %q", args, code, errOut)
		}
	}
}
