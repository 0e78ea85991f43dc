// Package server answers HTTP/1.1 on fasthttp. It decodes a request into a
// struct of its own, has the engine carry it out, and writes the answer as
// package wire says it; it decides nothing.
//
// No handler sees a fasthttp.RequestCtx, whose memory is used again for the
// next request: transport.go copies what a handler needs into a request, and
// writes what it returns. A panic in a handler answers 500 and is logged; the
// server lives on.
package server
