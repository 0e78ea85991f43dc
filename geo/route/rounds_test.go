//go:build !long

package route_test

// rounds is how much of the random tests is done: with -tags long, more.
const rounds = 1
