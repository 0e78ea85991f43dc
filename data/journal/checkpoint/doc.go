// Package checkpoint signs what a journal's newest frame is, for witnesses
// outside the reach of those who keep the journal.
//
// The chain of hashes proves that a journal was not changed since its last hash
// became known. To whoever can write all of it, it proves nothing: they make the
// chain anew, or cut off its end. A checkpoint is that last hash, with its frame
// and time, signed with Ed25519 and given away: a log that does not hold the frame
// with that hash is not the log that was kept then.
//
// A checkpoint is a signed note, as golang.org/x/mod/sumdb/note has it, so other
// programs can check it. Its text is four lines:
//
//	callbox journal NAME                 the name of the key
//	42                                   the frame's number
//	9f86d081884c7d65…                    its SHA-256, 64 hexadecimal digits
//	2026-11-24T11:36:05.123Z             when it was signed, in UTC
package checkpoint
