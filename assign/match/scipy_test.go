package match

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// scipy is a Python process that solves problems with
// scipy.optimize.linear_sum_assignment and times itself.
type scipy struct {
	version string
	file    string
	in      io.Writer
	out     *bufio.Reader
}

const scipyProgram = `
import sys, time, numpy, scipy
from scipy.optimize import linear_sum_assignment
print(scipy.__version__, flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == "load":
        c = numpy.fromfile(words[3], dtype="<i8").reshape(int(words[1]), int(words[2])).astype(float)
        print("loaded", flush=True)
    else:
        start = time.perf_counter()
        rows, columns = linear_sum_assignment(c)
        took = time.perf_counter() - start
        print(int(took * 1e9), int(c[rows, columns].sum()), flush=True)
`

// startScipy is nil where there is no scipy. Debian has it for its own Python.
func startScipy(b *testing.B) *scipy {
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		cmd := exec.Command(python, "-c", scipyProgram)
		in, inErr := cmd.StdinPipe()
		out, outErr := cmd.StdoutPipe()
		if errors.Join(inErr, outErr) != nil || cmd.Start() != nil {
			continue
		}
		s := &scipy{file: filepath.Join(b.TempDir(), "matrix"), in: in, out: bufio.NewReader(out)}
		stop := func() { _, _ = in.Close(), cmd.Wait() }
		if _, err := fmt.Fscan(s.out, &s.version); err != nil {
			stop()
			continue
		}
		b.Cleanup(stop)
		return s
	}
	return nil
}

func (s *scipy) load(b *testing.B, t Table) {
	file, err := os.Create(s.file)
	if err == nil {
		err = errors.Join(binary.Write(file, binary.LittleEndian, t.Costs), file.Close())
	}
	var loaded string
	if err == nil {
		_, err = fmt.Fprintln(s.in, "load", t.Rows, t.Columns, s.file)
	}
	if err == nil {
		_, err = fmt.Fscan(s.out, &loaded)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func (s *scipy) solve(b *testing.B) (took time.Duration, total int64) {
	if _, err := fmt.Fprintln(s.in, "solve"); err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Fscan(s.out, &took, &total); err != nil {
		b.Fatal(err)
	}
	return took, total
}
