package journal

import (
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// setting is one of a stream's settings, as JetStream names it: what it is, and
// what a journal needs.
type setting struct {
	name       string
	have, want any
}

// settings are those by which a stream can lose frames, change them, or show
// what is not so.
func settings(have, want *jetstream.StreamConfig) []setting {
	return []setting{
		{"subjects", have.Subjects, want.Subjects},
		{"storage", have.Storage, want.Storage},
		{"num_replicas", min(have.Replicas, want.Replicas), want.Replicas}, // more are good
		{"retention", have.Retention, want.Retention},
		{"discard", have.Discard, want.Discard},
		{"max_age", have.MaxAge, want.MaxAge},
		{"max_msgs", unlimited(have.MaxMsgs), unlimited(want.MaxMsgs)},
		{"max_bytes", unlimited(have.MaxBytes), unlimited(want.MaxBytes)},
		{"max_msgs_per_subject", unlimited(have.MaxMsgsPerSubject), unlimited(want.MaxMsgsPerSubject)},
		{"max_msg_size", have.MaxMsgSize, want.MaxMsgSize},
		{"first_seq", max(have.FirstSeq, 1), max(want.FirstSeq, 1)},
		{"no_ack", have.NoAck, want.NoAck},
		{"sealed", have.Sealed, want.Sealed},
		{"deny_delete", have.DenyDelete, want.DenyDelete},
		{"deny_purge", have.DenyPurge, want.DenyPurge},
		{"compression", have.Compression, want.Compression},
		{"persist_mode", have.PersistMode, want.PersistMode}, // async: without the syncs that the server is set to
		{"allow_direct", have.AllowDirect, want.AllowDirect}, // any replica would answer, with what it knows
		{"allow_rollup_hdrs", have.AllowRollup, want.AllowRollup},
		{"allow_msg_ttl", have.AllowMsgTTL, want.AllowMsgTTL},
		{"allow_msg_counter", have.AllowMsgCounter, want.AllowMsgCounter},
		{"allow_msg_schedules", have.AllowMsgSchedules, want.AllowMsgSchedules},
		{"mirror", have.Mirror != nil, want.Mirror != nil},
		{"sources", len(have.Sources), len(want.Sources)},
		{"subject_transform", have.SubjectTransform != nil, want.SubjectTransform != nil},
	}
}

// unlimited gives all that means no limit the same number.
func unlimited(n int64) int64 { return max(n, 0) }

// drifted names the settings of a stream that are not what a journal needs.
func drifted(have, want *jetstream.StreamConfig) error {
	var wrong []string
	for _, s := range settings(have, want) {
		if h, w := fmt.Sprint(s.have), fmt.Sprint(s.want); h != w {
			wrong = append(wrong, fmt.Sprintf("%s is %s, and must be %s", s.name, h, w))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%w: stream %s: %s", ErrSettings, have.Name, strings.Join(wrong, "; "))
}
