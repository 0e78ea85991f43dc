package audit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"callbox/assign"
	"callbox/assign/audit"
	"callbox/assign/engine"
	"callbox/assign/policy"
	"callbox/geo"
	"callbox/geo/road/roadtest"
	"callbox/geo/route"
)

var noon = assign.InstantOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))

// judge audits a log by the reference order.
func judge(t testing.TB, facts []assign.Recorded) ([]audit.Finding, audit.Report) {
	t.Helper()
	return judgeBy(t, facts, audit.Reference)
}

func judgeBy(t testing.TB, facts []assign.Recorded, order string) (findings []audit.Finding, r audit.Report) {
	t.Helper()
	o, err := audit.ParseOrder(order)
	if err != nil {
		t.Fatal(err)
	}
	a := audit.New(o, func(f audit.Finding) { findings = append(findings, f) })
	for _, r := range facts {
		a.Read(r)
	}
	return findings, a.Close()
}

// drive has an engine carry out random commands in a drawn town, and gives what
// it wrote down.
func drive(t testing.TB, seed uint64, policyName string, steps int) []assign.Recorded {
	t.Helper()
	town := roadtest.Draw(t, `
a-b-c-d-e
| v | ^ |
f-g=h=i-j
|   ^   |
k-l>m-n-o
`)
	network, err := route.Prepare(town.Graph, route.Order(town.Graph, nil))
	if err != nil {
		t.Fatal(err)
	}
	p, text, err := policy.Named(policyName)
	if err != nil {
		t.Fatal(err)
	}
	clock := engine.NewManual(noon)
	e, err := engine.Open(context.Background(), engine.Config{
		Journal: &engine.Memory{}, Clock: clock, Advisor: policy.Advisor{}, Travel: network.Units(),
		Start:  assign.Started{Engine: "test", City: "town", Areas: "none", Roads: "none"},
		Policy: assign.AdoptPolicy{Policy: p, Source: text, Reason: "test"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	dice := &dice{Rand: rand.New(rand.NewPCG(seed, 0)), town: town}
	for now := noon; steps > 0; steps-- {
		now = now.Add(time.Duration(dice.IntN(90)) * time.Second)
		clock.Set(now)
		if _, err := e.Do(engine.Request{Command: dice.command(now)}); err != nil && !errors.As(err, new(*assign.Refusal)) {
			t.Fatal(err)
		}
	}
	var facts []assign.Recorded
	for r, err := range e.Log(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, r)
	}
	return facts
}

type dice struct {
	*rand.Rand
	town  *roadtest.Town
	calls int // reported so far
}

func pick[T any](d *dice, of ...T) T { return of[d.IntN(len(of))] }

func (d *dice) place() geo.Point { return d.town.At(string(rune('a' + d.IntN(15)))) }
func (d *dice) unit() string     { return fmt.Sprint("u", 1+d.IntN(8)) }
func (d *dice) call() string     { return fmt.Sprint("c", max(1, d.calls-d.IntN(12))) } // one of the newest

func (d *dice) command(now assign.Instant) assign.Command {
	switch d.IntN(14) {
	case 0, 1, 2:
		return &assign.SignOn{
			Unit: d.unit(), Fix: &assign.Fix{At: d.place(), Since: now}, Areas: []string{"75A", "75"},
			Capabilities: pick(d, []string{"patrol"}, []string{"patrol"}, []string{"k9", "patrol"}, []string{"k9"}, nil),
		}
	case 3, 4, 5:
		at := d.place()
		d.calls++
		c := &assign.ReportCall{
			ID: fmt.Sprint("c", d.calls), Location: &at, Cell: "892a1072b5bffff", Areas: []string{"75B", "75"},
			Type: pick(d, "10-30", "10-13", "10-54", "10-34", "10-39", "noise"), Source: pick(d, assign.Source911, assign.Source311),
		}
		if d.IntN(4) == 0 {
			c.Needs = []assign.Need{{Capabilities: []string{"patrol"}, Count: 1}, {Capabilities: []string{"k9"}, Count: 1}}
		}
		return c
	case 6, 7, 8, 9, 10:
		return &assign.SetStatus{Unit: d.unit(), Status: pick(d, assign.EnRoute, assign.OnScene, assign.OnScene,
			assign.Available, assign.Available, assign.Available, assign.OutOfService, assign.OffDuty)}
	case 11:
		return &assign.CancelCall{Call: d.call(), Reason: "test"}
	case 12:
		return &assign.CloseCall{Call: d.call(), Disposition: "done"}
	default:
		return &assign.Override{Call: d.call(), Unit: d.unit(), Order: assign.Order{By: "Sgt. Rivera", Reason: "by voice"}}
	}
}
