//go:build !long

package main

import "time"

const chaosTime = 20 * time.Second
