package jwt_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dalil/access"
	"dalil/access/jwt"
	"dalil/corpus"
)

// issuer answers requests for the key set without a network.
type issuer struct {
	mu     sync.Mutex
	status int // 0: it does not answer
	body   string
	asked  int
	slow   time.Duration
}

func (i *issuer) answer(status int, body string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.status, i.body = status, body
}

func (i *issuer) requests() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked
}

func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked++
	time.Sleep(i.slow)
	if i.status == 0 {
		return nil, errors.New("connection refused")
	}
	header := http.Header{}
	if i.status == http.StatusFound {
		header.Set("Location", "https://elsewhere.example.org/jwks")
	}
	return &http.Response{StatusCode: i.status, Header: header, Body: io.NopCloser(strings.NewReader(i.body)), Request: r}, nil
}

// remoteTest runs a test in a bubble, where time passes at once.
func remoteTest(t *testing.T, test func(t *testing.T, f fixture, i *issuer, ask func(name string) string, tokens func() *jwt.Tokens)) {
	f := load(t)
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{}
		o := f.options(func() time.Time { return time.Unix(f.Now, 0) })
		o.KeySet, o.Client = "https://issuer.example.org/jwks", &http.Client{Transport: i}
		var made *jwt.Tokens
		tokens := func() *jwt.Tokens {
			if made == nil {
				made = open(t, o)
				t.Cleanup(func() { made = nil })
			}
			return made
		}
		ask := func(name string) string {
			_, err := tokens().Authenticate(t.Context(), access.Credentials{Token: f.token(t, name)})
			switch {
			case err == nil:
				return "ok"
			case corpus.KindOf(err) == corpus.ErrUnavailable:
				return "unavailable"
			}
			return string(access.ReasonOf(err))
		}
		test(t, f, i, ask, tokens)
		if made != nil {
			made.Close()
		}
	})
}

// The server starts while the issuer does not answer. Calls are UNAVAILABLE until it
// does.
func TestTheIssuerIsDownAtTheStart(t *testing.T) {
	remoteTest(t, func(t *testing.T, f fixture, i *issuer, ask func(string) string, tokens func() *jwt.Tokens) {
		for range 3 {
			if got := ask("rsa"); got != "unavailable" {
				t.Errorf("while it is down: %s", got)
			}
		}
		if s := tokens().State(); !s.Loaded.IsZero() || s.Err == nil || !strings.Contains(s.Err.Error(), "https://issuer.example.org/jwks: connection refused") {
			t.Errorf("state %+v", s)
		}
		i.answer(http.StatusOK, string(f.JWKS))
		time.Sleep(11 * time.Second) // nobody asks meanwhile
		synctest.Wait()
		if s := tokens().State(); s.Loaded.IsZero() || s.Err != nil {
			t.Errorf("state %+v", s)
		}
		if got := ask("rsa"); got != "ok" {
			t.Errorf("when it answers: %s", got)
		}
	})
}

// A key that the issuer has just made is found at once. Tokens that name keys which do
// not exist cause one request in ten seconds.
func TestKeysAreRotated(t *testing.T) {
	remoteTest(t, func(t *testing.T, f fixture, i *issuer, ask func(string) string, tokens func() *jwt.Tokens) {
		i.answer(http.StatusOK, string(f.without(t, "ec")))
		i.slow = time.Second // a token arrives while the first request is under way
		if got := ask("rsa"); got != "ok" {
			t.Fatal(got)
		}
		time.Sleep(5 * time.Second)
		if got := i.requests(); got != 1 {
			t.Errorf("%d requests at the start", got)
		}
		if got := ask("ec"); got != "unknown" {
			t.Errorf("a key that is not there yet: %s", got)
		}
		time.Sleep(time.Minute)
		i.answer(http.StatusOK, string(f.JWKS))
		if got := ask("ec"); got != "ok" {
			t.Errorf("a new key: %s", got)
		}
		before := i.requests()
		for range 1000 {
			if got := ask("a key that the issuer does not have"); got != "unknown" {
				t.Fatal(got)
			}
		}
		time.Sleep(11 * time.Second)
		for range 1000 {
			ask("a key that the issuer does not have")
		}
		if got := i.requests() - before; got != 1 {
			t.Errorf("%d requests", got)
		}
		// A withdrawn key is noticed without a reason to ask.
		i.answer(http.StatusOK, string(f.without(t, "rsa")))
		time.Sleep(16 * time.Minute)
		if got := ask("rsa"); got != "unknown" {
			t.Errorf("a withdrawn key: %s", got)
		}
	})
}

// While the issuer gives wrong answers, the earlier keys stay in use.
func TestTheIssuerFailsLater(t *testing.T) {
	remoteTest(t, func(t *testing.T, f fixture, i *issuer, ask func(string) string, tokens func() *jwt.Tokens) {
		i.answer(http.StatusOK, string(f.without(t, "ec")))
		if got := ask("rsa"); got != "ok" {
			t.Fatal(got)
		}
		for want, answer := range map[string]struct {
			status int
			body   string
		}{
			"connection refused":          {},
			"it answers with status 500":  {500, "no"},
			"it redirects":                {http.StatusFound, ""},
			"is not a JSON Web Key Set":   {200, "<html>"},
			`it has no "keys"`:            {200, "{}"},
			"has no key for signatures":   {200, `{"keys": []}`},
			"has 101 keys, more than 100": {200, `{"keys": [{}` + strings.Repeat(",{}", 100) + `]}`},
			"has more than 1048576 bytes": {200, strings.Repeat(" ", 2<<20)},
		} {
			i.answer(answer.status, answer.body)
			time.Sleep(20 * time.Minute)
			synctest.Wait()
			if s := tokens().State(); s.Err == nil || !strings.Contains(s.Err.Error(), want) || !strings.Contains(s.Err.Error(), s.Path) {
				t.Errorf("%s: state %+v", want, s)
			}
			if got := ask("rsa") + " " + ask("ec"); got != "ok unavailable" {
				t.Errorf("%s: %s", want, got)
			}
		}
		i.answer(http.StatusOK, string(f.JWKS))
		time.Sleep(2 * time.Minute)
		if got := ask("rsa") + " " + ask("ec"); got != "ok ok" {
			t.Errorf("well again: %s", got)
		}
	})
}

// A caller that leaves does not wait for the issuer.
func TestACallerThatLeaves(t *testing.T) {
	f := load(t)
	block := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-block }))
	defer s.Close()
	defer close(block)
	o := f.options(func() time.Time { return time.Unix(f.Now, 0) })
	o.KeySet = s.URL
	tokens := open(t, o)
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := tokens.Authenticate(ctx, access.Credentials{Token: f.token(t, "rsa")})
		done <- err
	}()
	leave()
	if err := <-done; corpus.KindOf(err) != corpus.ErrUnavailable {
		t.Errorf("error %v", err)
	}
}
