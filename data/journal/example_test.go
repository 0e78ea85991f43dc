package journal_test

import (
	"context"
	"fmt"
	"os"

	"callbox/assign"
	"callbox/data/journal"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()

	j, err := journal.Open(dir, journal.Options{AllowNetworkFS: true, MinFree: -1})
	if err != nil {
		fmt.Println(err)
		return
	}
	at := assign.Instant(1_766_016_000_000)
	frame := assign.Frame{Number: 1, At: at, Facts: []assign.Recorded{
		{Seq: 1, At: at, Fact: &assign.Started{Engine: "1.0", City: "sample", Roads: "none"}},
		{Seq: 2, At: at, Fact: &assign.UnitSignedOn{Unit: assign.Unit{ID: "75A1", Status: assign.Available, Since: at}}},
	}}
	fmt.Println(j.Append(ctx, 0, frame))

	for f, err := range j.Read(ctx, 1) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, r := range f.Facts {
			fmt.Println(f.Number, r.Seq, r.At, r.Fact.Kind())
		}
	}
	fmt.Println(j.Close())
	// Output:
	// <nil>
	// 1 1 2025-12-18T00:00:00.000Z started
	// 1 2 2025-12-18T00:00:00.000Z unit_signed_on
	// <nil>
}
