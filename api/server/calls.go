package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"
)

func (s *Server) assign(r *request) (*answer, error) {
	if err := r.only("candidates"); err != nil {
		return nil, err
	}
	candidates, err := r.number("candidates", 1, 100, 10)
	if err != nil {
		return nil, err
	}
	var req wire.AssignRequest
	if err := r.decode(&req); err != nil {
		return nil, err
	}
	if !req.DryRun {
		return s.write(r, func() (assign.Command, error) { return s.report(&req) }, receipt)
	}
	cmd, err := s.report(&req)
	if err != nil {
		return nil, err
	}
	ranking, err := s.engine.Rank(cmd, candidates)
	if err != nil {
		return nil, err
	}
	return ok(wire.DryReceipt(&ranking.Call, &ranking.Decision, ranking.Candidates)), nil
}

// report is the command that a request asks for, with the call's place looked
// up. A call that is there already keeps the place that it was received with,
// though the areas may be others now.
func (s *Server) report(q *wire.AssignRequest) (*assign.ReportCall, error) {
	cmd, err := q.Command()
	if err != nil || cmd.Location == nil {
		return cmd, err
	}
	known := false
	s.engine.View(func(v *engine.View) {
		if c := v.State().Call(cmd.ID); c != nil && c.Location == *cmd.Location {
			known, cmd.Cell, cmd.Areas = true, c.Cell, c.Areas
		}
	})
	if !known {
		cmd.Cell, cmd.Areas, err = s.locate(*cmd.Location, "call.location")
	}
	return cmd, err
}

func (s *Server) closeCall(r *request) (*answer, error) {
	return act(s, r, func(q *wire.CloseRequest) (assign.Command, error) { return q.Command(r.id) }, callAnswer)
}

func (s *Server) cancelCall(r *request) (*answer, error) {
	return act(s, r, func(q *wire.CancelRequest) (assign.Command, error) { return q.Command(r.id) }, callAnswer)
}

func callAnswer(out *engine.Outcome) any { return wire.CallOf(out.Call, out.At) }

func (s *Server) override(r *request) (*answer, error) {
	return act(s, r, func(q *wire.OverrideRequest) (assign.Command, error) { return q.Command() }, receipt)
}

func receipt(out *engine.Outcome) any { return wire.ReceiptOf(out.Call) }

func (s *Server) call(r *request) (*answer, error) {
	if err := r.plain(); err != nil {
		return nil, err
	}
	var a *answer
	now := s.engine.Now()
	s.engine.View(func(v *engine.View) {
		if c := v.State().Call(r.id); c != nil {
			a = ok(wire.CallOf(c, now))
		}
	})
	if a == nil {
		return nil, wire.Wrong(http.StatusNotFound, "unknown_call", "id",
			"there is no call %q in memory; closed calls beyond the newest %d are in the journal only", r.id, assign.KeepClosed)
	}
	return a, nil
}

func (s *Server) calls(r *request) (*answer, error) {
	if err := r.only("status", "area", "near", "radius_meters", "bbox", "cell", "limit", "after"); err != nil {
		return nil, err
	}
	limit, err := r.number("limit", 1, 1000, 100)
	if err != nil {
		return nil, err
	}
	var after uint64
	if text, there := r.query["after"]; there {
		if after, err = strconv.ParseUint(text, 10, 64); err != nil {
			return nil, badQuery("bad_parameter", "after", "after must be what the page before said")
		}
	}
	keep, err := callStatus(r.query["status"])
	if err != nil {
		return nil, err
	}
	where, err := s.where(r)
	if err != nil {
		return nil, err
	}
	list, now := wire.CallList{Calls: []wire.CallAnswer{}}, s.engine.Now()
	s.engine.View(func(v *engine.View) {
		found := v.Calls(where, after, limit+1, keep)
		for _, c := range found[:min(limit, len(found))] {
			list.Calls = append(list.Calls, wire.CallOf(c, now))
		}
		if len(found) > limit {
			list.After = next(found[limit-1].Opened)
		}
	})
	return ok(list), nil
}

// callStatus reads which calls a list is of. A call that has some of the units
// it needs is waiting and assigned.
func callStatus(status string) (func(*assign.Call) bool, error) {
	switch status {
	case "":
		return func(*assign.Call) bool { return true }, nil
	case "waiting":
		return func(c *assign.Call) bool { return c.Status() == assign.Waiting || c.Status() == assign.PartlyAssigned }, nil
	case "assigned":
		return func(c *assign.Call) bool { return c.Status() == assign.Assigned || c.Status() == assign.PartlyAssigned }, nil
	case "closed":
		return func(c *assign.Call) bool { return !c.Open() }, nil
	}
	return nil, badQuery("bad_parameter", "status", "status must be waiting, assigned or closed")
}

func (s *Server) decision(r *request) (*answer, error) {
	if err := r.only(); err != nil {
		return nil, err
	}
	seq, err := strconv.ParseUint(r.id, 10, 64)
	if err != nil {
		return nil, wire.Wrong(http.StatusBadRequest, "bad_id", "id", "a decision is named by its sequence number")
	}
	d, at, err := s.engine.Decision(context.Background(), seq)
	if errors.Is(err, engine.ErrNoDecision) {
		return nil, wire.Wrong(http.StatusNotFound, "unknown_decision", "id", "%v", err)
	} else if err != nil {
		return nil, err
	}
	return ok(wire.DecisionOf(seq, at, d)), nil
}

// clocks lists the open clocks, those due first in front. The cursor names the
// last one: when it is due, which it is, whose.
func (s *Server) clocks(r *request) (*answer, error) {
	if err := r.only("limit", "after", "at_risk"); err != nil {
		return nil, err
	}
	limit, err := r.number("limit", 1, 1000, 100)
	if err != nil {
		return nil, err
	}
	atRisk := r.query["at_risk"]
	if atRisk != "" && atRisk != "true" && atRisk != "false" {
		return nil, badQuery("bad_parameter", "at_risk", "at_risk must be true or false")
	}
	var all []wire.ClockState
	now := s.engine.Now()
	s.engine.View(func(v *engine.View) {
		for _, c := range v.State().OpenCalls() {
			for _, k := range wire.OpenClocks(c, now) {
				if atRisk == "" || k.AtRisk == (atRisk == "true") {
					all = append(all, k)
				}
			}
		}
	})
	slices.SortFunc(all, func(a, b wire.ClockState) int { return cmp.Compare(clockCursor(a), clockCursor(b)) })
	from, found := slices.BinarySearchFunc(all, r.query["after"], func(k wire.ClockState, after string) int { return cmp.Compare(clockCursor(k), after) })
	if found {
		from++
	}
	list := wire.ClockList{Clocks: all[from:min(from+limit, len(all))]}
	if from+limit < len(all) {
		list.After = next(clockCursor(list.Clocks[limit-1]))
	}
	return ok(list), nil
}

func clockCursor(k wire.ClockState) string {
	return strings.Join([]string{string(k.Due), k.Clock, k.Call}, "~")
}

func next(last any) *string {
	s := fmt.Sprint(last)
	return &s
}
