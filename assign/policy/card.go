package policy

import (
	"slices"
	"strings"

	"callbox/assign"

	"go.yaml.in/yaml/v4"
)

// readCards reads the run cards, and sorts them by type.
func (f *file) readCards(what string, n *yaml.Node) bool {
	for key, value := range f.entries(what, n) {
		if !assign.ValidID(key.Value) {
			f.wrong(key.Line, "%s: type %.80q is not %s", what, key.Value, anID)
		}
		f.policy.RunCards = append(f.policy.RunCards, f.readCard(under(what, key.Value), key.Value, value))
	}
	slices.SortFunc(f.policy.RunCards, func(a, b assign.RunCard) int { return strings.Compare(a.Type, b.Type) })
	return true
}

// readDefaults reads a card for each source, sorted as run cards are.
func (f *file) readDefaults(what string, n *yaml.Node) bool {
	card := func(source assign.Source) field {
		return field{string(source), func(what string, n *yaml.Node) bool {
			f.policy.Defaults = append(f.policy.Defaults, f.readCard(what, string(source), n))
			return true
		}, true}
	}
	f.mapping(what, n, []field{card(assign.Source311), card(assign.Source911)})
	return true
}

func (f *file) readCard(what, callType string, n *yaml.Node) assign.RunCard {
	card := assign.RunCard{Type: callType}
	at := f.mapping(what, n, []field{
		{"class", f.text(&card.Class), true},
		{"needs", f.list(1, assign.MaxNeeds, func(what string, n *yaml.Node) bool {
			need, read := f.readNeed(what, n)
			card.Needs = append(card.Needs, need)
			return read
		}), true},
	})
	if f.named && at.read("class") && f.policy.Rank(card.Class) == 0 {
		f.wrong(at.line("class"), "%s names class %.80q, which is not among the classes", what, card.Class)
	}
	if at.read("needs") {
		needs, err := assign.NormalNeeds(card.Needs)
		if err != nil {
			f.wrong(at.line("needs"), "%s: %v", what, err)
		}
		card.Needs = needs
	}
	return card
}

func (f *file) readNeed(what string, n *yaml.Node) (need assign.Need, read bool) {
	at := f.mapping(what, n, []field{
		{"capabilities", f.list(0, assign.MaxCapabilities, func(what string, n *yaml.Node) bool {
			var capability string
			read := f.id(&capability)(what, n)
			need.Capabilities = append(need.Capabilities, capability)
			return read
		}), false},
		{"count", numberIn(&f.reader, &need.Count, 1, assign.MaxSlots), true},
	})
	return need, at.read("count") && (at.line("capabilities") == 0 || at.read("capabilities"))
}
