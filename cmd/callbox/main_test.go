package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"callbox/data/city"
)

// TestMain lets a test run the program in a process of its own, which it can
// then kill: the test binary is the program if the environment says so.
func TestMain(m *testing.M) {
	if os.Getenv("CALLBOX_TEST_IS_THE_PROGRAM") != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// command is the program in a process of its own.
func command(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "CALLBOX_TEST_IS_THE_PROGRAM=1")
	return c
}

// inProcess runs the program in this process, and gives its exit code and what
// it wrote.
func inProcess(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var o, e bytes.Buffer
	code = run(ctx, args, &o, &e)
	return code, o.String(), e.String()
}

// TestBadUsageGetsOneLineAndExitCode2 names what is wrong.
func TestBadUsageGetsOneLineAndExitCode2(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("name: x\nclasses: []\nnonsense: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(dir, "keys")
	if err := os.WriteFile(keys, []byte("joe write 1234\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"nonsense"}, "nonsense"},
		{[]string{"demo", "--nonsense"}, "--nonsense"},
		{[]string{"demo", "--units", "many"}, "--units"},
		{[]string{"demo", "--units", "0"}, "--units 0"},
		{[]string{"demo", "--speed", "-1"}, "--speed"},
		{[]string{"demo", "--policy", "nobody-first"}, "nobody-first"},
		{[]string{"demo", "--policy", bad}, "bad.yaml"},
		{[]string{"demo", "--policy", filepath.Join(dir, "absent.yaml")}, "absent.yaml"},
		{[]string{"demo", "--listen", "256.0.0.1:80", "--for", "1s"}, "256.0.0.1"},
		{[]string{"serve"}, "--city"},
		{[]string{"serve", "--city", filepath.Join(dir, "absent")}, "absent"},
		{[]string{"serve", "--city", dir, "--keys", keys}, "keys: line 1"},
		{[]string{"serve", "--city", dir, "--journal", "nats://a"}, "--shard"},
		{[]string{"serve", "--city", dir, "--journal", "nats://a", "--shard", "city"}, "--journal-synced"},
		{[]string{"serve", "--city", dir, "--journal", "nats://a", "--shard", "city", "--data", dir}, "--data " + dir + " and --journal"},
		{[]string{"serve", "--city", dir, "--shard", "city"}, "--journal"},
		{[]string{"replay", "--data", filepath.Join(dir, "absent")}, "absent"},
		{[]string{"explain", "c1"}, "--data"},
		{[]string{"explain", "--data", filepath.Join(dir, "absent"), "c1"}, "absent"},
		{[]string{"audit", "--data", filepath.Join(dir, "absent")}, "absent"},
		{[]string{"audit", "--data", dir, "--order", "high,low,high"}, "--order \"high,low,high\""},
		{[]string{"audit", "--data", dir, "--order", "high,"}, "--order \"high,\""},
		{[]string{"audit", "--data", dir, "--limit=-1"}, "--limit -1"},
		{[]string{"export", "check", filepath.Join(dir, "absent")}, "absent"},
		{[]string{"export", "check", dir}, "no export"},
		{[]string{"repair", "--data", dir}, "--from"},
		{[]string{"repair", "--data", dir, "--from", dir}, "no journal"},
		{[]string{"repair", "--data", dir, "--from", filepath.Join(dir, "absent")}, "absent"},
		{[]string{"serve", "--city", dir, "--scrub-rate", "0"}, "--scrub-rate 0"},
		{[]string{"serve", "--city", dir, "--scrub-every", "-1s"}, "--scrub-every"},
		{[]string{"load", "--target", "nonsense"}, "nonsense"},
		{[]string{"load", "--target", "http://127.0.0.1:1", "--for", "1s"}, "127.0.0.1:1"},
		{[]string{"load", "--rate", "0"}, "--rate"},
		{[]string{"load", "--positions-rate", "500001"}, "0 to 500000"},
		{[]string{"load", "--rate", "1000", "--for", "1h"}, "read back"},
		{[]string{"city", "build", "--areas", filepath.Join(dir, "absent.geojson"), "--out", filepath.Join(dir, "out")}, "absent.geojson"},
	} {
		code, _, errOut := inProcess(t, c.args...)
		if code != 2 || strings.Count(errOut, "\n") != 1 || !strings.Contains(errOut, c.want) {
			t.Errorf("%v: exit code %d and %q, want 2 and one line with %q", c.args, code, errOut, c.want)
		}
	}
}

func TestHelpListsTheVerbs(t *testing.T) {
	for _, args := range [][]string{nil, {"--help"}} {
		code, out, errOut := inProcess(t, args...)
		for _, verb := range []string{"demo", "serve", "city build", "city check", "city arcs", "policy check", "policy list", "policy show", "load", "replay", "audit", "export check", "repair", "explain"} {
			if code != 0 || !strings.Contains(out, verb) {
				t.Errorf("%v: exit code %d, %q is not in %q %q", args, code, verb, out, errOut)
			}
		}
	}
}

// TestDemo runs a small demo from end to end.
func TestDemo(t *testing.T) {
	code, out, errOut := inProcess(t, "demo", "--for", "4s", "--speed", "300", "--units", "120", "--rate", "150", "--listen", "127.0.0.1:0")
	if code != 0 || errOut != "" {
		t.Fatalf("exit code %d, %s", code, errOut)
	}
	for _, want := range []string{"critical", "After ", "no unit is on two calls", "answers: map[ok:"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	if strings.Contains(out, "answers: map[ok:0]") || !strings.Contains(out, "assign over HTTP, durable") {
		t.Errorf("nothing happened:\n%s", out)
	}
}

// sampleCity is a sample city of so many precincts each way.
func sampleCity(t *testing.T, side int) *city.City {
	t.Helper()
	c, err := city.Sample(city.SampleOptions{Columns: side, Rows: side})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
