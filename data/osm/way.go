package osm

import (
	"slices"
	"strings"

	"callbox/geo"
)

// The directions of a way.
const (
	forward = iota
	backward
	directions
)

// drive is how a way is driven: a speed in each direction by each profile, 0
// where it is closed.
type drive [directions][geo.Profiles]geo.Speed

// Why a way is not driven.
const (
	notDriven = "of a class that is not driven"
	noAccess  = "closed by access tags"
	isArea    = "areas"
)

// What could not be read in the tags of a way that is driven.
const (
	oddSpeed    = "maxspeed that cannot be read"
	conditional = "conditional access or speed"
)

// interpret turns the tags of a way into how it is driven; why not, if it is
// not. Remarks are about tags that are passed over.
func interpret(t tags) (d drive, why string, remarks []string) {
	highway := t.get("highway")
	c, ok := classes[highway]
	may := access(t, open)
	if !ok {
		if c, ok = fireLanes[highway]; !ok || !forEmergency(t) {
			return d, notDriven, nil
		}
		may = emergencyOnly
	}
	switch {
	case t.get("area") == "yes":
		return d, isArea, nil
	case may == closed:
		return d, noAccess, nil
	case t.get("service") == "emergency_access":
		may = emergencyOnly
	}
	limits, ok := c.limits(t)
	if !ok {
		remarks = append(remarks, oddSpeed)
	}
	if hasConditions(t) {
		remarks = append(remarks, conditional)
	}
	there, back, alternating := oneway(t)
	for direction, open := range [directions]bool{there, back} {
		if !open {
			continue
		}
		d[direction] = c.speeds(limits[direction])
		if may == emergencyOnly || alternating {
			d[direction][geo.Routine] = 0
		}
	}
	return d, "", remarks
}

// oneway is in which directions a way is driven. Both profiles keep to it: what
// comes the other way is seen too late. A way whose direction changes with the
// hour is left to the emergency profile.
func oneway(t tags) (there, back, alternating bool) {
	switch t.get("oneway") {
	case "yes", "true", "1":
		return true, false, false
	case "-1", "reverse":
		return false, true, false
	case "no", "false", "0":
		return true, true, false
	case "reversible", "alternating":
		return true, true, true
	}
	junction, highway := t.get("junction"), t.get("highway")
	implied := junction == "roundabout" || junction == "circular" || highway == "motorway" || highway == "motorway_link"
	return true, !implied, false
}

func hasConditions(t tags) bool {
	for _, tag := range t {
		key, found := strings.CutSuffix(tag.key, ":conditional")
		if found && (key == "maxspeed" || key == "oneway" || slices.Contains(accessKeys, key)) {
			return true
		}
	}
	return false
}
