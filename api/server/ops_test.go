package server

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"callbox/api/wire"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

func TestHealthAndReady(t *testing.T) {
	journal := &brokenJournal{}
	b := newBench(t, func(b *bench) { b.journal = journal })
	b.signOn("u1", corner(0, 0))
	b.report("c1", "10-54", corner(1, 0))
	var ready wire.Ready
	b.do("GET", "/readyz", nil, &ready)
	if ready.Status != "ready" || ready.Seq != b.seq() || !strings.HasPrefix(ready.Policy, "town@") || ready.Areas != 4 || ready.Units != 1 || ready.OpenCalls != 1 || len(ready.Roads) < 8 {
		t.Errorf("got %+v", ready)
	}
	journal.broken.Store(true)
	ctx := context.Background()
	for range 2 { // the write that breaks it, and one after
		r := b.send(ctx, "POST", "/v1/assign", someCall)
		if r.status != http.StatusServiceUnavailable || !strings.Contains(string(r.body), `"code":"unavailable"`) || r.header.Get("Retry-After") == "" {
			t.Errorf("a write that the journal does not take: %d %s", r.status, r.body)
		}
	}
	if r := b.send(ctx, "GET", "/readyz", nil); r.status != http.StatusServiceUnavailable {
		t.Errorf("ready without a journal: %d %s", r.status, r.body)
	}
	if r := b.do("GET", "/healthz", nil, nil); string(r.body) != `{"status":"alive"}` {
		t.Errorf("got %s", r.body)
	}
	if c := b.call("c1"); c.ID != "c1" { // readers go on
		t.Errorf("got %s", wire.Encode(c))
	}
}

// With more work waiting than it takes, the server says so at once, and nothing
// of what it refuses is carried out.
func TestBusy(t *testing.T) {
	journal := &slowJournal{}
	b := newBench(t, func(b *bench) { b.journal = journal })
	b.signOn("u1", corner(0, 0))
	release := journal.hold(t)
	var asked sync.WaitGroup
	var busy atomic.Int64
	ask := func(path, body string) {
		asked.Go(func() {
			r := b.send(context.Background(), "POST", path, body)
			switch {
			case r.status == http.StatusOK:
			case r.status == http.StatusServiceUnavailable && r.header.Get("Retry-After") == "1" && strings.Contains(string(r.body), `"code":"busy"`):
				busy.Add(1)
			default:
				t.Errorf("got %d %s", r.status, r.body)
			}
		})
	}
	ask("/v1/assign", someCall)
	eventually(t, "the frame reaches the journal", func() bool { return journal.waiting.Load() == 1 })
	for range 300 {
		ask("/v1/positions", `[{"unit":"u1","lat":40.7,"lon":-74}]`)
	}
	eventually(t, "some are refused", func() bool { return busy.Load() == 300-256 })
	ask("/v1/assign", someCall) // has a queue of its own
	release()
	asked.Wait()
	if n := b.engine.Stats().Shed; n != busy.Load() {
		t.Errorf("%d were refused, %d are counted", busy.Load(), n)
	}
}

func TestMetrics(t *testing.T) {
	b := newBench(t)
	b.signOn("unit-7f3a", corner(0, 0))
	b.report("call-9c1d", "10-54", corner(1, 0))
	b.report("call-2e8b", "10-54", corner(1, 0))
	b.no("GET", "/v1/calls/no-such-call", nil, 404, "unknown_call", "id")
	b.no("GET", "/no-such-path", nil, 404, "no_such_path", "")
	b.no("BREW", "/v1/calls", nil, 405, "method_not_allowed", "")
	r := b.do("GET", "/metrics", nil, nil)
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	value := func(name string, labels ...string) (sum float64) {
		for _, m := range families[name].GetMetric() {
			if has(m, labels) {
				sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			}
		}
		return sum
	}
	for _, c := range []struct {
		want   float64
		name   string
		labels []string
	}{
		{1, "callbox_calls", []string{"status", "assigned"}},
		{1, "callbox_calls", []string{"status", "waiting"}},
		{1, "callbox_units", []string{"status", "dispatched"}},
		{1, "callbox_ready", nil},
		{2, "callbox_http_request_duration_seconds", []string{"route", "/v1/assign", "status", "200", "method", "POST"}},
		{1, "callbox_http_request_duration_seconds", []string{"route", "/v1/calls/{id}", "status", "404"}},
		{1, "callbox_http_request_duration_seconds", []string{"route", "none", "status", "404"}},
		{1, "callbox_http_request_duration_seconds", []string{"route", "none", "status", "405", "method", "other"}},
		{0, "callbox_http_panics_total", nil},
		{float64(b.seq()), "callbox_journal_facts_total", nil},
	} {
		if got := value(c.name, c.labels...); got != c.want {
			t.Errorf("%s%v is %v, want %v", c.name, c.labels, got, c.want)
		}
	}
	for name := range families {
		if !strings.HasPrefix(name, "callbox_") {
			t.Errorf("%s is nobody's", name)
		}
	}
	for _, id := range []string{"7f3a", "9c1d", "2e8b", "no-such"} {
		if bytes.Contains(r.body, []byte(id)) {
			t.Errorf("%s is in the metrics", id)
		}
	}
}

// has reports whether a metric has these names and values of labels.
func has(m *dto.Metric, labels []string) bool {
	for i := 0; i < len(labels); i += 2 {
		found := false
		for _, l := range m.GetLabel() {
			found = found || l.GetName() == labels[i] && l.GetValue() == labels[i+1]
		}
		if !found {
			return false
		}
	}
	return true
}

func TestDigestProvesTheState(t *testing.T) {
	b := newBench(t)
	b.aDay()
	var before, after wire.Digest
	b.do("GET", "/v1/digest", nil, &before)
	b.restart()
	b.do("GET", "/v1/digest", nil, &after)
	if before != after || before.Seq == 0 {
		t.Errorf("before a restart %+v, after %+v", before, after)
	}
	b.signOn("u9", corner(0, 0))
	b.do("GET", "/v1/digest", nil, &after)
	if before.Digest == after.Digest || after.Seq != before.Seq+1 {
		t.Errorf("before a write %+v, after %+v", before, after)
	}
}
