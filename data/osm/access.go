package osm

import "strings"

// permission says who may pass.
type permission int

const (
	open          permission = iota
	emergencyOnly            // closed to the routine profile
	closed
)

// accessKeys are the keys that say who may drive a car, the nearest to the
// purpose first.
var accessKeys = []string{"motorcar", "motor_vehicle", "vehicle", "access"}

// permissions are the values of those keys. Any other value, destination and
// customers among them, is open: where a way leads is not known here.
var permissions = map[string]permission{
	"no":           closed,
	"use_sidepath": closed,
	"impassable":   closed,

	"private":      emergencyOnly,
	"residents":    emergencyOnly,
	"permit":       emergencyOnly,
	"employees":    emergencyOnly,
	"delivery":     emergencyOnly,
	"military":     emergencyOnly,
	"agricultural": emergencyOnly,
	"forestry":     emergencyOnly,
	"emergency":    emergencyOnly,
	"bus":          emergencyOnly,
	"psv":          emergencyOnly,
	"taxi":         emergencyOnly,
}

// access is who may drive, by the tags of a way or a node; otherwise if they say
// nothing. emergency=yes opens to the emergency profile what is closed, and
// emergency=no closes to both.
func access(t tags, otherwise permission) permission {
	p := otherwise
	for _, key := range accessKeys {
		if value := t.get(key); value != "" {
			value, _, _ = strings.Cut(value, ";")
			p = permissions[strings.TrimSpace(value)]
			break
		}
	}
	switch {
	case t.get("emergency") == "no":
		return closed
	case p == closed && forEmergency(t):
		return emergencyOnly
	}
	return p
}

func forEmergency(t tags) bool {
	v := t.get("emergency")
	return v == "yes" || v == "designated" || v == "official"
}

// obstacles are the barriers that stop everybody, gaps those that stop nobody.
// Any other, such as a gate, is opened by an emergency unit and by nobody else,
// unless its tags say so.
var (
	obstacles = set("bollard", "block", "jersey_barrier", "cycle_barrier", "motorcycle_barrier", "stile", "turnstile",
		"full-height_turnstile", "kissing_gate", "horse_stile", "log", "debris", "wall", "fence", "guard_rail", "planter")
	gaps = set("no", "entrance", "toll_booth", "border_control", "cattle_grid", "height_restrictor", "kerb", "speed_bump")
)

func set(values ...string) map[string]bool {
	s := make(map[string]bool, len(values))
	for _, v := range values {
		s[v] = true
	}
	return s
}

// barrier is who may pass a node of a way.
func barrier(t tags) permission {
	switch kind := t.get("barrier"); {
	case kind == "":
		return open // what access tags say there is not about passing it
	case gaps[kind]:
		return access(t, open)
	case obstacles[kind]:
		return access(t, closed)
	}
	return access(t, emergencyOnly)
}
