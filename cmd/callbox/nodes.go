package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"callbox/data/journal/deploy"
)

type nodesCmd struct {
	Data string `default:"callbox-nodes" placeholder:"DIR" help:"Folder of their data (${default})."`
	Port int    `default:"4222" help:"Port of the first, on loopback (${default}); the others have the next ones, and each one 2000 higher for the others."`
	Node int    `default:"-1" placeholder:"N" help:"Start only node 0, 1 or 2: one that was killed."`
}

// Run starts a cluster on this machine, each node a process of its own, so that one
// can be killed.
func (c *nodesCmd) Run(p *program) error {
	if c.Port < 1 || c.Port > 65535-2000-deploy.Size || c.Node < -1 || c.Node >= deploy.Size {
		return fmt.Errorf("--port %d --node %d: a port is 1 to %d, and a node 0 to %d", c.Port, c.Node, 65535-2000-deploy.Size, deploy.Size-1)
	}
	nodes := deploy.Local(c.Data, c.Port)
	if c.Node >= 0 {
		return runNode(p, nodes[c.Node])
	}
	ctx, end := context.WithCancel(p.Ctx)
	defer end()
	ended, running := make(chan error, len(nodes)), 0
	for i, n := range nodes {
		if err := c.start(ctx, p, i, ended); err != nil {
			end()
			for ; running > 0; running-- {
				<-ended
			}
			return fmt.Errorf("node %s: %w", n.Name, err)
		}
		running++
	}
	fmt.Fprintf(p.Out, "\nA server with its journal on them, and others that stand by for it on other ports:\n\n"+
		"  callbox serve --city CITY --shard city --standby --listen 127.0.0.1:8911 \\\n    --journal %s \\\n    --journal-system %s\n\n",
		deploy.URLs(nodes, "callbox"), deploy.URLs(nodes, "system"))
	for ; running > 0; running-- {
		if err := <-ended; p.Ctx.Err() == nil {
			fmt.Fprintf(p.Out, "%v\n", err)
		}
	}
	if p.Ctx.Err() == nil {
		return errors.New("no node runs any more")
	}
	return nil
}

// start starts a node in a process of its own, and says on ended when that is
// over.
func (c *nodesCmd) start(ctx context.Context, p *program, i int, ended chan<- error) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "nodes", "--data", c.Data, "--port", strconv.Itoa(c.Port), "--node", strconv.Itoa(i))
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	cmd.Stderr = p.Err
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return errors.Join(errors.New("it does not start"), cmd.Wait())
	}
	fmt.Fprint(p.Out, line)
	go func() {
		_, _ = io.Copy(io.Discard, out) // it says nothing more
		ended <- fmt.Errorf("n%d has ended: %v; start it again with --node %d", i, cmd.Wait(), i)
	}()
	return nil
}

// runNode runs a node in this process until it is asked to stop.
func runNode(p *program, n deploy.Node) error {
	if err := os.MkdirAll(n.Store, 0o700); err != nil {
		return err
	}
	stop, err := deploy.Start(n)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.Out, "%s at nats://%s, process %d, data in %s\n", n.Name, n.Listen, os.Getpid(), n.Store)
	<-p.Ctx.Done()
	stop()
	return nil
}
