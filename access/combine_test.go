package access_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/access"
	"dalil/access/accesstest"
	"dalil/corpus"
)

// table is an authenticator of a user: tokens in a map.
type table struct {
	known map[string]corpus.Principal
	now   *atomic.Pointer[time.Time]
}

func (t *table) Authenticate(_ context.Context, c access.Credentials) (corpus.Principal, error) {
	p, known := t.known[c.Token]
	switch {
	case c.Token == "":
		return p, access.Refuse(access.Missing, "the call needs a token")
	case !known:
		return p, access.Refuse(access.Unknown, "the token is not known")
	case !p.Expires.IsZero() && !t.now.Load().Before(p.Expires):
		return corpus.Principal{}, access.Refuse(access.Expired, "the token has expired")
	}
	return p, nil
}

// An implementation of a user passes the suite, alone and behind Combine.
func TestAnotherImplementationConforms(t *testing.T) {
	start := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	first := corpus.Principal{Name: "first", ID: "1", Scopes: corpus.ScopeSearch, Tenant: "news", Groups: []string{"staff"}}
	second := corpus.Principal{Name: "second", ID: "2", Scopes: corpus.ScopeAdmin, Expires: start.Add(time.Hour)}
	var now atomic.Pointer[time.Time]
	tokens := func(of map[string]corpus.Principal) *table { return &table{known: of, now: &now} }
	for name, open := range map[string]func() access.Authenticator{
		"alone": func() access.Authenticator {
			return tokens(map[string]corpus.Principal{"key_0123456789": first, "token.0123456789": second})
		},
		"combined": func() access.Authenticator {
			return access.Combine(tokens(map[string]corpus.Principal{"token.0123456789": second}),
				access.Prefixed{Prefix: "key_", Authenticator: tokens(map[string]corpus.Principal{"key_0123456789": first})})
		},
	} {
		t.Run(name, func(t *testing.T) {
			accesstest.Run(t, func(*testing.T) accesstest.Subject {
				now.Store(&start)
				return accesstest.Subject{
					Authenticator: open(),
					Valid:         []accesstest.Valid{{Name: "a key", Token: "key_0123456789", Want: first}, {Name: "a token", Token: "token.0123456789", Want: second}},
					Refused:       []accesstest.Refused{{Name: "another key", Token: "key_9876543210", Want: access.Unknown}, {Name: "another token", Token: "token.9876543210", Want: access.Unknown}},
					Expiring:      "token.0123456789", Expires: start.Add(time.Hour), SetTime: func(at time.Time) { now.Store(&at) },
				}
			})
		})
	}
}

// A token goes to one authenticator only, and none is asked without a token.
func TestCombineAsksOne(t *testing.T) {
	refuses := func(message string) access.Authenticator { return refuser(message) }
	both := access.Combine(refuses("otherwise"), access.Prefixed{Prefix: "a_", Authenticator: refuses("a")}, access.Prefixed{Prefix: "b_", Authenticator: refuses("b")})
	for token, want := range map[string]string{"a_1": "a", "b_1": "b", "c": "otherwise", "": "the call needs an API key or a token"} {
		if _, err := both.Authenticate(t.Context(), access.Credentials{Token: token}); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %q", token, err, want)
		}
	}
	if _, err := access.Combine(nil).Authenticate(t.Context(), access.Credentials{Token: "c"}); access.ReasonOf(err) != access.Malformed || !strings.Contains(err.Error(), "API key") {
		t.Errorf("no authenticator: %v", err)
	}
}

type refuser string

func (r refuser) Authenticate(context.Context, access.Credentials) (corpus.Principal, error) {
	return corpus.Principal{}, access.Refuse(access.Unknown, string(r))
}
