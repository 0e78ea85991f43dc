package server

import (
	"bytes"
	"net/http"

	"callbox/api"
	"callbox/api/wire"
	"callbox/assign"
	"callbox/assign/engine"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

// health says that the process answers.
func (s *Server) health(r *request) (*answer, error) {
	return ok(map[string]string{"status": "alive"}), nil
}

// ready says whether writes are taken, and by what they would be decided.
func (s *Server) ready(r *request) (*answer, error) {
	if err := s.engine.Err(); err != nil {
		s.log.Warn("not ready", "error", err)
		return nil, engine.ErrUnavailable
	}
	var a wire.Ready
	s.engine.View(func(v *engine.View) {
		state := v.State()
		a = wire.Ready{
			Status: "ready", Seq: state.Seq(), Policy: state.Policy().Version(), Roads: v.Roads(),
			Units: len(state.UnitIDs()), OpenCalls: state.Open(),
		}
	})
	a.Areas = s.areas.Load().set.Len()
	return ok(a), nil
}

// digest proves what the state is. It costs some microseconds for each call in
// memory, most of a second where there are 100,000, and nothing is committed
// meanwhile. So there is one at a time, and commits come between.
func (s *Server) digest(r *request) (*answer, error) {
	if err := r.only(); err != nil {
		return nil, err
	}
	s.digesting.Lock()
	defer s.digesting.Unlock()
	var a wire.Digest
	s.engine.View(func(v *engine.View) { a = wire.Digest{Seq: v.State().Seq(), Digest: v.State().Digest()} })
	return ok(a), nil
}

func (s *Server) openapi(r *request) (*answer, error) {
	return &answer{status: http.StatusOK, contentType: typeYAML, body: api.OpenAPI}, nil
}

// meters are the figures that Prometheus reads.
type meters struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	panics   prometheus.Counter
}

// Figure is a number about what stands under the server, for its metrics.
type Figure struct {
	Name, Help string
	Read       func() float64
}

func newMeters(figures []Figure) *meters {
	m := &meters{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "callbox_http_request_duration_seconds",
			Help:    "Time from a request's last byte to its answer, by route and status.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10},
		}, []string{"method", "route", "status"}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "callbox_http_panics_total", Help: "Requests that were answered 500 because a handler failed.",
		}),
	}
	m.registry.MustRegister(m.requests, m.panics)
	for _, f := range figures {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: f.Name, Help: f.Help}, f.Read))
	}
	return m
}

// engineMeters are those of a server with an engine.
func engineMeters(e *engine.Engine, figures []Figure) *meters {
	m := newMeters(figures)
	m.registry.MustRegister(&census{engine: e})
	stat := func(name, help string, read func(engine.Stats) float64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return read(e.Stats()) }))
	}
	stat("callbox_journal_appends_total", "Frames made durable.", func(s engine.Stats) float64 { return float64(s.Appends) })
	stat("callbox_journal_facts_total", "Facts made durable.", func(s engine.Stats) float64 { return float64(s.Facts) })
	stat("callbox_journal_append_seconds_total", "Time spent making frames durable.", func(s engine.Stats) float64 { return s.AppendTime.Seconds() })
	stat("callbox_engine_shed_total", "Requests refused because a queue was full.", func(s engine.Stats) float64 { return float64(s.Shed) })
	stat("callbox_engine_bugs_total", "Decisions of the advisor that the core refused.", func(s engine.Stats) float64 { return float64(s.Bugs) })
	return m
}

// census counts calls and units by status when it is asked.
type census struct{ engine *engine.Engine }

const readyHelp = "1 if writes are taken."

var (
	callsDesc = prometheus.NewDesc("callbox_calls", "Calls in memory, by status.", []string{"status"}, nil)
	unitsDesc = prometheus.NewDesc("callbox_units", "Units, by status.", []string{"status"}, nil)
	queueDesc = prometheus.NewDesc("callbox_engine_queue", "Requests that wait for the writer.", nil, nil)
	readyDesc = prometheus.NewDesc("callbox_ready", readyHelp, nil, nil)
)

// Describe implements prometheus.Collector.
func (c *census) Describe(out chan<- *prometheus.Desc) {
	for _, d := range [...]*prometheus.Desc{callsDesc, unitsDesc, queueDesc, readyDesc} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *census) Collect(out chan<- prometheus.Metric) {
	var calls map[assign.CallStatus]int
	var units map[assign.UnitStatus]int
	c.engine.View(func(v *engine.View) { calls, units = v.State().Counts() })
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for status, n := range calls {
		gauge(callsDesc, float64(n), string(status))
	}
	for status, n := range units {
		gauge(unitsDesc, float64(n), string(status))
	}
	gauge(queueDesc, float64(c.engine.Stats().Queued))
	ready := 1.0
	if c.engine.Err() != nil {
		ready = 0
	}
	gauge(readyDesc, ready)
}

func (s *Server) metrics(r *request) (*answer, error) {
	families, err := s.meters.registry.Gather()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&b, f); err != nil {
			return nil, err
		}
	}
	return &answer{status: http.StatusOK, contentType: "text/plain; version=0.0.4; charset=utf-8", body: b.Bytes()}, nil
}
