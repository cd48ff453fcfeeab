package authn_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dalil/access"
	"dalil/access/keys"
	"dalil/corpus"
	"dalil/internal/authn"
	"dalil/internal/config"
)

// keyFile makes a file with one key.
func keyFile(t *testing.T) (path, text string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "keys.json")
	_, text, err := keys.Create(path, keys.Key{Name: "bot", Scopes: []string{"search"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return path, text
}

func configured(change func(*config.Access)) config.Access {
	c := config.Default().Access
	change(&c)
	return c
}

func TestNothingIsConfigured(t *testing.T) {
	a, err := authn.Open(config.Default().Access, authn.Options{})
	if a != nil || err != nil {
		t.Errorf("got %v, %v", a, err)
	}
	a.Close()
	if len(a.States()) != 0 {
		t.Error("nothing has states")
	}
}

// Keys and tokens are told apart by the prefix of keys.
func TestKeysAndTokens(t *testing.T) {
	path, text := keyFile(t)
	a, err := authn.Open(configured(func(c *config.Access) {
		c.Keys = path
		c.JWT.Issuer, c.JWT.Audience, c.JWT.KeySet = "https://issuer.example.org", []string{"https://dalil.example.org"}, "../../access/jwt/testdata/jwks.json"
	}), authn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for token, want := range map[string]access.Reason{
		text:                       "",
		text[:60]:                  access.Malformed,
		"":                         access.Missing,
		"eyJhbGciOiJub25lIn0.e30.": access.Unknown,
	} {
		p, err := a.Authenticate(t.Context(), access.Credentials{Token: token})
		if access.ReasonOf(err) != want || err == nil && p.Name != "bot" {
			t.Errorf("%q: %+v, %v", token, p, err)
		}
	}
	if states := a.States(); len(states) != 2 || states[authn.Keys].Loaded.IsZero() || states[authn.JWKS].Loaded.IsZero() {
		t.Errorf("states %+v", states)
	}
}

func TestOnlyOneOfThem(t *testing.T) {
	path, text := keyFile(t)
	onlyKeys, err := authn.Open(configured(func(c *config.Access) { c.Keys = path }), authn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer onlyKeys.Close()
	if _, err := onlyKeys.Authenticate(t.Context(), access.Credentials{Token: "a.b.c"}); access.ReasonOf(err) != access.Malformed {
		t.Errorf("a token without an issuer: %v", err)
	}
	onlyTokens, err := authn.Open(configured(func(c *config.Access) {
		c.JWT.Issuer, c.JWT.Audience, c.JWT.KeySet = "i", []string{"a"}, "http://127.0.0.1:1/jwks"
	}), authn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer onlyTokens.Close()
	if _, err := onlyTokens.Authenticate(t.Context(), access.Credentials{Token: text}); access.ReasonOf(err) != access.Malformed {
		t.Errorf("a key without a file of keys: %v", err)
	}
	const token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.e30.AAAA"
	if _, err := onlyTokens.Authenticate(t.Context(), access.Credentials{Token: token}); corpus.KindOf(err) != corpus.ErrUnavailable {
		t.Errorf("while the issuer does not answer: %v", err)
	}
}

func TestErrorsNameTheSetting(t *testing.T) {
	path, _ := keyFile(t)
	for want, change := range map[string]func(*config.Access){
		"access.keys: read no-such-file: no such file": func(c *config.Access) { c.Keys = "no-such-file" },
		"access.keys: read keys authn_test.go: is not": func(c *config.Access) { c.Keys = "authn_test.go" },
		"access.jwt.jwks: must begin with https://":    func(c *config.Access) { c.Keys, c.JWT.KeySet = path, "ftp://x/jwks" },
		"access.jwt.jwks: read no-such-file: no such":  func(c *config.Access) { c.JWT.KeySet = "no-such-file" },
	} {
		c := configured(func(c *config.Access) {
			c.JWT.Issuer, c.JWT.Audience, c.JWT.KeySet = "i", []string{"a"}, "../../access/jwt/testdata/jwks.json"
			change(c)
		})
		a, err := authn.Open(c, authn.Options{})
		if a.Close(); a != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A file that others can change is in the log as an error.
func TestTheLogOfAFileThatOthersChange(t *testing.T) {
	path, _ := keyFile(t)
	for mode, want := range map[os.FileMode]string{0o602: "level=ERROR", 0o620: "level=WARN", 0o600: ""} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		a, err := authn.Open(configured(func(c *config.Access) { c.Keys = path }), authn.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		a.Close()
		if !strings.Contains(log.String(), want) || want != "" != strings.Contains(log.String(), "can make keys") {
			t.Errorf("mode %o:\n%s", mode, &log)
		}
	}
}

// A file that others can read, and a change that cannot be read, are in the log.
func TestTheLog(t *testing.T) {
	path, _ := keyFile(t)
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	reloaded := make(chan error, 1)
	a, err := authn.Open(configured(func(c *config.Access) { c.Keys = path }), authn.Options{
		Log: slog.New(slog.NewTextHandler(&log, nil)), Reloaded: func(source string, err error) { reloaded <- err },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-reloaded; err == nil {
		t.Error("the broken file was read")
	}
	a.Close()
	for _, want := range []string{"other users of this machine", "cannot read the API keys; the earlier ones stay in use", "ends too early"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not have %q:\n%s", want, &log)
		}
	}
}
