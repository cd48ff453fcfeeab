package app

import (
	"errors"
	"fmt"
	"time"

	"dalil/corpus"
)

// patience ends a run whose store or embedder is down, or whose disk is full:
// each further document would only fail after a long while.
type patience struct {
	limit time.Duration // 0: endless
	since time.Time     // of the first failure after which nothing was written
}

// over reports whether a receipt is one too many.
func (p *patience) over(r corpus.Receipt) bool {
	switch {
	case r.Outcome == corpus.Indexed:
		p.since = time.Time{}
	case p.limit <= 0 || r.Outcome != corpus.Failed:
	case !errors.Is(r.Err, corpus.ErrUnavailable) && !errors.Is(r.Err, corpus.ErrExhausted):
	case p.since.IsZero():
		p.since = time.Now()
	default:
		return time.Since(p.since) >= p.limit
	}
	return false
}

// stopped says why a run ended before its input did.
func (p *patience) stopped(last corpus.Receipt) error {
	return fmt.Errorf("stopped, as nothing could be written for %v (%w); "+
		"the rest was not sent: run the same command again, it sends what lacks", p.limit, last.Err)
}
