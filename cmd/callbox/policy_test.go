package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"callbox/assign/policy"
)

func TestPolicy(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	_, text, err := policy.Named("911-first")
	if err != nil {
		t.Fatal(err)
	}
	own := strings.NewReplacer(
		"name: 911-first", "name: own", "rank: 2, ", "rank: 2, weight: 7, reserve: 1, ", "rank: 3, ", "rank: 3, reserve: 1, ", "rank: 4, ", "rank: 4, reserve: 1, ",
		"rank: 5, ", "rank: 5, reserve: 2, promote: {after: 7h30m, to: other-911}, ", "city: 0s}", "city: 0s, mutual_aid: 5m}\nmutual_aid: [westchester, nassau]",
		"leave_way: 30s", "leave_way: 30s, batch_window: 500ms").Replace(text)
	good := put("good.yaml", own)
	bad := put("bad.yaml", strings.NewReplacer("rank: 5", "rank: 7", "answer: 12m", "answer: soon").Replace(text))
	empty := put("empty.yaml", "")
	p, err := policy.Parse([]byte(own))
	if err != nil {
		t.Fatal(err)
	}
	table := "GOOD: ok, " + p.Version() + `, 5 classes, 31 run cards
  rank  class         answer  close  weight  pull limit  reserve  reach  travel     may              is                             promoted
  1     critical      7m      2h     1       none        0        city   emergency  divert, preempt  divertible, protected          -
  2     serious       12m     2h     7       10m         1        city   emergency  divert           divertible, protected          -
  3     non-critical  30m     3h     1       8m          1        city   routine    -                divertible                     -
  4     other-911     1h      4h     1       8m          1        city   routine    -                divertible                     -
  5     311           8h      24h    1       8m          2        city   routine    -                divertible, preemptible at 1m  to other-911 after 7h30m
  mutual aid: nassau, westchester at 5m
  decided together; leaving the way 30s, batch window 500ms, coverage none, covered within 8m
`
	mistakes := `BAD:14: class "serious": answer: "soon" is not a duration; write it as 45m, 8h or 1m30s
BAD:20: class "311": rank is 7, after a class of rank 4; no class has rank 5
`
	for _, c := range []struct {
		args   string
		code   int
		out    string // a part of standard output
		errOut string // a part of the one line on standard error
	}{
		{"policy check GOOD", 0, table, ""},
		{"policy check BAD", 2, mistakes, "BAD has mistakes"},
		{"policy check GOOD BAD EMPTY first-come", 2, table + mistakes + "EMPTY: the file is empty; begin with a copy of one that is built in\nfirst-come: ok, first-come@", "2 of 4 policies have mistakes"},
		{"policy check closest-idle", 0, "  decided in turn, by class and then age over target; leaving the way none", ""},
		{"policy check first-come", 0, "  decided in turn, by age; leaving", ""},
		{"policy check NONE", 2, "", "NONE: no such file or directory"},
		{"policy check DIR", 2, "", "DIR: is a directory"},
		{"policy check good", 2, "", `there is no built-in policy "good"; there are 311-first, 911-first, 911-first-slack, closest-idle, closest-idle-divert, first-come; name a file as ./good`},
		{"policy check", 2, "", "expected"},
		{"policy list", 0, "closest-idle         What many dispatch systems do", ""},
		{"policy show 911-first", 0, text, ""},
		{"policy show GOOD", 2, "", "there is no built-in policy"},
		{"city check GOOD", 0, "policy  own\n", ""},
		{"city check BAD", 1, `BAD: line 14: class "serious"`, "BAD has 2 faults"},
		{"demo --policy BAD", 2, "", `BAD: line 14: class "serious": answer: "soon" is not a duration; write it as 45m, 8h or 1m30s (and 1 more); callbox policy check BAD lists all mistakes`},
	} {
		names := strings.NewReplacer("GOOD", good, "BAD", bad, "EMPTY", empty, "NONE", filepath.Join(dir, "none"), "DIR", dir)
		code, o, e := inProcess(t, strings.Fields(names.Replace(c.args))...)
		if code != c.code || !strings.Contains(o, names.Replace(c.out)) || !strings.Contains(e, names.Replace(c.errOut)) {
			t.Errorf("%s\nends with %d\n%s\n%s", c.args, code, o, e)
		}
		if lines := strings.Count(e, "\n"); (code == 0) != (lines == 0) || lines > 1 {
			t.Errorf("%s: ends with %d and says %q", c.args, code, e)
		}
	}
}
