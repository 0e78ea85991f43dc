package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"callbox/assign/verify"
)

// verified is what a verification has found.
type verified struct {
	verify.Report
	Head  string // hash of the last frame that was read
	shown []verify.Difference
}

// doubts is how many rounds and decisions were not made again as they stand.
func (r *verified) doubts() int {
	n := r.Unrecorded + r.CutOff + r.Others
	for _, rounds := range r.Impossible {
		n += rounds
	}
	return n
}

// text says what was read, what could not be made again, and what differs.
func (r *verified) text(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "frames       %d\nfacts        %d, the last of %v\n", r.Frames, r.Facts, r.Last)
	fmt.Fprintf(b, "decisions    %d in %d rounds, made again; %d by dispatchers\n", r.Decisions, r.Rounds, r.Orders)
	if r.Unrecorded > 0 {
		fmt.Fprintf(b, "not again    %d decisions of an older log, which does not say by what they were made\n", r.Unrecorded)
	}
	for _, why := range slices.Sorted(maps.Keys(r.Impossible)) {
		fmt.Fprintf(b, "not again    %d rounds: %s\n", r.Impossible[why], why)
	}
	if r.CutOff > 0 {
		fmt.Fprintf(b, "cut off      %d rounds, whose ends were lost when the server was killed\n", r.CutOff)
	}
	if r.Others > 0 {
		fmt.Fprintf(b, "otherwise    %d differences in what other versions of the program made; this is %s\n", r.Others, version())
	}
	fmt.Fprintf(b, "differences  %d\n", r.Differences)
	if len(r.shown) > 0 {
		fmt.Fprintln(b)
	}
	for _, d := range r.shown {
		fmt.Fprintln(b, d)
	}
	if more := r.Differences + r.Others - len(r.shown); more > 0 {
		fmt.Fprintf(b, "and %d more\n", more)
	}
	return b.Flush()
}

// json says the same to a program.
func (r *verified) json(w io.Writer) error {
	type difference struct {
		Frame    uint64 `json:"frame"`
		Fact     uint64 `json:"fact"`
		At       string `json:"at"`
		Call     string `json:"call,omitempty"`
		Engine   string `json:"other_version,omitempty"`
		Sentence string `json:"sentence"`
	}
	shown := make([]difference, len(r.shown))
	for i, d := range r.shown {
		shown[i] = difference{d.Frame, d.Fact, d.At.String(), d.Call, d.Engine, d.Sentence}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Frames      int            `json:"frames"`
		Facts       int            `json:"facts"`
		Last        string         `json:"last"`
		Head        string         `json:"head"`
		Rounds      int            `json:"rounds"`
		Decisions   int            `json:"decisions"`
		Orders      int            `json:"orders"`
		Unrecorded  int            `json:"decisions_not_recorded"`
		Impossible  map[string]int `json:"rounds_not_made_again"`
		CutOff      int            `json:"rounds_cut_off"`
		Others      int            `json:"differences_of_other_versions"`
		Differences int            `json:"differences"`
		Shown       []difference   `json:"shown"`
	}{
		r.Frames, r.Facts, r.Last.String(), r.Head, r.Rounds, r.Decisions, r.Orders, r.Unrecorded, r.Impossible, r.CutOff, r.Others,
		r.Differences, shown,
	})
}
