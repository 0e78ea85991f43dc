package times_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the test, on a machine without any

	"callbox/data/times"
	"callbox/geo/road/roadtest"
)

func TestHours(t *testing.T) {
	for _, c := range []struct {
		zone, at string
		hour     int
		next     string
	}{
		{"UTC", "2026-01-05T00:00:00Z", 0, "2026-01-05T01:00:00Z"}, // a Monday
		{"UTC", "2026-01-11T23:59:59.999Z", 167, "2026-01-12T00:00:00Z"},
		{"America/New_York", "2026-01-05T04:59:59Z", 167, "2026-01-05T05:00:00Z"},
		{"America/New_York", "2026-01-05T22:10:00Z", 17, "2026-01-05T23:00:00Z"},
		{"America/New_York", "2026-03-08T06:30:00Z", 6*24 + 1, "2026-03-08T07:00:00Z"}, // an hour is left out
		{"America/New_York", "2026-03-08T07:00:00Z", 6*24 + 3, "2026-03-08T08:00:00Z"},
		{"America/New_York", "2026-11-01T05:30:00Z", 6*24 + 1, "2026-11-01T06:00:00Z"}, // an hour comes twice
		{"America/New_York", "2026-11-01T06:00:00Z", 6*24 + 1, "2026-11-01T07:00:00Z"},
		{"Asia/Kolkata", "2026-01-05T00:00:00Z", 5, "2026-01-05T00:30:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T14:59:00Z", 6*24 + 1, "2026-04-04T15:00:00Z"}, // half an hour back
		{"Australia/Lord_Howe", "2026-04-04T15:00:00Z", 6*24 + 1, "2026-04-04T15:30:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := time.Parse(time.RFC3339Nano, c.at)
		at = at.In(zone)
		if hour, next := times.HourOf(at), times.Next(at).UTC().Format(time.RFC3339Nano); hour != c.hour || next != c.next {
			t.Errorf("%s in %s: hour %d until %s, want %d until %s", c.at, c.zone, hour, next, c.hour, c.next)
		}
	}
}

const listing = `arc,tail,head,tail_lat,tail_lon,head_lat,head_lon,length_meters,routine_seconds,emergency_seconds,one_way
0,0,1,40.7000000,-74.0000000,40.7000000,-73.9988000,100.000,10.000,7.500,false
2,1,0,40.7000000,-73.9988000,40.7000000,-74.0000000,100.000,10.000,7.500,false
3,1,2,40.7000000,-73.9988000,40.7000000,-74.0000000,300000.000,25200.000,,true
`

func TestWriteArcs(t *testing.T) {
	var b bytes.Buffer
	if err := times.WriteArcs(&b, crossing(t)); err != nil || b.String() != listing {
		t.Errorf("%v, got\n%s, want\n%s", err, b.String(), listing)
	}
}

// TestListingPlusHoursIsATable: whoever adds the hours to the listing has a
// table.
func TestListingPlusHoursIsATable(t *testing.T) {
	g := roadtest.Grid(5, 5)
	var b, text bytes.Buffer
	if err := times.WriteArcs(&b, g); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(&text)
	for i, row := range rows {
		hours := hourNames()
		if i > 0 {
			hours = strings.Split(strings.Repeat("30,", times.Hours-1)+"30", ",")
		}
		_ = w.Write(append(row, hours...)) // a buffer takes every byte
	}
	w.Flush()
	week, err := times.Read(&text, g)
	if err != nil || week.Report() != (times.Report{Arcs: g.Arcs()}) || week.Hour(100)[0][7] != 30_000 {
		t.Errorf("%+v, %v", week, err)
	}
}
