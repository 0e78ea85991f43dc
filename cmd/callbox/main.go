// Command callbox is the whole of callbox in one program: the server, the
// demo, the city builder, the load generator and what reads a journal. Each
// verb has a file of its own; callbox --help lists them.
//
// Exit status: 0 it holds, or it worked; 1 it ran and found a violation; 2 bad
// usage or bad input, with one line on standard error that names the place.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// verbs are the commands, in the order in which help lists them. Every flag
// can also be given as environment variable CALLBOX_FLAG_NAME.
type verbs struct {
	Demo    demoCmd    `cmd:"" help:"Run a generated city with simulated callers and units, and show how long calls wait."`
	Serve   serveCmd   `cmd:"" help:"Run the server for a city."`
	Nodes   nodesCmd   `cmd:"" help:"Run a cluster of three nodes on this machine, to try out a journal on one."`
	City    cityCmd    `cmd:"" help:"Build or check a city folder, or list its roads."`
	Policy  policyCmd  `cmd:"" help:"Check policy files, or list and print the policies that are built in."`
	Load    loadCmd    `cmd:"" help:"Put a server under load, measure it, and check its answers."`
	Replay  replayCmd  `cmd:"" help:"Rebuild the state from a journal and print its digest."`
	Audit   auditCmd   `cmd:"" help:"Look in a journal for units that lower calls took from higher ones, and for other broken promises."`
	Verify  verifyCmd  `cmd:"" help:"Make every decision of a journal again, and say where the journal is not what it must be."`
	Export  exportCmd  `cmd:"" help:"Check an export of a journal."`
	Repair  repairCmd  `cmd:"" help:"Mend a damaged journal from its export."`
	Explain explainCmd `cmd:"" help:"Tell from a journal why a call got the units it got, why no others, and why it waited."`
	Version versionCmd `cmd:"" help:"Print the version of this program."`
}

// program is what a verb runs in.
type program struct {
	Ctx context.Context // ends when the program is asked to stop
	Out io.Writer
	Err io.Writer
}

// exitError ends the program with a code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// violation is what a verb that ran has found.
func violation(format string, args ...any) error {
	return &exitError{1, fmt.Errorf(format, args...)}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program, in the hands of main or of a test.
func run(ctx context.Context, args []string, out, errOut io.Writer) (code int) {
	type exit struct{ code int } // thrown by kong's help
	defer func() {
		switch e := recover().(type) {
		case nil:
		case exit:
			code = e.code
		default:
			panic(e)
		}
	}()
	var v verbs
	parser, err := kong.New(&v,
		kong.Name("callbox"),
		kong.Description("A unit-assignment engine for 911 and 311 calls: the nearest suitable unit by road, in strict class order, on the record."),
		kong.DefaultEnvars("CALLBOX"),
		kong.Writers(out, errOut),
		kong.Exit(func(code int) { panic(exit{code}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		panic(err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	verb, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(errOut, "callbox: %v (callbox --help lists verbs and flags)\n", err)
		return 2
	}
	if err = verb.Run(&program{Ctx: ctx, Out: out, Err: errOut}); err == nil {
		return 0
	}
	fmt.Fprintf(errOut, "callbox: %v\n", err)
	var e *exitError
	if errors.As(err, &e) {
		return e.code
	}
	return 2
}

type versionCmd struct{}

func (*versionCmd) Run(p *program) error {
	_, err := fmt.Fprintln(p.Out, "callbox", version())
	return err
}

// version is the module version or the commit that the program was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (v == "" || v == "(devel)") {
			v = s.Value[:min(12, len(s.Value))]
		}
	}
	if v == "" {
		v = "devel"
	}
	return v
}
