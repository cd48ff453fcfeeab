package jwt_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/access"
	"dalil/access/accesstest"
	"dalil/access/jwt"
	"dalil/corpus"
)

// fixture is what testdata/make.py prints: a key set and tokens made by PyJWT.
type fixture struct {
	Now      int64           `json:"now"`
	Issuer   string          `json:"issuer"`
	Audience string          `json:"audience"`
	JWKS     json.RawMessage `json:"jwks"`
	Tokens   []struct {
		Name   string        `json:"name"`
		Token  string        `json:"token"`
		Reason access.Reason `json:"reason"` // "": it is accepted
	} `json:"tokens"`
}

func load(t testing.TB) fixture {
	t.Helper()
	raw, err := os.ReadFile("testdata/tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, raw)
}

func parse(t testing.TB, raw []byte) (f fixture) {
	t.Helper()
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Tokens) < 40 {
		t.Fatalf("only %d tokens", len(f.Tokens))
	}
	return f
}

func (f fixture) token(t testing.TB, name string) string {
	t.Helper()
	for _, one := range f.Tokens {
		if one.Name == name {
			return one.Token
		}
	}
	t.Fatalf("there is no token %q", name)
	return ""
}

const leeway = 30 * time.Second

// options accept the valid tokens of the fixture.
func (f fixture) options(now func() time.Time) jwt.Options {
	return jwt.Options{
		Issuer: f.Issuer, Audience: []string{"https://another.example.org", f.Audience}, Leeway: leeway, Now: now,
		Prefix: "dalil.", Tenant: "org", Groups: "roles.groups", Name: "email",
	}
}

// keyFile writes the key set to a file.
func (f fixture) keyFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "jwks.json")
	if err := os.WriteFile(path, f.JWKS, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, o jwt.Options) *jwt.Tokens {
	t.Helper()
	tokens, err := jwt.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tokens.Close)
	return tokens
}

// clock is the time of an authenticator.
type clock struct{ now atomic.Int64 }

func (c *clock) set(t time.Time) { c.now.Store(t.UnixNano()) }
func (c *clock) get() time.Time  { return time.Unix(0, c.now.Load()).UTC() }

func (f fixture) clock() *clock {
	c := &clock{}
	c.set(time.Unix(f.Now, 0))
	return c
}

// subject gives the tokens of a fixture to the suite.
func (f fixture) subject(t *testing.T, o jwt.Options, c *clock) accesstest.Subject {
	end := time.Unix(f.Now+3600, 0).Add(leeway)
	s := accesstest.Subject{Authenticator: open(t, o), Expiring: f.token(t, "ec"), Expires: end, SetTime: c.set}
	for _, token := range f.Tokens {
		if token.Reason != "" {
			s.Refused = append(s.Refused, accesstest.Refused{Name: token.Name, Token: token.Token, Want: token.Reason})
			continue
		}
		want := corpus.Principal{
			Name: "mona@example.org", ID: "jwt:u-123", Scopes: corpus.ScopeSearch | corpus.ScopeWrite, Tenant: "news",
			Groups: []string{"staff", "press and radio"}, Expires: end,
		}
		switch token.Name {
		case "one group":
			want.Groups = []string{"staff and press"}
		case "no groups":
			want.Groups = nil
		case "just over":
			want.Expires = time.Unix(f.Now-25, 0).Add(leeway)
		}
		s.Valid = append(s.Valid, accesstest.Valid{Name: token.Name, Token: token.Token, Want: want})
	}
	return s
}

func TestTokensConform(t *testing.T) {
	f := load(t)
	accesstest.Run(t, func(t *testing.T) accesstest.Subject {
		c := f.clock()
		o := f.options(c.get)
		o.KeySet = f.keyFile(t)
		return f.subject(t, o, c)
	})
}

// The suite passes with the keys from a URL too.
func TestTokensOfAURLConform(t *testing.T) {
	f := load(t)
	accesstest.Run(t, func(t *testing.T) accesstest.Subject {
		c, i := f.clock(), &issuer{}
		i.answer(http.StatusOK, string(f.JWKS))
		o := f.options(c.get)
		o.KeySet, o.Client = "https://issuer.example.org/jwks", &http.Client{Transport: i}
		return f.subject(t, o, c)
	})
}

// Tokens that PyJWT makes now, with new keys, are treated as those of the fixture.
func TestTokensOfPython(t *testing.T) {
	python := os.Getenv("DALIL_TEST_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import jwt, cryptography").Run(); err != nil {
		t.Skipf("%s has no PyJWT with cryptography (DALIL_TEST_PYTHON names another); the tokens in testdata are tested anyway", python)
	}
	raw, err := exec.Command(python, "testdata/make.py").Output()
	if err != nil {
		t.Fatal(err)
	}
	f := parse(t, raw)
	accesstest.Run(t, func(t *testing.T) accesstest.Subject {
		c := f.clock()
		o := f.options(c.get)
		o.KeySet = f.keyFile(t)
		return f.subject(t, o, c)
	})
}

// Without the settings of claims, a token is of the tenant without a name, has no
// groups, and its scopes have no prefix.
func TestClaimsThatAreNotConfigured(t *testing.T) {
	f := load(t)
	c := f.clock()
	tokens := open(t, jwt.Options{Issuer: f.Issuer, Audience: []string{f.Audience}, KeySet: f.keyFile(t), Now: c.get})
	got, err := tokens.Authenticate(t.Context(), access.Credentials{Token: f.token(t, "other scopes")})
	want := corpus.Principal{Name: "u-123", ID: "jwt:u-123", Scopes: corpus.ScopeSearch | corpus.ScopeWrite, Expires: time.Unix(f.Now+3600, 0)}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if _, err := tokens.Authenticate(t.Context(), access.Credentials{Token: f.token(t, "rsa")}); access.ReasonOf(err) != access.Scope || access.NameOf(err) != "u-123" {
		t.Errorf("dalil.search without the prefix: %v for %q", err, access.NameOf(err))
	}
	if _, err := tokens.Authenticate(t.Context(), access.Credentials{Token: f.token(t, "clocks that differ")}); access.ReasonOf(err) != access.Early {
		t.Errorf("without leeway: %v", err)
	}
}

// Only the configured algorithms are accepted, whatever the keys can do.
func TestAlgorithmsAreFixed(t *testing.T) {
	f := load(t)
	c := f.clock()
	o := f.options(c.get)
	o.KeySet, o.Algorithms = f.keyFile(t), []string{"ES256"}
	tokens := open(t, o)
	for name, want := range map[string]access.Reason{"ec": "", "rsa": access.Unknown, "ed": access.Unknown} {
		if _, err := tokens.Authenticate(t.Context(), access.Credentials{Token: f.token(t, name)}); access.ReasonOf(err) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	f := load(t)
	valid := f.options(nil)
	valid.KeySet = f.keyFile(t)
	for want, change := range map[string]func(*jwt.Options){
		"issuer: is empty":                  func(o *jwt.Options) { o.Issuer = "" },
		"audience: is empty":                func(o *jwt.Options) { o.Audience = nil },
		"leeway: must be 0 to 5m0s":         func(o *jwt.Options) { o.Leeway = time.Hour },
		"jwks: is empty":                    func(o *jwt.Options) { o.KeySet = "" },
		"jwks: must begin with https://":    func(o *jwt.Options) { o.KeySet = "http://issuer.example.org/jwks" },
		"jwks: must not have a user":        func(o *jwt.Options) { o.KeySet = "https://u:p@issuer.example.org/jwks" },
		"jwks: is not a valid URL":          func(o *jwt.Options) { o.KeySet = "https://" },
		"algorithms: must be of RS256":      func(o *jwt.Options) { o.Algorithms = []string{"HS256"} },
		"algorithms: must be of RS256, ":    func(o *jwt.Options) { o.Algorithms = []string{"none"} },
		"no-such-file: no such file":        func(o *jwt.Options) { o.KeySet = "no-such-file" },
		"read key set testdata/make.py: is": func(o *jwt.Options) { o.KeySet = "testdata/make.py" },
	} {
		o := valid
		change(&o)
		tokens, err := jwt.Open(o)
		if err == nil {
			tokens.Close()
		}
		if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A withdrawn key ends its tokens, also those that are remembered.
func TestAWithdrawnKey(t *testing.T) {
	f := load(t)
	i, c := &issuer{}, f.clock()
	i.answer(http.StatusOK, string(f.JWKS))
	o := f.options(c.get)
	o.KeySet = f.keyFile(t)
	changed := make(chan error, 1)
	o.Changed = func(err error) { changed <- err }
	tokens := open(t, o)
	ask := func() access.Reason {
		_, err := tokens.Authenticate(t.Context(), access.Credentials{Token: f.token(t, "rsa")})
		return access.ReasonOf(err)
	}
	if got := ask(); got != "" {
		t.Fatal(got)
	}
	if err := os.WriteFile(o.KeySet, f.without(t, "rsa"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-changed; err != nil {
		t.Fatal(err)
	}
	if got := ask(); got != access.Unknown {
		t.Errorf("after its key was withdrawn: %q", got)
	}
}

// without returns the key set without one key.
func (f fixture) without(t testing.TB, kid string) []byte {
	t.Helper()
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := json.Unmarshal(f.JWKS, &set); err != nil {
		t.Fatal(err)
	}
	set.Keys = slices.DeleteFunc(set.Keys, func(k map[string]any) bool { return k["kid"] == kid })
	raw, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func FuzzAuthenticate(f *testing.F) {
	known := load(f)
	accepted := map[string]bool{}
	for _, token := range known.Tokens {
		if len(token.Token) < 2000 {
			f.Add(token.Token)
		}
		accepted[token.Token] = token.Reason == ""
	}
	c := known.clock()
	o := known.options(c.get)
	o.KeySet = known.keyFile(f)
	tokens := open(f, o)
	f.Fuzz(func(t *testing.T, token string) {
		p, err := tokens.Authenticate(context.Background(), access.Credentials{Token: token})
		if (err == nil) != accepted[token] || err != nil && (access.ReasonOf(err) == "" || p.Scopes != 0) {
			t.Errorf("got %+v, %v", p, err)
		}
	})
}

func FuzzKeySet(f *testing.F) {
	known := load(f)
	f.Add([]byte(known.JWKS))
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","kid":"a","x":"AA","y":"AA"}]}`))
	f.Add([]byte(`{"keys":null}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if used, err := jwt.ParseKeySet(raw); err == nil && (used < 1 || used > 100) {
			t.Errorf("%d keys", used)
		}
	})
}

// A token that is remembered adds at most 60 µs to a call.
func BenchmarkKnownToken(b *testing.B) {
	f := load(b)
	o := f.options(f.clock().get)
	o.KeySet = f.keyFile(b)
	tokens := open(b, o)
	token := f.token(b, "rsa")
	for b.Loop() {
		if _, err := tokens.Authenticate(b.Context(), access.Credentials{Token: token}); err != nil {
			b.Fatal(err)
		}
	}
}

// A token that is not accepted is checked each time.
func BenchmarkNewToken(b *testing.B) {
	f := load(b)
	for _, kid := range []string{"rsa", "ec", "ed"} {
		b.Run(kid, func(b *testing.B) {
			c := f.clock()
			c.set(c.get().Add(2 * time.Hour)) // it has expired, so it is not remembered
			o := f.options(c.get)
			o.KeySet = f.keyFile(b)
			tokens := open(b, o)
			token := f.token(b, kid)
			for b.Loop() {
				if _, err := tokens.Authenticate(b.Context(), access.Credentials{Token: token}); access.ReasonOf(err) != access.Expired {
					b.Fatal(err)
				}
			}
		})
	}
}
