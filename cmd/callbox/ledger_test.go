package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"callbox/api/wire"
)

// at is so many seconds into a test.
func at(s int) wire.Instant { return wire.Instant(fmt.Sprintf("2026-01-01T00:00:%02d.000Z", s)) }

func TestOverlapsAreFound(t *testing.T) {
	good := []span{{"u1", "a", at(1), at(5), true}, {"u1", "b", at(5), at(5), true}, {"u1", "c", at(5), "", true}, {"u2", "d", at(1), "", true}}
	if faults := overlaps(good); len(faults) > 0 {
		t.Errorf("good spans: %v", faults)
	}
	for _, bad := range [][]span{
		{{"u1", "a", at(1), at(5), true}, {"u1", "b", at(4), at(9), true}},
		{{"u1", "a", at(1), at(5), true}, {"u1", "b", at(4), at(9), false}},
		{{"u1", "a", at(1), at(5), false}, {"u1", "b", at(4), at(9), true}},
		{{"u1", "a", at(1), "", true}, {"u1", "b", at(4), at(9), true}},
		{{"u1", "a", at(1), "", true}, {"u1", "b", at(1), "", true}},
		{{"u1", "a", at(1), "", false}, {"u1", "b", at(2), at(3), false}, {"u1", "c", at(4), at(5), true}}, // not neighbours
	} {
		if faults := overlaps(bad); len(faults) != 1 {
			t.Errorf("%v: %v", bad, faults)
		}
	}
	others := []span{{"u1", "a", at(1), at(5), false}, {"u1", "b", at(4), at(9), false}, {"u1", "c", at(9), "", true}}
	if faults := overlaps(others); len(faults) > 0 {
		t.Errorf("what others do is none of ours: %v", faults)
	}
}

// The sweep finds a fault wherever comparing each with each does.
func TestOverlapsAgainstEachWithEach(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	faulty := 0
	for range 5000 {
		var spans []span
		for i := range 2 + random.IntN(6) {
			from := random.IntN(30)
			s := span{fmt.Sprint("u", random.IntN(2)), fmt.Sprint("c", i), at(from), at(from + 1 + random.IntN(8)), random.IntN(2) == 0}
			if random.IntN(8) == 0 {
				s.until = ""
			}
			spans = append(spans, s)
		}
		want := false
		for i, a := range spans {
			for _, b := range spans[i+1:] {
				want = want || a.unit == b.unit && (a.ours || b.ours) && a.from < b.end() && b.from < a.end()
			}
		}
		if want {
			faulty++
		}
		if got := overlaps(slices.Clone(spans)); (len(got) > 0) != want {
			t.Fatalf("%v: found %v, want any %t", spans, got, want)
		}
	}
	if faulty < 1000 || faulty > 4000 {
		t.Errorf("%d of 5000 cases are faulty; that tests little", faulty)
	}
}

// A server with other traffic may have forgotten calls of ours: the first that
// were closed, and only if it is full.
func TestForgottenCallsAreNotChecked(t *testing.T) {
	second := func(s int) time.Time { return time.Unix(int64(s), 0) }
	newLedger := func() *ledger {
		l := newLedger()
		for i, call := range []string{"first", "second", "third"} {
			l.calls[call] = entry{asked: second(10 * i), closed: second(10*i + 1)}
		}
		l.closing("unanswered", second(5))
		l.accepted("open", second(1))
		return l
	}
	closed := wire.CallAnswer{Status: "closed"}
	for _, c := range []struct {
		name      string
		found     map[string]wire.CallAnswer
		forgetful bool
		faults    int
		unchecked int
	}{
		{"all are there", map[string]wire.CallAnswer{"first": closed, "second": closed, "third": closed, "unanswered": closed, "open": {}}, true, 0, 0},
		{"the first are forgotten", map[string]wire.CallAnswer{"second": closed, "third": closed, "open": {}}, true, 0, 2},
		{"all closed ones are", map[string]wire.CallAnswer{"open": {}}, true, 0, 4},
		{"the server is not full", map[string]wire.CallAnswer{"second": closed, "third": closed, "open": {}}, false, 2, 0},
		{"a later one is gone", map[string]wire.CallAnswer{"first": closed, "second": closed, "unanswered": closed, "open": {}}, true, 1, 0},
		{"an open one is gone", map[string]wire.CallAnswer{"first": closed, "second": closed, "third": closed, "unanswered": closed}, true, 1, 0},
		{"one is open again", map[string]wire.CallAnswer{"first": {}, "second": closed, "third": closed, "unanswered": closed, "open": {}}, true, 1, 0},
	} {
		l := newLedger()
		if faults := l.compare(c.found, c.forgetful); len(faults) != c.faults || l.unchecked != c.unchecked || l.checked != 5-c.unchecked {
			t.Errorf("%s: faults %v, %d checked, %d not", c.name, faults, l.checked, l.unchecked)
		}
	}
}

// Whatever the rate, so many positions are due after ten seconds.
func TestPositionsKeepTheirRate(t *testing.T) {
	for rate, want := range map[float64]int{0.1: 1, 0.5: 5, 1: 10, 3: 30, 9.9: 99, 10: 100, 15: 150, 1200: 12_000, 1205: 12_050} {
		sum := 0
		for beat := range 10 * beats {
			sum += batch(rate, beat)
		}
		if sum != want {
			t.Errorf("at %v a second %d are sent in 10 s, want %d", rate, sum, want)
		}
	}
}

// What was answered has to be there: the unit of a call too. The longest pause is
// between two answers, or before the first.
func TestAnswersAreChecked(t *testing.T) {
	second := func(s int) time.Time { return time.Unix(int64(s), 0) }
	l := newLedger()
	l.accepted("b", second(9), "u1", "u2")
	l.accepted("a", second(4))
	l.closing("b", second(10))
	found := map[string]wire.CallAnswer{"a": {ID: "a"}, "b": {ID: "b", Assignments: []wire.Assignment{{Unit: "u2"}, {Unit: "u1"}}}}
	if faults := l.compare(found, false); len(faults) > 0 {
		t.Error(faults)
	}
	found["b"] = wire.CallAnswer{ID: "b", Assignments: []wire.Assignment{{Unit: "u2"}}}
	if faults := l.compare(found, false); len(faults) != 1 {
		t.Error(faults)
	}
	if got := l.pause(second(1)); got != 5*time.Second {
		t.Errorf("the longest pause is %v", got)
	}
	if got := l.pause(second(-2)); got != 6*time.Second {
		t.Errorf("with a late start it is %v", got)
	}
}
