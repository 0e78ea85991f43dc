package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"callbox/assign"
	"callbox/assign/engine"
	"callbox/geo/road/roadtest"
)

// TestStandby follows a journal while another engine writes it, and takes over:
// it then holds what that one held, whose next frame is refused.
func TestStandby(t *testing.T) {
	town := roadtest.Draw(t, "a-b-c-d")
	b := newBench(t, town, "911-first")
	ctx, config := context.Background(), b.config()
	config.TakeOver = true
	prepare := func() *engine.Standby {
		s, err := engine.Prepare(ctx, config)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	b.do(signOn("u1", town.At("b"), noon))
	standby, late := prepare(), prepare()
	for i := range 3 {
		b.do(report(t, fmt.Sprint("beside", i), "10-30", town.At("c")))
		if err := standby.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := late.TakeOver(); !errors.Is(err, assign.ErrSequence) {
		t.Errorf("one that has not read to the end took over: %v", err)
	}
	second, err := standby.TakeOver()
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	_, err = b.engine.Do(engine.Request{Command: report(t, "late", "10-30", town.At("c"))})
	if <-b.engine.Stopped(); !errors.Is(err, engine.ErrUnavailable) || !errors.Is(b.engine.Err(), assign.ErrSequence) {
		t.Errorf("the engine that was taken over from answered %v and stopped for %v", err, b.engine.Err())
	}
	if _, err := second.Do(engine.Request{Command: &assign.SetStatus{Unit: "u1", Status: assign.OnScene, Call: "beside0"}}); err != nil {
		t.Error(err)
	}
	second.View(func(v *engine.View) {
		for id, want := range map[string]bool{"beside0": true, "beside2": true, "late": false} {
			if got := v.State().Call(id) != nil; got != want {
				t.Errorf("call %s is there: %v", id, got)
			}
		}
		if got := v.State().Digest(); got != b.logged() {
			t.Errorf("it holds %s, the journal %s", got, b.logged())
		}
	})
	second.Finish()
	if _, err := second.Do(engine.Request{Command: report(t, "more", "10-30", town.At("c"))}); !errors.Is(err, engine.ErrUnavailable) {
		t.Errorf("an engine that has finished answered %v", err)
	}
}
