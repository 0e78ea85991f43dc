package wire

import (
	"bytes"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Decode reads a request from JSON, strictly: unknown and repeated fields, text
// that is not UTF-8 and anything after the value are refused. The error is a
// *Problem of status 400 that names the field.
func Decode(body []byte, v any) error {
	if string(bytes.TrimSpace(body)) == "null" {
		return bad("wrong_type", "", "the body must be an object")
	}
	if err := json.Unmarshal(body, v, strict); err != nil {
		return problem(err, body)
	}
	return nil
}

var strict = json.JoinOptions(
	json.RejectUnknownMembers(true),
	json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(notNull[Need]),
		json.UnmarshalFromFunc(notNull[Position]),
	)),
)

// notNull refuses null where a list is to hold an object: it would be taken for
// an object without fields. In place of a field, null means that it is absent.
func notNull[T any](d *jsontext.Decoder, _ *T) error {
	if d.PeekKind() == jsontext.KindNull {
		return errors.New("null")
	}
	return errors.ErrUnsupported // to be read as usual
}

// problem says what an error of the JSON package means to a caller.
func problem(err error, body []byte) *Problem {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.As(err, &syntax):
		field := path(syntax.JSONPointer)
		switch {
		case errors.Is(err, jsontext.ErrDuplicateName):
			return bad("duplicate_field", field, "field %q is there twice", field)
		case strings.Contains(syntax.Err.Error(), "UTF-8"):
			return bad("not_utf8", field, "the body is not UTF-8, at byte %d", syntax.ByteOffset)
		case len(bytes.TrimSpace(body)) == 0:
			return emptyBody()
		}
		return bad("bad_json", field, "the body is not JSON at byte %d: %v", syntax.ByteOffset, syntax.Err)
	case errors.As(err, &meaning):
		field := path(meaning.JSONPointer)
		if errors.Is(err, json.ErrUnknownName) {
			return bad("unknown_field", field, "there is no field %q here", field)
		}
		return bad("wrong_type", field, "%s must be %s", orBody(field), wanted(meaning.GoType))
	}
	return bad("bad_json", "", "the body cannot be read: %v", err)
}

func emptyBody() *Problem {
	return bad("empty_body", "", "the body is empty; a JSON value is expected")
}

func bad(code, field, format string, args ...any) *Problem {
	return Wrong(http.StatusBadRequest, code, field, format, args...)
}

// path writes a JSON pointer as field names with dots: call.location.lat.
func path(p jsontext.Pointer) string {
	var names []string
	for token := range p.Tokens() {
		names = append(names, strings.ToValidUTF8(token, "?"))
	}
	s := strings.Join(names, ".")
	return strings.ToValidUTF8(s[:min(len(s), 200)], "")
}

func orBody(field string) string {
	if field == "" {
		return "the body"
	}
	return field
}

// wanted says what JSON a Go type is read from.
func wanted(t reflect.Type) string {
	if t == nil {
		return "of another type"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Slice:
		return "an array"
	}
	return "an object"
}

// Encode writes an answer as JSON. Text that is not UTF-8 never gets past
// Decode; if some came another way, an answer with U+FFFD in it is better than
// none.
func Encode(v any) []byte {
	b, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		panic("wire: an answer that JSON cannot write: " + err.Error())
	}
	return b
}
