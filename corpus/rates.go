package corpus

import (
	"fmt"
	"time"
)

// The limits of [Rates], as errors and metrics name them.
const (
	LimitRequests = "requests_per_second"
	LimitTokens   = "tokens_per_second"
	LimitStreams  = "streams"
)

// ErrRateLimited is the kind of a [RateError].
const ErrRateLimited Kind = "rate limited"

// RateError is the error of a call beyond one of the caller's [Rates]. Any caller may
// read it. It matches [ErrRateLimited].
type RateError struct {
	Limit string        // one of the constants above
	Value string        // the limit, for people: "10"
	After time.Duration // when the next try may succeed
}

func (e *RateError) Error() string {
	of := map[string]string{
		LimitRequests: "more than %s requests a second", LimitTokens: "more than %s embedded tokens a second",
		LimitStreams: "more streams at once than %s",
	}[e.Limit]
	return fmt.Sprintf("this caller may not have "+of+"; try again in %v", e.Value, max(e.After, time.Millisecond).Round(time.Millisecond))
}

// Is reports that every RateError is an [ErrRateLimited].
func (e *RateError) Is(target error) bool { return target == ErrRateLimited }

// Caller returns what the limits of a principal are counted by: its tenant and name. Two
// keys of the same name share them.
func (p *Principal) Caller() string {
	if p.Tenant == "" {
		return p.Name
	}
	return TenantKey(p.Tenant, p.Name)
}
