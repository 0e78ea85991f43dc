//go:build long

package main

import "time"

const chaosTime = 10 * time.Minute
