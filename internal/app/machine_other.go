//go:build !unix

package app

import (
	"errors"
	"math"
)

// freeBytes can't be told here.
func freeBytes(string) (int64, error) { return math.MaxInt64, nil }

// openFiles can't be told here.
func openFiles() uint64 { return 0 }

// diskSpace can't be told here.
func diskSpace(string) (free, size uint64, err error) { return 0, 0, errors.ErrUnsupported }
