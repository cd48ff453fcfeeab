package endpoint

import (
	"fmt"

	"dalil/corpus"
)

// maxDimensions is the greatest width of vectors that an endpoint is asked for.
const maxDimensions = 1 << 16

// CheckDimensions refuses a width of vectors that is not least to 65536.
func CheckDimensions(n, least int) error {
	if n >= least && n <= maxDimensions {
		return nil
	}
	return &corpus.InvalidError{Violations: []corpus.Violation{corpus.Outside("dimensions", fmt.Sprintf("%d to %d", least, maxDimensions), fmt.Sprint(n))}}
}
