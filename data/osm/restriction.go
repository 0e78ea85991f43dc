package osm

import "strings"

// restriction is a turn restriction at a node: from one of some ways to one of
// others no turn, or from one way to one other the only turn.
type restriction struct {
	id, via  int64
	from, to []int64
	only     bool
}

// Why a restriction is not honoured.
const (
	conditionalTurn = "conditional"
	otherVehicles   = "for other vehicles"
	viaWay          = "by way of another way"
	badTurn         = "not complete, or of an unknown kind"
	notThere        = "of ways that are not driven so, or are outside"
	notSplit        = "of ways that do not end at the junction"
)

// restrictionKeys say what is forbidden to a car, the nearest to the purpose
// first.
var restrictionKeys = []string{"restriction:motorcar", "restriction:motor_vehicle", "restriction"}

// parseRestriction reads a relation of type restriction; why not, if it is not
// honoured.
func parseRestriction(r relation) (_ restriction, why string) {
	kind := ""
	for _, key := range restrictionKeys {
		if kind = r.tags.get(key); kind != "" {
			break
		}
	}
	if why := exempt(r.tags, kind); why != "" {
		return restriction{}, why
	}
	turn := restriction{id: r.id, only: strings.HasPrefix(kind, "only_")}
	vias := 0
	for _, m := range r.members {
		switch {
		case m.role == "via" && m.kind == "way":
			return restriction{}, viaWay
		case m.role == "via" && m.kind == "node":
			turn.via = m.id
			vias++
		case m.role == "from" && m.kind == "way":
			turn.from = append(turn.from, m.id)
		case m.role == "to" && m.kind == "way":
			turn.to = append(turn.to, m.id)
		}
	}
	// Several ways come from no_entry, and several go to with no_exit.
	ends := len(turn.from) * len(turn.to)
	if vias != 1 || ends == 0 || turn.only && ends > 1 || !turn.only && !strings.HasPrefix(kind, "no_") {
		return restriction{}, badTurn
	}
	return turn, ""
}

// exempt is why a car need not heed a restriction of a kind, or "".
func exempt(t tags, kind string) string {
	if kind == "" {
		why := badTurn
		for _, tag := range t {
			switch {
			case strings.HasPrefix(tag.key, "restriction") && strings.HasSuffix(tag.key, ":conditional"):
				return conditionalTurn
			case strings.HasPrefix(tag.key, "restriction:"):
				why = otherVehicles
			}
		}
		return why
	}
	for _, key := range []string{"day_on", "day_off", "hour_on", "hour_off"} { // as it was written before 2013
		if t.get(key) != "" {
			return conditionalTurn
		}
	}
	for _, vehicle := range strings.Split(t.get("except"), ";") {
		switch strings.TrimSpace(vehicle) {
		case "motorcar", "motor_vehicle", "vehicle":
			return otherVehicles
		}
	}
	return ""
}
