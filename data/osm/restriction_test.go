package osm

import (
	"fmt"
	"strings"
	"testing"

	"callbox/geo"
)

// cross is four residential streets that meet at c, each with a bend half way,
// and a track around them. The way of the streets is from the arm to c but for
// the northern one, which leaves c.
//
//	.---n---.
//	|   |   |
//	w---c---e
//	|   |   |
//	'---s---'
const cross = `<osm version="0.6">
 <node id="10" lat="0" lon="0"/>
 <node id="11" lat="0" lon="-0.01"/><node id="12" lat="0" lon="0.01"/>
 <node id="13" lat="0.01" lon="0"/><node id="14" lat="-0.01" lon="0"/>
 <node id="21" lat="0" lon="-0.005"/><node id="22" lat="0" lon="0.005"/>
 <node id="23" lat="0.005" lon="0"/><node id="24" lat="-0.005" lon="0"/>
 <node id="31" lat="0.01" lon="-0.01"/><node id="32" lat="0.01" lon="0.01"/>
 <node id="33" lat="-0.01" lon="0.01"/><node id="34" lat="-0.01" lon="-0.01"/>
 <way id="1"><nd ref="11"/><nd ref="21"/><nd ref="10"/><tag k="highway" v="residential"/></way>
 <way id="2"><nd ref="12"/><nd ref="22"/><nd ref="10"/><tag k="highway" v="residential"/></way>
 <way id="3"><nd ref="10"/><nd ref="23"/><nd ref="13"/><tag k="highway" v="residential"/></way>
 <way id="4"><nd ref="14"/><nd ref="24"/><nd ref="10"/><tag k="highway" v="residential"/></way>
 <way id="5"><nd ref="11"/><nd ref="31"/><nd ref="13"/><nd ref="32"/><nd ref="12"/><nd ref="33"/><nd ref="14"/><nd ref="34"/><nd ref="11"/>
  <tag k="highway" v="track"/></way>
 %s
</osm>`

// turn writes a restriction: ways from, node via, ways to.
func turn(id int, tags, from, via, to string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<relation id="%d"><tag k="type" v="restriction"/>%s`, id, xmlTags(tags))
	for role, members := range map[string]string{"from": from, "via": via, "to": to} {
		for _, ref := range strings.Fields(members) {
			kind := "way"
			if role == "via" && len(ref) > 1 {
				kind = "node"
			}
			fmt.Fprintf(&b, `<member type="%s" ref="%s" role="%s"/>`, kind, ref, role)
		}
	}
	return b.String() + "</relation>"
}

// The arms, half way.
var arms = map[byte]geo.Point{'w': at(0, -70), 'e': at(0, 70), 'n': at(70, 0), 's': at(-70, 0)}

// TestRestrictions lists the turns that a restriction closes, as pairs of arms.
// Without it each takes 1.4 sides; with it one goes on and turns round at the
// end of another arm, 3.4 sides, or, where that is closed as well, by the track.
func TestRestrictions(t *testing.T) {
	all := []string{"we", "wn", "ws", "ew", "en", "es", "nw", "ne", "ns", "sw", "se", "sn"}
	for _, c := range []struct {
		name      string
		relations string
		closed    string
		why       string // it is not honoured
	}{
		{"none", "", "", ""},
		{"no left turn", turn(1, "restriction=no_left_turn", "1", "10", "3"), "wn", ""},
		{"two", turn(1, "restriction=no_left_turn", "1", "10", "3") + turn(2, "restriction=no_right_turn", "3", "10", "1"), "wn nw", ""},
		{"only straight on", turn(1, "restriction=only_straight_on", "1", "10", "2"), "wn ws", ""},
		{"only right", turn(1, "restriction=only_right_turn", "3", "10", "1"), "ns ne", ""},
		{"no u-turn", turn(1, "restriction=no_u_turn", "1", "10", "1"), "", ""},
		{"no entry, from several", turn(1, "restriction=no_entry", "1 2", "10", "3"), "wn en", ""},
		{"no exit, to several", turn(1, "restriction=no_exit", "1", "10", "3 4"), "wn ws", ""},
		{"for cars", turn(1, "restriction:motorcar=no_left_turn", "1", "10", "3"), "wn", ""},
		{"for bicycles besides", turn(1, "restriction=no_left_turn except=bicycle", "1", "10", "3"), "wn", ""},
		{"not for cars", turn(1, "restriction=no_left_turn except=psv;motorcar", "1", "10", "3"), "", otherVehicles},
		{"for lorries", turn(1, "restriction:hgv=no_left_turn", "1", "10", "3"), "", otherVehicles},
		{"by the hour", turn(1, "restriction:conditional=no_left_turn~@~(07:00-09:00)", "1", "10", "3"), "", conditionalTurn},
		{"by the hour, the old way", turn(1, "restriction=no_left_turn hour_on=07:00", "1", "10", "3"), "", conditionalTurn},
		{"by a way", turn(1, "restriction=no_u_turn", "1", "5", "2"), "", viaWay},
		{"unknown", turn(1, "restriction=yes", "1", "10", "3"), "", badTurn},
		{"no tag", turn(1, "", "1", "10", "3"), "", badTurn},
		{"no members", turn(1, "restriction=no_left_turn", "", "", ""), "", badTurn},
		{"no via", turn(1, "restriction=no_left_turn", "1", "", "3"), "", badTurn},
		{"only one of two", turn(1, "restriction=only_left_turn", "1", "10", "3 4"), "", badTurn},
		{"a way that is not there", turn(1, "restriction=no_left_turn", "99", "10", "3"), "", notThere},
		{"a node that is not there", turn(1, "restriction=no_left_turn", "1", "99", "3"), "", notThere},
		{"a node of other ways", turn(1, "restriction=no_left_turn", "1", "32", "3"), "", notThere},
		{"a way that goes on", turn(1, "restriction=no_left_turn", "1", "11", "5"), "", notSplit},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, r := mustRead(t, fmt.Sprintf(cross, c.relations))
			for _, pair := range all {
				from, to := arms[pair[0]], arms[pair[1]]
				want, free := taking(1.4, 22), taking(1.4, 29.33)
				if strings.Contains(c.closed, pair) {
					want = taking(3.4, 22)
				}
				if got := seconds(g, from, to, geo.Routine); got/want < 0.998 || got/want > 1.002 {
					t.Errorf("%s: %.2f s, want %.2f", pair, got, want)
				}
				if got := seconds(g, from, to, geo.Emergency); got/free < 0.998 || got/free > 1.002 {
					t.Errorf("%s in an emergency: %.2f s, want %.2f", pair, got, free)
				}
			}
			want := []Count{{c.why, 1}}
			if c.why == "" {
				want = nil
			}
			if n := strings.Count(c.relations, "<relation"); r.Restrictions != n || r.Honoured+len(want) != n || fmt.Sprint(r.Ignored) != fmt.Sprint(want) {
				t.Errorf("%+v", r)
			}
			if r.Dropped != 0 || r.Emergency != 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestTurningRound: at a junction one can turn round unless that is forbidden,
// at the next bend after a restriction one cannot, and in an emergency one can
// everywhere.
func TestTurningRound(t *testing.T) {
	plain, _ := mustRead(t, fmt.Sprintf(cross, ""))
	left, _ := mustRead(t, fmt.Sprintf(cross, turn(1, "restriction=no_left_turn", "1", "10", "3")))
	both, _ := mustRead(t, fmt.Sprintf(cross, turn(1, "restriction=no_left_turn", "1", "10", "3")+turn(2, "restriction=no_straight_on", "1", "10", "2")+
		turn(3, "restriction=no_right_turn", "1", "10", "4")))
	// From c itself there is no telling, so from the west of c to the north:
	// only the track is left, or the end of the own arm.
	from, to := at(0, -10), at(10, 0)
	if got, want := seconds(plain, from, to, geo.Routine), taking(0.2, 22); !near(got, want) {
		t.Errorf("the open turn takes %.2f s, want %.2f", got, want)
	}
	if got, want := seconds(left, from, to, geo.Routine), taking(2.2, 22); !near(got, want) {
		t.Errorf("by the end of another arm it takes %.2f s, want %.2f: nobody turns at a bend", got, want)
	}
	if got, want := seconds(both, from, to, geo.Routine), taking(1.8, 22)+taking(2, 10); !near(got, want) {
		t.Errorf("with every turn forbidden it takes %.2f s, want %.2f", got, want)
	}
	if got, want := seconds(both, from, to, geo.Emergency), taking(0.2, 29.33); !near(got, want) {
		t.Errorf("in an emergency it takes %.2f s, want %.2f", got, want)
	}
	if got, want := seconds(both, from, at(0, -60), geo.Routine), taking(0.5, 22); !near(got, want) {
		t.Errorf("behind on the own arm it takes %.2f s, want %.2f", got, want)
	}
}
