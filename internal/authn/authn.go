// Package authn makes the authenticator of a server from its configuration. Start with
// [Open].
package authn

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"dalil/access"
	"dalil/access/files"
	"dalil/access/jwt"
	"dalil/access/keys"
	"dalil/corpus"
	"dalil/internal/config"
)

// The names of the sources of credentials.
const (
	Keys = "keys" // access.keys
	JWKS = "jwks" // access.jwt.jwks
)

// Options of [Open]. The zero value works.
type Options struct {
	Log *slog.Logger // nil: no log
	// Reloaded is called after each change of a source, for metrics: with nil if the new
	// content is used, else with the reason why the earlier content stays.
	Reloaded func(source string, err error)
	Now      func() time.Time // nil: time.Now
}

// Authenticator authenticates the calls of a server.
type Authenticator struct {
	access.Authenticator
	keys   *keys.Keys
	tokens *jwt.Tokens
}

// Open returns the configured authenticator, or nil if calls need no credential. The
// errors name the keys of the configuration. A key set at an address that does not
// answer is not an error: calls with tokens are UNAVAILABLE until it answers.
func Open(c config.Access, o Options) (*Authenticator, error) {
	if !c.On() {
		return nil, nil
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Authenticator{}
	var by []access.Prefixed
	if c.Keys != "" {
		opened, err := keys.Open(c.Keys, keys.Options{Now: o.Now, Changed: o.changed(Keys, "the API keys")})
		if err != nil {
			return nil, fmt.Errorf("access.keys: %w; dalil keys create makes the file", err)
		}
		a.keys = opened
		by = append(by, access.Prefixed{Prefix: keys.Prefix, Authenticator: opened})
		o.exposed(c.Keys)
	}
	var otherwise access.Authenticator
	if c.JWT.On() {
		opened, err := jwt.Open(o.tokens(c.JWT))
		if err != nil {
			a.Close()
			return nil, named(err)
		}
		a.tokens, otherwise = opened, opened
	}
	a.Authenticator = access.Combine(otherwise, by...)
	return a, nil
}

// exposed logs what other users of the machine may do with the file of API keys.
func (o Options) exposed(path string) {
	switch r, err := files.RightsOf(path); {
	case err != nil: // it was just read
	case r.Write:
		o.Log.Error("other users of this machine can change the file of API keys, so they can make keys with every scope; take the right to write from others", "file", path, "writable", r.At)
	case r.Group:
		o.Log.Warn("a group of users can change the file of API keys, so its members can make keys with every scope", "file", path, "writable", r.At)
	case r.Read:
		o.Log.Warn("other users of this machine can read the file of API keys; it has no secrets, but give it the mode 0600", "file", path)
	}
}

// WarnOfPageTokenKey logs if other users of the machine can read or change the file with the key of page tokens.
// An empty name means that there is none.
func WarnOfPageTokenKey(name string, log *slog.Logger) {
	if name == "" {
		return
	}
	r, err := files.RightsOf(name)
	if err == nil && (r.Read || r.Write || r.Group) {
		log.Warn("other users of this machine can read or change the file of access.page_token_key; give it the mode 0600, and let only its owner write to its folder", "file", name)
	}
}

func (o Options) tokens(c config.JWT) jwt.Options {
	return jwt.Options{
		Issuer: c.Issuer, Audience: c.Audience, Algorithms: c.Algorithms, KeySet: c.KeySet, Refresh: c.Refresh, Leeway: c.Leeway,
		Client: &http.Client{Transport: &http.Transport{
			Proxy:               func(r *http.Request) (*url.URL, error) { return c.Proxy.For(r.URL) },
			TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 64 << 10, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
		}},
		Scopes: c.ScopesClaim, Prefix: c.ScopePrefix, Tenant: c.TenantClaim, Groups: c.GroupsClaim, Name: c.NameClaim,
		Now: o.Now, Changed: o.changed(JWKS, "the issuer's keys"),
	}
}

// named gives the fields of an error the names of their keys.
func named(err error) error {
	if err == nil {
		return nil
	}
	var invalid *corpus.InvalidError
	if !errors.As(err, &invalid) {
		return fmt.Errorf("access.jwt.jwks: %w", err)
	}
	all := &corpus.InvalidError{}
	for _, v := range invalid.Violations {
		v.Field = "access.jwt." + v.Field
		all.Violations = append(all.Violations, v)
	}
	return all
}

// changed logs the changes of a source.
func (o Options) changed(source, what string) func(error) {
	return func(err error) {
		if err != nil {
			o.Log.Error("cannot read "+what+"; the earlier ones stay in use", "cause", err.Error())
		} else {
			o.Log.Info("read " + what)
		}
		if o.Reloaded != nil {
			o.Reloaded(source, err)
		}
	}
}

// Close ends the reading of keys. A nil authenticator may be closed too.
func (a *Authenticator) Close() {
	if a == nil {
		return
	}
	if a.keys != nil {
		a.keys.Close()
	}
	if a.tokens != nil {
		a.tokens.Close()
	}
}

// States returns what is known about the sources, by their names.
func (a *Authenticator) States() map[string]files.State {
	all := map[string]files.State{}
	if a != nil && a.keys != nil {
		all[Keys] = a.keys.State()
	}
	if a != nil && a.tokens != nil {
		all[JWKS] = a.tokens.State()
	}
	return all
}

// KeyEnds returns when the first of the live API keys that end will end, and its name.
// The time is zero if none ends.
func (a *Authenticator) KeyEnds() (time.Time, string) {
	if a == nil || a.keys == nil {
		return time.Time{}, ""
	}
	return a.keys.Until()
}
