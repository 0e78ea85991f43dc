//go:build long

package route_test

const rounds = 25
