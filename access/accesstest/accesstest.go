// Package accesstest is the conformance suite of [access.Authenticator]. Every
// implementation passes it. Start with [Run].
package accesstest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/access"
	"dalil/corpus"
)

// Subject is an authenticator with credentials for it.
type Subject struct {
	Authenticator access.Authenticator
	// Valid credentials and the principals that they give.
	Valid []Valid
	// Refused credentials and why.
	Refused []Refused
	// Expiring is valid now. SetTime moves the clock of the authenticator.
	Expiring string
	Expires  time.Time // the first moment at which Expiring is refused
	SetTime  func(time.Time)
}

// Valid is a credential that is accepted.
type Valid struct {
	Name  string
	Token string
	Want  corpus.Principal
}

// Refused is a credential that is not accepted.
type Refused struct {
	Name  string
	Token string
	Want  access.Reason // access.Scope: a valid credential that allows nothing
}

// Run tests an implementation. Each test opens a new one.
func Run(t *testing.T, open func(*testing.T) Subject) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Subject)
	}{
		{"NoCredential", noCredential},
		{"Valid", valid},
		{"Refused", refused},
		{"Forged", forged},
		{"Expires", expires},
		{"Concurrent", concurrent},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open(t)) })
	}
}

func ask(t *testing.T, s Subject, token string) (corpus.Principal, error) {
	t.Helper()
	p, err := s.Authenticator.Authenticate(t.Context(), access.Credentials{Token: token})
	if err != nil {
		if !cmp.Equal(p, corpus.Principal{}) {
			t.Errorf("the error %v comes with a principal: %+v", err, p)
		}
		if leaked(err.Error(), token) {
			t.Errorf("the error has a part of the credential: %v", err)
		}
	}
	return p, err
}

// leaked reports whether a text has eight characters in a row of a credential, other
// than its public beginning.
func leaked(text, token string) bool {
	for i := 16; i+8 <= len(token); i++ {
		if strings.Contains(text, token[i:i+8]) {
			return true
		}
	}
	return false
}

// check reports an error that is not a refusal for a reason.
func check(t *testing.T, name string, err error, want access.Reason) {
	t.Helper()
	if err == nil {
		t.Errorf("%s: it was accepted", name)
		return
	}
	kind := corpus.ErrUnauthenticated
	if want == access.Scope {
		kind = corpus.ErrForbidden
	}
	var r *access.Refusal
	if !errors.As(err, &r) || !errors.Is(err, kind) || r.Message == "" || want != "" && r.Reason != want {
		t.Errorf("%s: error %v of reason %q, want %q", name, err, access.ReasonOf(err), want)
	}
}

func noCredential(t *testing.T, s Subject) {
	_, err := ask(t, s, "")
	check(t, "no credential", err, access.Missing)
}

func valid(t *testing.T, s Subject) {
	if len(s.Valid) == 0 {
		t.Fatal("there are no valid credentials")
	}
	for range 2 { // the second time it may be remembered
		for _, v := range s.Valid {
			got, err := ask(t, s, v.Token)
			if err != nil {
				t.Errorf("%s: %v", v.Name, err)
				continue
			}
			if diff := cmp.Diff(v.Want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", v.Name, diff)
			}
			if got.Scopes == 0 || got.Name == "" || got.ID == "" {
				t.Errorf("%s: %+v has no scope, name or id", v.Name, got)
			}
			if cap(got.Groups) != len(got.Groups) {
				t.Errorf("%s: appending to the groups would change those of other calls", v.Name)
			}
		}
	}
}

func refused(t *testing.T, s Subject) {
	if len(s.Refused) == 0 {
		t.Fatal("there are no refused credentials")
	}
	for range 2 {
		for _, r := range s.Refused {
			_, err := ask(t, s, r.Token)
			check(t, r.Name, err, r.Want)
		}
	}
}

// forged changes valid credentials in every place.
func forged(t *testing.T, s Subject) {
	token := s.Valid[0].Token
	forgeries := map[string]string{
		"twice": token + token, "a space before": " " + token, "a space after": token + " ", "a line": token + "\n",
		"a byte of zero": token + "\x00", "capitals": strings.ToUpper(token), "not UTF-8": token[:len(token)-1] + "\xff",
		"long": strings.Repeat("A", 2*access.MaxTokenBytes), "longer": token + strings.Repeat("A", access.MaxTokenBytes),
		"a dot": ".", "dots": "..", "a scheme": "Bearer " + token,
	}
	for i := range token {
		forgeries["cut at "+token[:i]] = token[:i]
		for _, with := range []byte("A_") {
			if token[i] != with {
				forgeries["changed"+token[:i]+string(with)] = token[:i] + string(with) + token[i+1:]
			}
		}
	}
	for name, forgery := range forgeries {
		if forgery == "" {
			continue
		}
		if p, err := s.Authenticator.Authenticate(t.Context(), access.Credentials{Token: forgery}); err == nil || access.ReasonOf(err) == "" || p.Scopes != 0 {
			t.Errorf("%s: got %+v, %v", name, p, err)
		}
	}
	if _, err := ask(t, s, token); err != nil {
		t.Errorf("the real one is refused afterwards: %v", err)
	}
}

func expires(t *testing.T, s Subject) {
	p, err := ask(t, s, s.Expiring)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Expires.Equal(s.Expires) {
		t.Errorf("the principal expires at %v, want %v", p.Expires, s.Expires)
	}
	s.SetTime(s.Expires.Add(-time.Millisecond))
	if _, err := ask(t, s, s.Expiring); err != nil {
		t.Errorf("just before the end: %v", err)
	}
	for _, at := range []time.Time{s.Expires, s.Expires.Add(time.Hour)} {
		s.SetTime(at)
		_, err := ask(t, s, s.Expiring)
		check(t, "afterwards", err, access.Expired)
	}
}

func concurrent(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var callers sync.WaitGroup
	for i := range 8 {
		callers.Go(func() {
			for n := range 20 {
				v, r := s.Valid[(i+n)%len(s.Valid)], s.Refused[(i+n)%len(s.Refused)]
				if p, err := s.Authenticator.Authenticate(ctx, access.Credentials{Token: v.Token}); err != nil || !cmp.Equal(v.Want, p) {
					t.Errorf("%s: %+v, %v", v.Name, p, err)
				}
				if _, err := s.Authenticator.Authenticate(ctx, access.Credentials{Token: r.Token}); err == nil {
					t.Errorf("%s: it was accepted", r.Name)
				}
			}
		})
	}
	callers.Wait()
}
