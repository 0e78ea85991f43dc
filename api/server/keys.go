package server

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"callbox/api/wire"
	"callbox/assign"
)

// Key is who may ask. The secret itself is not kept, only its SHA-256: a
// secret of 256 random bits needs no slower hash.
type Key struct {
	Name    string
	scope   scope
	expires time.Time // zero: never
}

// Keys are those who may ask, by the hash of their secret.
type Keys map[[sha256.Size]byte]*Key

var scopes = []string{"", "read", "write", "admin"} // by scope; each allows what stands before it

// ParseKeys reads a file of keys: a line a key, with its name, its scope (read,
// write or admin), the SHA-256 of its secret in hex, and the instant at which
// it expires if it does. Empty lines and lines that begin with # do not count.
// An error names the line.
func ParseKeys(r io.Reader) (Keys, error) {
	keys := make(Keys)
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) < 3 || len(words) > 4 {
			return nil, fmt.Errorf("line %d: it has %d words; a key is NAME SCOPE SHA256 [EXPIRES]", n, len(words))
		}
		key := &Key{Name: words[0], scope: scope(slices.Index(scopes, words[1]))}
		if !assign.ValidID(key.Name) || key.scope < reads {
			return nil, fmt.Errorf("line %d: the name must be of A-Z a-z 0-9 . _ : - and the scope read, write or admin", n)
		}
		hash, err := hex.DecodeString(words[2])
		if err != nil || len(hash) != sha256.Size {
			return nil, fmt.Errorf("line %d: the third word must be a SHA-256, 64 hex digits", n)
		}
		if len(words) == 4 {
			if key.expires, err = time.Parse(time.RFC3339, words[3]); err != nil {
				return nil, fmt.Errorf("line %d: the fourth word must be an instant such as 2027-01-01T00:00:00Z", n)
			}
		}
		if keys[[sha256.Size]byte(hash)] != nil {
			return nil, fmt.Errorf("line %d: this secret is there twice", n)
		}
		keys[[sha256.Size]byte(hash)] = key
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("there is no key in it; without --keys everybody may ask")
	}
	return keys, nil
}

// admit checks the Authorization header of a request against what its route
// asks for. The look-up is by hash, so its time tells nothing of a secret.
func (k Keys) admit(authorization string, need scope, now time.Time) (*Key, error) {
	if k == nil || need == public {
		return nil, nil
	}
	scheme, secret, _ := strings.Cut(authorization, " ")
	key := k[sha256.Sum256([]byte(secret))]
	if !strings.EqualFold(scheme, "Bearer") || key == nil {
		return nil, wire.Wrong(http.StatusUnauthorized, "no_key", "Authorization",
			"this server asks for a key: Authorization: Bearer SECRET")
	}
	if !key.expires.IsZero() && now.After(key.expires) {
		return nil, wire.Wrong(http.StatusUnauthorized, "key_expired", "Authorization", "this key has expired")
	}
	if key.scope < need {
		return nil, wire.Wrong(http.StatusForbidden, "key_scope", "Authorization",
			"this key may %s; this request needs one that may %s", scopes[key.scope], scopes[need])
	}
	return key, nil
}
