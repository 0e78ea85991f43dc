//go:build long

package main

// playedDecisions is how many decisions are played under a policy.
func playedDecisions(policy string) int {
	if policy == "911-first" {
		return 100_000
	}
	return 10_000
}
