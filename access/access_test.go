package access_test

import (
	"errors"
	"strings"
	"testing"

	"dalil/access"
	"dalil/corpus"
)

func TestTokenOfACall(t *testing.T) {
	long := strings.Repeat("a", access.MaxTokenBytes+1)
	for name, test := range map[string]struct {
		authorization, apiKey []string
		want                  string // "!": refused
	}{
		"none":                   {},
		"bearer":                 {authorization: []string{"Bearer abc"}, want: "abc"},
		"the scheme in capitals": {authorization: []string{"BEARER  abc "}, want: "abc"},
		"a key":                  {apiKey: []string{" abc"}, want: "abc"},
		"both, the same":         {authorization: []string{"Bearer abc"}, apiKey: []string{"abc"}, want: "abc"},
		"both, different":        {authorization: []string{"Bearer abc"}, apiKey: []string{"abd"}, want: "!"},
		"another scheme":         {authorization: []string{"Basic YTpi"}, want: "!"},
		"no scheme":              {authorization: []string{"abc"}, want: "!"},
		"no token":               {authorization: []string{"Bearer "}, want: "!"},
		"only the scheme":        {authorization: []string{"Bearer"}, want: "!"},
		"an empty field":         {authorization: []string{""}, want: "!"},
		"an empty key":           {apiKey: []string{""}, want: "!"},
		"twice":                  {authorization: []string{"Bearer abc", "Bearer abc"}, want: "!"},
		"a key twice":            {apiKey: []string{"abc", "abc"}, want: "!"},
		"too long":               {apiKey: []string{long}, want: "!"},
	} {
		got, err := access.Token(test.authorization, test.apiKey)
		if refused := test.want == "!"; refused != (err != nil) || !refused && got != test.want {
			t.Errorf("%s: got %q, %v; want %q", name, got, err, test.want)
		}
		if err != nil && (!errors.Is(err, corpus.ErrUnauthenticated) || access.ReasonOf(err) != access.Malformed || got != "" || strings.Contains(err.Error(), "YTpi")) {
			t.Errorf("%s: got %q, error %v of reason %q", name, got, err, access.ReasonOf(err))
		}
	}
}

func TestRequire(t *testing.T) {
	for _, test := range []struct {
		has, needs corpus.Scope
		allowed    bool
	}{
		{corpus.ScopeSearch, corpus.ScopeSearch, true},
		{corpus.ScopeSearch, corpus.ScopeWrite, false},
		{corpus.ScopeAdmin, corpus.ScopeWrite, true},
		{0, corpus.ScopeSearch, false},
	} {
		err := access.Require(corpus.Principal{Scopes: test.has}, test.needs)
		if (err == nil) != test.allowed || err != nil && (corpus.KindOf(err) != corpus.ErrForbidden || access.ReasonOf(err) != access.Scope) {
			t.Errorf("%v, needs %v: %v of reason %q", test.has, test.needs, err, access.ReasonOf(err))
		}
	}
}
