package access

import (
	"context"
	"strings"

	"dalil/corpus"
)

// Prefixed is an authenticator of tokens that begin with a prefix.
type Prefixed struct {
	Prefix        string
	Authenticator Authenticator
}

// Combine returns an authenticator that gives a token to the first one whose prefix it
// has, and any other token to otherwise, which may be nil. Each token is checked by one
// authenticator only, so that its refusal is the answer.
func Combine(otherwise Authenticator, by ...Prefixed) Authenticator {
	return &combined{otherwise, by}
}

type combined struct {
	otherwise Authenticator
	by        []Prefixed
}

// Authenticate implements [Authenticator].
func (a *combined) Authenticate(ctx context.Context, c Credentials) (corpus.Principal, error) {
	if c.Token == "" {
		return corpus.Principal{}, Refuse(Missing, "the call needs an API key or a token")
	}
	for _, one := range a.by {
		if strings.HasPrefix(c.Token, one.Prefix) {
			return one.Authenticator.Authenticate(ctx, c)
		}
	}
	if a.otherwise == nil {
		return corpus.Principal{}, Refuse(Malformed, "the credential is not an API key of this server")
	}
	return a.otherwise.Authenticate(ctx, c)
}
