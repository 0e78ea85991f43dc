// Package wire is what goes over HTTP: the requests and answers of version 1,
// as JSON, and their translation to and from package assign. It knows nothing
// of HTTP but the status of a problem.
//
// Conventions (api/openapi.yaml says them in full): places are
// {"lat": 40.6782, "lon": -73.9442}, durations are numbers in fields that end
// in _seconds, lengths in _meters, instants are RFC 3339 with a zone, IDs are 1
// to 128 of A-Z a-z 0-9 . _ : -, and a field that is not known is refused.
package wire
