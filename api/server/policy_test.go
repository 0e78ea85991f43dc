package server

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"callbox/api/wire"
	"callbox/assign/policy"
)

func (b *bench) policy() (a wire.PolicyAnswer) {
	b.t.Helper()
	b.do("GET", "/v1/policy", nil, &a)
	return a
}

func TestPolicyInForce(t *testing.T) {
	b := newBench(t)
	p := b.policy()
	if p.Name != "town" || p.Description != "For tests." || p.Reason != "test" || p.By != "" || p.EffectiveAt != wire.InstantOf(noon) || p.YAML != rules || !slices.Equal(p.Builtin, policy.Builtin()) {
		t.Errorf("got %s", wire.Encode(p))
	}
	want := wire.ClassAnswer{Name: "critical", Rank: 1, AnswerSeconds: 420, CloseSeconds: 7200, Weight: 1, Reach: "city", Travel: "emergency"}
	if p.Classes[0] != want || p.Classes[4].Rank != 5 || *p.Classes[4].PullLimitSeconds != 900 {
		t.Errorf("classes %s", wire.Encode(p.Classes))
	}
}

// All that a file can say is in the answer, beside its text.
func TestPolicyIsShownInFull(t *testing.T) {
	b := newBench(t)
	text := strings.NewReplacer(
		"name: critical,", "name: critical, rank: 1, may_divert: true, may_preempt: true, protected: true,", "name: serious,", "name: serious, rank: 2, weight: 3,",
		"name: non-critical,", "name: non-critical, rank: 2, divertible: true,", "name: other-911,", "name: other-911, rank: 3, reserve: 2,",
		`name: "311",`, `name: "311", rank: 4, reserve: 4, preemptible: true, leave_scene: 1m30s, promote: {after: 7h, to: other-911},`,
		"reach: city, travel", "reach: mutual_aid, travel", "city: 0s}", "city: 0s, mutual_aid: 5m}\nmutual_aid: [nassau]",
	).Replace(rules) + "solver: {batch_window: 500ms, leave_way: 30s, coverage: 2s}\n"
	b.do("PUT", "/v1/policy", wire.PolicyRequest{YAML: text, Reason: "R"}, nil)
	p := b.policy()
	got := string(wire.Encode(p.Classes)) + string(wire.Encode(p.MutualAid)) + string(wire.Encode(p.Solver))
	const want = `[{"name":"critical","rank":1,"answer_seconds":420,"close_seconds":7200,"weight":1,"pull_limit_seconds":null,"reach":"mutual_aid","travel":"emergency","reserve":0,` +
		`"may_divert":true,"may_preempt":true,"divertible":false,"preemptible":false,"leave_scene_seconds":0,"protected":true,"promote":null},` +
		`{"name":"serious","rank":2,"answer_seconds":720,"close_seconds":7200,"weight":3,"pull_limit_seconds":1200,"reach":"mutual_aid","travel":"emergency","reserve":0,` +
		`"may_divert":false,"may_preempt":false,"divertible":false,"preemptible":false,"leave_scene_seconds":0,"protected":false,"promote":null},` +
		`{"name":"non-critical","rank":2,"answer_seconds":1800,"close_seconds":10800,"weight":1,"pull_limit_seconds":900,"reach":"city","travel":"routine","reserve":0,` +
		`"may_divert":false,"may_preempt":false,"divertible":true,"preemptible":false,"leave_scene_seconds":0,"protected":false,"promote":null},` +
		`{"name":"other-911","rank":3,"answer_seconds":3600,"close_seconds":14400,"weight":1,"pull_limit_seconds":900,"reach":"city","travel":"routine","reserve":2,` +
		`"may_divert":false,"may_preempt":false,"divertible":false,"preemptible":false,"leave_scene_seconds":0,"protected":false,"promote":null},` +
		`{"name":"311","rank":4,"answer_seconds":28800,"close_seconds":86400,"weight":1,"pull_limit_seconds":900,"reach":"city","travel":"routine","reserve":4,` +
		`"may_divert":false,"may_preempt":false,"divertible":false,"preemptible":true,"leave_scene_seconds":90,"protected":false,"promote":{"after_seconds":25200,"to":"other-911"}}]` +
		`{"areas":["nassau"],"cost_seconds":300}` +
		`{"decide":"together","order":null,"batch_window_seconds":0.5,"leave_way_seconds":30,"coverage_seconds":2,"cover_within_seconds":480}`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for name, order := range map[string]string{"first-come": "age", "closest-idle": "class"} {
		b.do("PUT", "/v1/policy", wire.PolicyRequest{Name: name, Reason: "R"}, nil)
		if s := b.policy().Solver; s.Decide != "in_turn" || s.Order == nil || *s.Order != order {
			t.Errorf("%s: %s", name, wire.Encode(s))
		}
	}
}

// Units of other agencies sign on as of an area that the policy in force lists.
func TestMutualAidSignsOn(t *testing.T) {
	b := newBench(t)
	const unit = `{"area":"nassau","capabilities":["patrol"]}`
	p := b.no("PUT", "/v1/units/N1", unit, 422, "unknown_area", "area")
	if !strings.Contains(p.Detail, "GET /v1/policy") {
		t.Errorf("detail %q", p.Detail)
	}
	text := strings.NewReplacer("city: 0s}", "city: 0s, mutual_aid: 5m}\nmutual_aid: [westchester, nassau]").Replace(rules)
	b.do("PUT", "/v1/policy", wire.PolicyRequest{YAML: text, Reason: "storm"}, nil)
	var u wire.UnitAnswer
	b.do("PUT", "/v1/units/N1", unit, &u)
	if u.Area == nil || *u.Area != "nassau" {
		t.Errorf("got %s", wire.Encode(u))
	}
	b.no("PUT", "/v1/units/N2", `{"area":"suffolk"}`, 422, "unknown_area", "area")
	b.do("PUT", "/v1/policy", `{"name":"911-first","reason":"the storm is over"}`, nil)
	b.no("PUT", "/v1/units/N2", unit, 422, "unknown_area", "area")
}

func TestPolicyIsAdopted(t *testing.T) {
	b := newBench(t)
	b.clock.Set(noon.Add(time.Hour))
	custom := strings.Replace(rules, "name: town", "name: custom", 1)
	for name, adopt := range map[string]func(*wire.PolicyAnswer) reply{
		"311-first": func(a *wire.PolicyAnswer) reply {
			return b.do("PUT", "/v1/policy", `{"name":"311-first","by":"Insp. Okafor","reason":"order 1"}`, a)
		},
		"custom": func(a *wire.PolicyAnswer) reply {
			return b.do("PUT", "/v1/policy", wire.PolicyRequest{YAML: custom, By: "Insp. Okafor", Reason: "order 1"}, a)
		},
		"custom, raw": func(a *wire.PolicyAnswer) reply {
			return b.do("PUT", "/v1/policy?by=Insp.+Okafor&reason=order%201", custom, a, "Content-Type: Application/YAML; charset=utf-8")
		},
	} {
		var a wire.PolicyAnswer
		adopt(&a)
		if a.Name != strings.TrimSuffix(name, ", raw") || a.By != "Insp. Okafor" || a.Reason != "order 1" || a.EffectiveAt != wire.InstantOf(noon.Add(time.Hour)) {
			t.Errorf("%s: got %s", name, wire.Encode(a))
		}
		if got := b.policy(); string(wire.Encode(got)) != string(wire.Encode(a)) {
			t.Errorf("%s: in force is %s", name, wire.Encode(got))
		}
		if r := b.report("", "10-30", corner(0, 0)); !strings.HasPrefix(r.Policy, a.Name+"@"+a.Hash[:12]) {
			t.Errorf("%s: a receipt says %s", name, r.Policy)
		}
	}
	b.restart()
	if b.policy().Reason != "order 1" {
		t.Error("the policy is forgotten at a restart")
	}
}

func TestPolicyKeepsTheClassesOfOpenCalls(t *testing.T) {
	b := newBench(t)
	b.report("c1", "10-30", corner(0, 0))
	renamed := strings.ReplaceAll(rules, "critical", "gravest")
	p := b.no("PUT", "/v1/policy", wire.PolicyRequest{YAML: renamed, Reason: "R"}, 409, "class_in_use", "policy")
	if !strings.Contains(p.Detail, "c1") || !strings.Contains(p.Detail, `"critical"`) {
		t.Errorf("detail %q", p.Detail)
	}
	b.do("POST", "/v1/calls/c1/cancel", `{"reason":"x"}`, nil)
	b.do("PUT", "/v1/policy", wire.PolicyRequest{YAML: renamed, Reason: "R"}, nil)
	if r := b.report("c2", "10-30", corner(0, 0)); r.Class != "gravest" {
		t.Errorf("got %+v", r)
	}
}

func TestBadPolicies(t *testing.T) {
	b := newBench(t)
	const good = rules
	for _, c := range []struct{ old, new, detail string }{
		{"name: town", "name: two words", "line 1"},
		{"answer: 7m", "answer: soon", "line 4"},
		{"run_cards:", "run_cads:", "line 9"},
		{"classes:", "\tclasses:", "line 3"},
	} {
		text := strings.Replace(good, c.old, c.new, 1)
		for _, p := range []wire.Problem{
			b.no("PUT", "/v1/policy", wire.PolicyRequest{YAML: text, Reason: "R"}, 422, "bad_policy", ""),
			b.no("PUT", "/v1/policy?reason=R", text, 422, "bad_policy", "", "Content-Type: application/yaml"),
		} {
			if !strings.Contains(p.Detail, c.detail) {
				t.Errorf("%s: %q does not name %s", c.new, p.Detail, c.detail)
			}
		}
	}
	many := strings.NewReplacer("name: town", "name: two words", "answer: 7m", "answer: soon", "count: 2", "count: two").Replace(good)
	p := b.no("PUT", "/v1/policy", wire.PolicyRequest{YAML: many, Reason: "R"}, 422, "bad_policy", "")
	if lines := strings.Split(p.Detail, "\n"); len(lines) != 3 || !strings.HasPrefix(lines[0], "line 1: ") || !strings.HasPrefix(lines[1], "line 4: ") || !strings.HasPrefix(lines[2], "line 11: ") {
		t.Errorf("many mistakes: %q", p.Detail)
	}
	var wide strings.Builder // UTF-16, which YAML allows and the journal does not
	for _, u := range utf16.Encode([]rune("\ufeff" + good)) {
		wide.WriteByte(byte(u))
		wide.WriteByte(byte(u >> 8))
	}
	yaml := "Content-Type: application/yaml"
	b.no("PUT", "/v1/policy?reason=R", wide.String(), 400, "not_utf8", "", yaml, key)
	b.no("PUT", "/v1/policy?reason=R", good+"\n# \xff", 400, "not_utf8", "", yaml, key)
	b.no("PUT", "/v1/policy?reason=%ff", good, 400, "not_utf8", "reason", yaml, key)
	b.no("PUT", "/v1/policy?reason=R", good+strings.Repeat("#", policy.MaxFile), 422, "bad_policy", "", yaml)
	b.no("PUT", "/v1/policy", good, 400, "field_missing", "reason", yaml)
	b.no("PUT", "/v1/policy?reason=R", "", 400, "field_missing", "name", yaml)
	b.no("PUT", "/v1/policy", `{"name":"no-such","reason":"R"}`, 422, "bad_policy", "")
	b.no("PUT", "/v1/policy", `{"name":"../../secret","reason":"R"}`, 422, "bad_policy", "")
	b.no("PUT", "/v1/policy", `{"name":"311-first"}`, 400, "field_missing", "reason")
	b.no("PUT", "/v1/policy", `{"name":"311-first","yaml":"x","reason":"R"}`, 400, "field_missing", "name")
	b.no("PUT", "/v1/policy", good, 415, "unsupported_media_type", "Content-Type", "Content-Type: text/plain")
	b.no("PUT", "/v1/policy?why=x", `{"name":"311-first","reason":"R"}`, 400, "unknown_parameter", "why")
}
