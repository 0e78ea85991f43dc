// Package export keeps a second copy of a journal as lines of JSON, in a folder
// that should be on another disk, and checks such a copy. FORMAT.md, in the
// folder above, describes it. It needs no log engine.
//
// [Writer] follows a log by reading it, so that it never holds up who writes it:
// it is a second or so behind. It goes on where it stopped, also after a crash.
// [Read] yields the frames of an export and holds each line against the bytes of
// its frame and each frame against the one before; [Verify] does so to the end.
// The first place that is wrong is named by file and line ([Fault]).
//
// The bytes of each frame are in the export, so that its hashes can be checked
// without writing CBOR, and so that a journal can be mended from it.
package export
