// Package frame turns the frames of a journal into bytes and back, and checks
// that they follow each other. FORMAT.md, in the folder above, describes it for
// readers in other languages. It knows nothing of disks and of log engines.
//
// [Encode] and [Decode] write and read one frame, by CBOR with a checksum. A
// [Link] in each frame ties it to the one before, by that one's SHA-256; a
// [Chain] follows the links. So a frame that was changed, exchanged, left out or
// put in is found by the one after it, even if its checksum was made to fit.
// Only the newest has none after it: whoever keeps its hash elsewhere can hold
// the whole log against it.
package frame
