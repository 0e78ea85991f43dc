//go:build !linux && !darwin

package journal

import (
	"errors"
	"os"
)

var errPlatform = errors.New("journals on disk need Linux or macOS: this system offers no lock that ends with its process")

func flock(*os.File) error { return errPlatform }

func freeBytes(string) (free, total int64, err error) { return 0, 0, errPlatform }

func networkFS(string) (string, error) { return "", errPlatform }
