package endpoint

import (
	"fmt"

	"dalil/corpus"
)

// maxDimensions is the largest width of vectors.
const maxDimensions = 1 << 16

// CheckDimensions returns an error unless the width of vectors is from least to 65536.
func CheckDimensions(n, least int) error {
	if n >= least && n <= maxDimensions {
		return nil
	}
	return &corpus.InvalidError{Violations: []corpus.Violation{corpus.Outside("dimensions", fmt.Sprintf("%d to %d", least, maxDimensions), fmt.Sprint(n))}}
}
