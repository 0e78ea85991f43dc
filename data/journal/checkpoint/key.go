package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Public is how the name of the file of a public key ends.
const Public = ".pub"

// MakeKey makes a key of that name, from 32 bytes of chance, and writes it to a
// file that only its owner can read, and its public half to that file's name with
// Public. It overwrites nothing.
func MakeKey(chance io.Reader, name, file string) (public string, err error) {
	private, public, err := note.GenerateKey(chance, name)
	if err != nil {
		return "", err
	}
	if _, err := note.NewVerifier(public); err != nil {
		return "", fmt.Errorf("%q cannot be the name of a key: it must have no spaces and no plus sign", name)
	}
	if err := create(file, 0o600, private); err != nil {
		return "", err
	}
	if err := create(file+Public, 0o644, public); err != nil {
		return "", errors.Join(err, os.Remove(file)) // half a key is none
	}
	return public, nil
}

func create(file string, mode os.FileMode, line string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.WriteString(line + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

// ReadSigner reads a key from its file.
func ReadSigner(file string) (note.Signer, error) {
	line, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := note.NewSigner(strings.TrimSpace(string(line)))
	if err != nil {
		return nil, fmt.Errorf("%s: it is no key; callbox checkpoint key makes one", file)
	}
	return key, nil
}

// ReadVerifier reads the public half of a key from its file.
func ReadVerifier(file string) (note.Verifier, error) {
	line, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := note.NewVerifier(strings.TrimSpace(string(line)))
	if err != nil {
		return nil, fmt.Errorf("%s: it is no public key; callbox checkpoint key makes one, in the file that ends in %s", file, Public)
	}
	return key, nil
}
