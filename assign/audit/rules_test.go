package audit

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"callbox/assign"
)

// The rules are written a second time here. Compared with the core's on random
// policies, they are the same rules.

func randomPolicy(r *rand.Rand) *assign.Policy {
	p := &assign.Policy{}
	if r.IntN(2) == 0 {
		p.MutualAid = &assign.MutualAid{Areas: []string{"nassau"}}
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		p.Classes = append(p.Classes, assign.Class{
			Name: name, Rank: r.IntN(4), Reach: assign.Tier(r.IntN(4)),
			Answer: time.Duration(r.IntN(5000)) * time.Millisecond, PullLimit: time.Duration(r.IntN(5000)) * time.Millisecond,
			MayDivert: r.IntN(2) == 0, MayPreempt: r.IntN(2) == 0, Divertible: r.IntN(2) == 0, Preemptible: r.IntN(2) == 0,
		})
	}
	return p
}

func TestRulesAreThoseOfTheCore(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	pick := func(names ...string) string { return names[r.IntN(len(names))] }
	areas := func() []string {
		return [][]string{nil, {"75A", "75"}, {"75B", "75"}, {"76A", "76"}, {"75"}, {"nassau"}}[r.IntN(6)]
	}
	for range 20_000 {
		p := randomPolicy(r)
		a := New(Order{}, func(Finding) {})
		a.policy = *p
		at := assign.Instant(r.IntN(30_000))
		mine := func() (*call, *assign.Call) {
			c := &assign.Call{Class: pick("a", "b", "c", "d"), Promoted: pick("", "", "a", "b"), Areas: areas(), ReceivedAt: at - assign.Instant(r.IntN(20_000))}
			return &call{class: c.Class, promoted: c.Promoted, areas: c.Areas, received: c.ReceivedAt}, c
		}
		x, c := mine()
		y, d := mine()
		if got, want := a.policyRank(x), p.RankOf(c); got != want {
			t.Fatalf("%+v: the rank of %+v is %d, want %d", p.Classes, c, got, want)
		}
		way := time.Duration(r.IntN(20_000)) * time.Millisecond
		class := p.Class(c.Class)
		limit := class.Pull(at.Sub(c.ReceivedAt))
		if got, want := a.beyond(x, way, at), limit > 0 && way > limit; got != want && class.PullLimit > 0 {
			t.Fatalf("%v away at an age of %v, target %v, limit %v: beyond it is %t, want %t", way, at.Sub(c.ReceivedAt), class.Answer, class.PullLimit, got, want)
		}
		u := &unit{areas: areas()}
		tier, known := p.TierOf(u.areas, c.Areas)
		if got, want := a.reaches(u, x), known && tier <= class.Reach || !known && class.Reach >= assign.City; got != want {
			t.Fatalf("a unit of %v is within reach %v of a call in %v: %t, want %t", u.areas, class.Reach, c.Areas, got, want)
		}
		for how, status := range map[assign.AssignmentEnd]assign.UnitStatus{assign.Diverted: assign.EnRoute, assign.Preempted: assign.OnScene} {
			if got, want := a.mayTake(x, y, how), p.MayTake(d, c, status); (got == "") != want {
				t.Fatalf("%+v: a unit may be %s from %+v for %+v: %q, want %t", p.Classes, how, c, d, got, want)
			}
		}
	}
}

func TestOrders(t *testing.T) {
	o, err := ParseOrder("a, b=c,311")
	if err != nil || o.rank["a"] != 1 || o.rank["b"] != 2 || o.rank["c"] != 2 || o.rank["311"] != 3 || o.rank["d"] != 0 {
		t.Errorf("%v, %v", o, err)
	}
	for _, bad := range []string{"", "a,", "a,,b", "a=", "a,b,a", "a=a"} {
		if o, err := ParseOrder(bad); err == nil {
			t.Errorf("%q is read as %v", bad, o)
		}
	}
}

// What is kept of closed calls is bounded, and it is the newest.
func TestClosedCallsAreForgotten(t *testing.T) {
	r := recent{is: make(map[string]bool)}
	for i := range assign.KeepClosed + 10 {
		r.add(strconv.Itoa(i))
	}
	if len(r.is) != assign.KeepClosed || len(r.order) != assign.KeepClosed || r.is["9"] || !r.is["10"] {
		t.Errorf("%d and %d are kept", len(r.is), len(r.order))
	}
}
