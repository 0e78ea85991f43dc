// Package policy reads a city's rules from a file, and decides by them.
//
// # The file
//
// A policy is data, not a program. It is YAML, strict: an unknown field, a
// duplicate key or a value out of range is an error that names the line.
//
//	name: 911-first                 # shown in every decision, beside the file's hash
//	description: one sentence
//	classes:                        # highest first; a call's class decides who goes before whom
//	  - name: critical
//	    answer: 7m                  # target: received to first unit on scene
//	    close: 2h                   # target: received to closed
//	    pull_limit: 10m             # no unit farther away than this is sent while the call is within its
//	                                # answer target; past it, or if this is absent, from anywhere
//	    reach: city                 # units may come from the call's own sector, its precinct, or the whole city
//	    travel: emergency           # lights and siren; or routine
//	run_cards:                      # what a type of call needs; 10-34 also answers for 10-34K1
//	  10-30: {class: critical, needs: [{capabilities: [patrol], count: 2}]}
//	defaults:                       # for a call whose type has no card, by where it came from
//	  "911": {class: other-911, needs: [{capabilities: [patrol], count: 1}]}
//	  "311": {class: "311", needs: [{capabilities: [patrol], count: 1}]}
//	area_order: {sector: 0s, precinct: 0s, city: 0s}   # cost of taking a unit of that tier
//	positions: {stale_after: 30m}   # an older position is not trusted
//	straight_line: {speed_kmh: 25, detour_percent: 40} # where no road is within reach
//
// The policies that are built in stand beside this file, one file each:
// [Builtin] lists them.
//
// # The decision
//
// [Advisor] decides greedily: calls in strict order (order.go), for each the
// cheapest suitable units (advisor.go), where a unit's cost is its travel time
// and what its area adds. A unit that a call of higher class could use is never
// left to a lower one, because the higher call chooses first. Which units are
// suitable is a fixed list of rules (rules.go); "nobody knows" is a rule of its
// own and never counts as a yes.
package policy
