package assign_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"callbox/assign"
)

func closeRoad(id, geometry string, arcs ...uint32) *assign.CloseRoad {
	return &assign.CloseRoad{RoadClosed: assign.RoadClosed{ID: id, Geometry: geometry, Arcs: arcs, Length: 7, Graph: "g", By: "x", Reason: "fire"}}
}

func TestClosures(t *testing.T) {
	l := newLog(t)
	digest := l.state.Digest()
	for i, step := range []struct {
		command assign.Command
		want    string // kinds of the facts
		closed  string // ID, arcs and minutes of each closure in force
	}{
		{closeRoad("b", "line", 4, 5), "[road_closed]", "b [4 5] 0"},
		{closeRoad("b", "line", 4, 5), "[]", "b [4 5] 0"},
		{closeRoad("a", "line", 5), "[road_closed]", "a [5] 2, b [4 5] 0"},
		{closeRoad("b", "line", 9), "[road_closed]", "a [5] 2, b [9] 0"}, // the same line on other roads
		{closeRoad("b", "point", 9), "[road_closed]", "a [5] 2, b [9] 4"},
		{&assign.OpenRoad{ID: "a"}, "[road_opened]", "b [9] 4"},
		{&assign.OpenRoad{ID: "b"}, "[road_opened]", ""},
	} {
		if got := fmt.Sprint(l.do(noon.Add(time.Duration(i)*time.Minute), step.command)); got != step.want {
			t.Errorf("step %d: facts %v, want %v", i, got, step.want)
		}
		var closed []string
		for _, c := range l.state.Closures() {
			closed = append(closed, fmt.Sprint(c.ID, " ", c.Arcs, " ", c.Since.Sub(noon).Minutes()))
			if l.state.Closure(c.ID) != c {
				t.Errorf("step %d: closure %s is not found", i, c.ID)
			}
		}
		if got := strings.Join(closed, ", "); got != step.closed {
			t.Errorf("step %d: closed are %s, want %s", i, got, step.closed)
		}
		if step.want != "[]" {
			if l.state.Digest() == digest {
				t.Errorf("step %d is not in the digest", i)
			}
			digest = l.state.Digest()
		}
	}
	l.refused(l.state.Now(), &assign.OpenRoad{ID: "a"}, "unknown_closure")
	if err := l.state.Apply(assign.Recorded{Seq: l.state.Seq() + 1, At: l.state.Now(), Fact: &assign.RoadOpened{ID: "a"}}); err == nil {
		t.Error("a closure that is not there was opened")
	}
}

func TestClosuresAreBounded(t *testing.T) {
	l := newLog(t)
	many := make([]uint32, assign.MaxArcs)
	l.refused(noon, closeRoad("a", strings.Repeat("x", assign.MaxClosureText+1)), "geometry_too_large")
	l.refused(noon, closeRoad("a", "x", append(many, 1)...), "too_many_arcs")
	l.refused(noon, closeRoad("a", "\xff"), "not_utf8")
	l.do(noon, closeRoad("a", "x", many...))
	l.do(noon, closeRoad("b", "x", many...))
	l.refused(noon, closeRoad("c", "x", 1), "too_many_closures")
	l.do(noon, closeRoad("b", "x", many[1:]...)) // in its own place
	l.do(noon, closeRoad("c", "x", 1))
	for i := range assign.MaxClosures - 3 {
		l.do(noon, closeRoad(fmt.Sprint(i), "x"))
	}
	l.refused(noon, closeRoad("d", "x"), "too_many_closures")
	l.do(noon, &assign.OpenRoad{ID: "0"})
	l.do(noon, closeRoad("d", "x"))
	if !slices.IsSortedFunc(l.state.Closures(), func(a, b *assign.Closure) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the closures are in disorder")
	}
}
