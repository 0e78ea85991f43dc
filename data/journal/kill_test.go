package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/geo"
)

// Variables by which the test binary knows that it is to be killed, and how
// often that is to be done.
const (
	childDir  = "CALLBOX_JOURNAL_CHILD"
	childName = "CALLBOX_JOURNAL_ROUND"
	rounds    = "CALLBOX_KILL_ROUNDS"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := victim(dir, os.Getenv(childName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// TestKill ends a process that works on a journal at any moment, and looks for
// everything that it had been answered.
func TestKill(t *testing.T) {
	n := 8
	if s := os.Getenv(rounds); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	answered := make(answers)
	for round := range n {
		answered.kill(t, dir, round, 1+r.IntN(300), time.Duration(r.IntN(3000))*time.Microsecond)
		answered.check(t, dir)
	}
}

// answers is what was answered: the last word on each call and unit.
type answers map[string]string

// kill starts a process, lets it be answered so often, and kills it a moment
// later. What it was answered until then is noted.
func (a answers) kill(t *testing.T, dir string, round, lines int, later time.Duration) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childDir+"="+dir, childName+"="+strconv.Itoa(round))
	var stderr bytes.Buffer
	child.Stderr = &stderr
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(stdout)
	n := 0
	for ; ; n++ {
		line, err := out.ReadString('\n')
		if err != nil { // a line without an end was not said
			break
		}
		what, word, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			t.Errorf("it printed %q", line)
		}
		a[what] = word
		if n == lines {
			expectLocked(t, dir, child.Process.Pid)
			time.Sleep(later)
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	err = child.Wait()
	if n < lines || stderr.Len() > 0 {
		t.Fatalf("it ended by itself after %d answers: %v\n%s", n, err, stderr.String())
	}
}

// expectLocked checks that nobody else can open the journal, and that who has
// it open is said.
func expectLocked(t *testing.T, dir string, pid int) {
	t.Helper()
	_, err := Open(dir, Options{AllowNetworkFS: true, ReadOnly: true})
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("process %d ", pid)) {
		t.Errorf("a folder that process %d has open was opened: %v", pid, err)
	}
}

// check reads the journal back, twice, and looks for what was answered.
func (a answers) check(t *testing.T, dir string) {
	t.Helper()
	d := openDisk(t, dir, Options{})
	replay := func() *assign.State {
		s := assign.NewState()
		for f, err := range d.Read(ctx, 1) {
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range f.Facts {
				if err := s.Apply(r); err != nil {
					t.Fatal(err)
				}
			}
		}
		return s
	}
	s := replay()
	for what, word := range a {
		kind, id, _ := strings.Cut(what, " ")
		got := ""
		if u := s.Unit(id); kind == "unit" && u != nil {
			got = string(u.Status)
		}
		if c := s.Call(id); kind == "call" && c != nil {
			got = string(c.Status())
		}
		// What came after the last answer may have been written too.
		if got == "" || word == "closed" && got != word || word == "off_duty" && got != word {
			t.Errorf("%s was answered %q; the journal has %q", what, word, got)
		}
	}
	digest := s.Digest()
	if again := replay().Digest(); again != digest {
		t.Errorf("a second replay gives %s, the first gave %s", again, digest)
	}
	e := openEngine(t, d)
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	e.View(func(v *engine.View) { // nothing is news to it, unless time has passed meanwhile
		if v.State().Seq() == s.Seq() && v.State().Digest() != digest {
			t.Errorf("the engine has digest %s, want %s", v.State().Digest(), digest)
		}
	})
}

func openEngine(t testing.TB, d *Disk) *engine.Engine {
	t.Helper()
	e, err := newEngine(d)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newEngine(d *Disk) (*engine.Engine, error) {
	p, text, err := policy.Named(policy.Default)
	if err != nil {
		return nil, err
	}
	return engine.Open(ctx, engine.Config{
		Journal: d, Clock: engine.Wall{}, Advisor: policy.Advisor{},
		Start:  assign.Started{Engine: "test", City: "test", Roads: "none"},
		Policy: assign.AdoptPolicy{Policy: p, Source: text},
	})
}

// victim works on a journal until it is killed, and prints each answer that it
// gets: what, "=", and the word.
func victim(dir, round string) error {
	d, err := Open(dir, Options{AllowNetworkFS: true, MinFree: -1})
	if err != nil {
		return err
	}
	e, err := newEngine(d)
	if err != nil {
		return err
	}
	failed := make(chan error)
	for i := range 8 {
		go func() { failed <- work(e, fmt.Sprintf("%s-%d", round, i)) }()
	}
	return <-failed
}

var printing sync.Mutex

// work signs units on, reports calls and closes them, for ever.
func work(e *engine.Engine, name string) error {
	do := func(c assign.Command, what, word string) error {
		if _, err := e.Do(engine.Request{Command: c}); err != nil {
			return fmt.Errorf("%s=%s: %w", what, word, err)
		}
		printing.Lock()
		defer printing.Unlock()
		_, err := fmt.Println(what + "=" + word)
		return err
	}
	for i := 0; ; i++ {
		id := fmt.Sprintf("%s-%d", name, i)
		at := geo.Point{Lat: 406_000_000 + int32(i)*100, Lon: -739_000_000}
		fix := &assign.Fix{At: at, Since: engine.Wall{}.Now()}
		if err := do(&assign.SignOn{Unit: id, Capabilities: []string{"patrol"}, Areas: []string{"75A"}, Fix: fix}, "unit "+id, "available"); err != nil {
			return err
		}
		if err := do(&assign.ReportCall{ID: id, Type: "10-30", Location: &at, Note: "a note"}, "call "+id, "waiting"); err != nil {
			return err
		}
		if i%2 == 1 {
			if err := do(&assign.CloseCall{Call: id, Disposition: "done"}, "call "+id, "closed"); err != nil {
				return err
			}
		}
		if i%3 == 2 {
			if err := do(&assign.SetStatus{Unit: id, Status: assign.OffDuty}, "unit "+id, "off_duty"); err != nil {
				return err
			}
		}
	}
}
