package journal

import "errors"

// Errors of this package, beside assign.ErrSequence and those of package frame.
// They are matched with errors.Is.
var (
	ErrDiskFull  = errors.New("there is too little room for the journal; nothing was written")
	ErrUnknown   = errors.New("nobody knows whether the frame was written; open the journal again to see")
	ErrLocked    = errors.New("the journal is in use; stop the other process first")
	ErrNetworkFS = errors.New("the journal's folder is on a network file system, where neither locks nor syncs can be relied on; use a local disk")
	ErrNoJournal = errors.New("there is no journal in this folder")
	ErrReadOnly  = errors.New("the journal was opened for reading only")
	ErrSettings  = errors.New("the cluster's settings could lose frames; set them right, or have the shard's journal made anew under another name")
	ErrUnsynced  = errors.New("servers that answer before the disk is synced lose what they acknowledged when the power fails")
	ErrSilent    = errors.New("too few of the cluster's servers answer")
	ErrClosed    = errors.New("the journal is closed")
)
