// Package api holds the description of the wire that the server publishes and
// the tests check every answer against.
package api

import _ "embed"

// OpenAPI is the description of the HTTP API, OpenAPI 3.0 in YAML.
//
//go:embed openapi.yaml
var OpenAPI []byte
