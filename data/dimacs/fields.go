package dimacs

import (
	"bytes"
	"math"
)

// cut splits the first field off a line.
func cut(line []byte) (field, rest []byte) {
	i := 0
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	j := i
	for j < len(line) && line[j] != ' ' && line[j] != '\t' {
		j++
	}
	return line[i:j], line[j:]
}

// integers reads fields that are all decimal integers, exactly as many as
// there are places for. Numbers beyond 64 bits become the greatest there are.
func integers(line []byte, into ...*int64) bool {
	for _, v := range into {
		var field []byte
		if field, line = cut(line); !integer(field, v) {
			return false
		}
	}
	field, _ := cut(line)
	return len(field) == 0
}

func integer(field []byte, v *int64) bool {
	digits := bytes.TrimPrefix(field, []byte{'-'})
	if len(digits) == 0 {
		return false
	}
	*v = 0
	for _, c := range digits {
		if c < '0' || c > '9' {
			return false
		}
		if *v > (math.MaxInt64-9)/10 {
			*v = math.MaxInt64
			continue
		}
		*v = *v*10 + int64(c-'0')
	}
	if len(digits) < len(field) {
		*v = -*v
	}
	return true
}
