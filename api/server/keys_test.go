package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"
)

// keyFile writes a file of keys whose secrets are their names with "-secret".
func keyFile(lines ...string) string {
	var b strings.Builder
	b.WriteString("# name scope sha256 [expires]\n\n")
	for _, line := range lines {
		words := strings.Fields(line)
		hash := sha256.Sum256([]byte(words[0] + "-secret"))
		b.WriteString(words[0] + " " + words[1] + " " + hex.EncodeToString(hash[:]) + " " + strings.Join(words[2:], " ") + "\n")
	}
	return b.String()
}

func withKeys(t *testing.T, lines ...string) func(*bench) {
	t.Helper()
	keys, err := ParseKeys(strings.NewReader(keyFile(lines...)))
	if err != nil {
		t.Fatal(err)
	}
	return func(b *bench) { b.keys, b.secret = keys, "admin-secret" }
}

func TestScopes(t *testing.T) {
	b := newBench(t, withKeys(t, "reader read", "writer write", "admin admin"))
	b.signOn("u1", corner(0, 0))
	may := map[string]scope{"": public, "reader-secret": reads, "writer-secret": writes, "admin-secret": administers}
	loose := context.WithValue(context.Background(), loosely{}, true)
	for secret, scope := range may {
		b.secret = secret
		for _, r := range routes {
			if r.path == "/v1/events" {
				continue
			}
			path := strings.Replace(r.path, "{id}", "u1", 1)
			var body any
			if r.limit > 0 {
				body = "no JSON" // those who may ask are told that it is none
			}
			got := b.send(loose, r.method, path, body)
			refused := got.status == http.StatusUnauthorized || got.status == http.StatusForbidden
			switch {
			case refused != (r.scope > scope):
				t.Errorf("%s %s with %q: %d", r.method, path, secret, got.status)
			case refused && !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer "):
				t.Errorf("%s %s with %q: WWW-Authenticate: %q", r.method, path, secret, got.header.Get("WWW-Authenticate"))
			case refused && (got.status == http.StatusUnauthorized) != (secret == ""):
				t.Errorf("%s %s with %q: %d", r.method, path, secret, got.status)
			}
		}
	}
}

func TestKeysThatOpenNothing(t *testing.T) {
	past, future := time.Now().Add(-time.Second).UTC().Format(time.RFC3339), time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	b := newBench(t, withKeys(t, "admin admin", "old admin "+past, "young admin "+future))
	for header, code := range map[string]string{
		"":                         "no_key",
		"Bearer":                   "no_key",
		"Bearer ":                  "no_key",
		"Bearer nobody":            "no_key",
		"admin-secret":             "no_key",
		"Basic admin-secret":       "no_key",
		"Bearer admin-secret ":     "", // the blank behind is not part of a header's value
		"Bearer admin-secretx":     "no_key",
		"Bearer  admin-secret":     "no_key",
		"Bearer old-secret":        "key_expired",
		"Bearer young-secret":      "",
		"bearer young-secret":      "",
		"Bearer admin-secret,more": "no_key",
	} {
		b.secret = ""
		r := b.send(context.Background(), "GET", "/v1/digest", nil, "Authorization: "+header)
		var want = http.StatusUnauthorized
		if code == "" {
			want = http.StatusOK
		}
		if r.status != want || !strings.Contains(string(r.body), code) {
			t.Errorf("%q: %d %s, want %q", header, r.status, r.body, code)
		}
	}
}

// Two clients may choose the same Idempotency-Key: each has its own.
func TestKeysOfClientsAreApart(t *testing.T) {
	b := newBench(t, withKeys(t, "admin admin", "one write", "two write"))
	b.secret = "one-secret"
	first := b.do("POST", "/v1/assign", someCall, nil, key)
	b.replayed(first, "POST", "/v1/assign", someCall, key)
	b.secret = "two-secret"
	if r := b.do("POST", "/v1/assign", someCall, nil, key); string(r.body) == string(first.body) || r.header.Get("Idempotency-Replayed") != "" {
		t.Errorf("another client gets %s", r.body)
	}
}

func TestKeyFiles(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	for text, want := range map[string]string{
		"":                                    "no key in it",
		"# nothing":                           "no key in it",
		"a read":                              "line 1",
		"\na read " + hash[1:]:                "line 2",
		"a read " + hash + "zz":               "line 1",
		"a all " + hash:                       "line 1",
		"a b read " + hash:                    "line 1",
		"a/b read " + hash:                    "line 1",
		"a read " + hash + " tomorrow":        "line 1",
		"a read " + hash + "\nb read " + hash: "line 2",
	} {
		if _, err := ParseKeys(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", text, err, want)
		}
	}
	if keys, err := ParseKeys(strings.NewReader("  a   read\t" + hash + "  2027-01-01T00:00:00+01:00\r\n#\n\nb admin " + strings.Repeat("cd", 32))); err != nil || len(keys) != 2 {
		t.Errorf("got %v, %v", keys, err)
	}
}

// A key's secret is nowhere in what the server tells.
func TestSecretsAreNotTold(t *testing.T) {
	b := newBench(t, withKeys(t, "admin admin"))
	for _, path := range []string{"/metrics", "/readyz", "/v1/policy"} {
		if r := b.do("GET", path, nil, nil); strings.Contains(string(r.body), "secret") {
			t.Errorf("%s: %s", path, r.body)
		}
	}
	b.secret = "wrong-secret"
	r := b.send(context.Background(), "GET", "/v1/digest", nil)
	if strings.Contains(string(r.body), "wrong-secret") {
		t.Errorf("got %s", r.body)
	}
}
