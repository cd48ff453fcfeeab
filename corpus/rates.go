package corpus

import (
	"fmt"
	"strings"
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

// TokenPrefix begins the id of a principal that a token (JWT) stands for; the subject of
// the token follows. No name of a key contains a colon.
const TokenPrefix = "jwt:"

// Caller returns what the limits of a principal are counted by: its tenant and name, or
// of a token its tenant and subject, because users may choose the name in a token. Two
// keys of the same name share their limits. A token shares none with a key.
func (p *Principal) Caller() string {
	name := p.Name
	if strings.HasPrefix(p.ID, TokenPrefix) {
		name = p.ID
	}
	if p.Tenant == "" {
		return name
	}
	return TenantKey(p.Tenant, name)
}
