// Package journal keeps the decision log in a folder on a disk. FORMAT.md,
// beside this file, describes it for readers in other languages.
//
// [Disk] satisfies assign/engine.Journal: frames of facts, numbered from 1,
// each durable before Append returns. Package frame turns a frame into bytes and
// back. [Cluster] is the same on other machines: three or more of them keep each
// frame, and DEPLOY.md says how to run them.
//
// # What keeps it
//
// The log engine is NATS JetStream, embedded in this process: it listens on
// nothing and prints nothing. There is one stream with one subject, one message
// a frame, and one writer. It is set to sync the disk for every message before
// it acknowledges; its own default is every two minutes.
//
// # What it guards against
//
//   - The process is killed, or the power fails: what was acknowledged is on the
//     disk. A frame is there whole or not at all.
//   - An answer does not come: the same bytes are sent again with the same
//     expectation of what they follow, which cannot store them twice, until the
//     outcome is known or Options.Patience has passed ([ErrUnknown]).
//   - Two writers: the folder is locked, and each frame says which one it
//     follows ([ErrLocked], assign.ErrSequence). On a cluster only the latter
//     holds: whoever appends next has taken over.
//   - A writer that is lost: another follows what it writes (Cluster.Refresh), hears
//     whether it is there (Cluster.Beats), and takes over by appending.
//   - A cluster that loses what it acknowledged, or is set so that it could: the
//     writer stops, and the followers (frame.ErrDamaged); Cluster.Drift tells.
//   - Bits that rot and files that vanish: every frame has a checksum of its own
//     and the hash of the one before, numbers run without a gap, and a high-water
//     mark beside the log tells how long it was (frame.ErrDamaged, with a
//     frame.Fault that names the frame). The log engine alone would drop such
//     frames without a word.
//   - Rot that nobody reads: Scrub reads all of it again while the journal is in use.
//   - What is damaged all the same: Repair makes the log anew from what is left of
//     it and from an export, as package export writes one.
//   - A full disk: Append stops with room to spare ([ErrDiskFull]).
//   - A log that a newer program wrote is refused rather than misread
//     (frame.ErrVersion, frame.ErrKind).
//
// Whoever can write the files can write a whole log anew, hashes and all. What
// shows that is a hash of the log's end that was kept elsewhere.
package journal
