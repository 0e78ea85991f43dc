package policy

import (
	"fmt"

	"callbox/assign"
	"callbox/geo"

	"go.yaml.in/yaml/v4"
)

// classAt is where a class stands in the file.
type classAt struct {
	fieldsAt
	start int    // line of the class
	what  string // what mistakes call it
}

func (f *file) readClasses(what string, n *yaml.Node) bool {
	f.named = f.list(1, maxClasses, f.readClass)(what, n)
	return f.named
}

// readClass reads a class. It is false if the class has no name.
func (f *file) readClass(_ string, n *yaml.Node) bool {
	what := fmt.Sprintf("class %d", len(f.classes)+1)
	if name := textOf(n, "name"); name != "" {
		what = fmt.Sprintf("class %.80q", name)
	}
	r, k := &f.reader, assign.Class{Weight: 1, Reach: assign.City}
	at := r.mapping(what, n, []field{
		{"name", r.id(&k.Name), true},
		{"rank", numberIn(r, &k.Rank, 1, maxClasses), false},
		{"answer", r.duration(&k.Answer, shortest, maxAnswer), true},
		{"close", r.duration(&k.Close, shortest, maxSpan), true},
		{"weight", numberIn(r, &k.Weight, 1, maxWeight), false},
		{"pull_limit", r.duration(&k.PullLimit, 0, maxSpan), false},
		{"reach", choiceOf(r, &k.Reach, assign.Sector, assign.Precinct, assign.City, assign.Mutual), false},
		{"travel", choiceOf(r, &k.Profile, geo.Routine, geo.Emergency), false},
		{"reserve", numberIn(r, &k.Reserve, 0, maxReserve), false},
		{"may_divert", r.flag(&k.MayDivert), false},
		{"may_preempt", r.flag(&k.MayPreempt), false},
		{"divertible", r.flag(&k.Divertible), false},
		{"preemptible", r.flag(&k.Preemptible), false},
		{"leave_scene", r.duration(&k.LeaveScene, 0, maxSpan), false},
		{"protected", r.flag(&k.Protected), false},
		{"promote", func(what string, n *yaml.Node) bool {
			k.Promote = &assign.Promotion{}
			return r.mapping(what, n, []field{
				{"after", r.duration(&k.Promote.After, shortest, maxSpan), true},
				{"to", r.text(&k.Promote.To), true},
			}).read("after", "to")
		}, false},
	})
	f.policy.Classes = append(f.policy.Classes, k)
	f.classes = append(f.classes, classAt{at, n.Line, what})
	return at.read("name")
}
