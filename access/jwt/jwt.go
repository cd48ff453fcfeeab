// Package jwt authenticates calls by JSON Web Tokens (RFC 7519) that an issuer signed.
// Start with [Open].
package jwt

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"
	"github.com/maypok86/otter/v2"

	"dalil/access"
	"dalil/access/files"
	"dalil/corpus"
)

// The limits of [Options].
const (
	MaxLeeway = 5 * time.Minute
	cached    = 10_000 // verified tokens that are remembered
)

// Algorithms returns the algorithms that a server can accept. There are no others: the
// symmetric ones and "none" would let anybody sign who can read a public key.
func Algorithms() []string {
	return []string{
		gojwt.SigningMethodRS256.Alg(), gojwt.SigningMethodRS384.Alg(), gojwt.SigningMethodRS512.Alg(),
		gojwt.SigningMethodES256.Alg(), gojwt.SigningMethodES384.Alg(), gojwt.SigningMethodEdDSA.Alg(),
	}
}

// Options say which tokens are accepted and what their claims mean.
type Options struct {
	Issuer     string   // the value of iss; required
	Audience   []string // aud must have one of these; required
	Algorithms []string // of the signature; empty: RS256, ES256 and EdDSA
	// KeySet is where the issuer's public keys are: the URL of a JSON Web Key Set
	// (https, or http on loopback) or the path of a file; required.
	KeySet  string
	Client  *http.Client  // for the URL; its redirects are refused
	Refresh time.Duration // how often a URL is read again; 0: 15 minutes
	// Leeway is how far the clocks of issuer and server may differ; 0: none.
	Leeway time.Duration

	Scopes string // the claim of the scopes, a list or a text with spaces; empty: "scope"
	Prefix string // begins each value that is a scope of Dalil: "dalil." for "dalil.search"
	Tenant string // the claim of the tenant, which each token must have; empty: tokens are of the tenant without a name
	Groups string // the claim of the groups, a list or one text; empty: tokens have no groups
	Name   string // the claim of the name for logs; empty: "sub"

	Now     func() time.Time // nil: time.Now
	Changed func(err error)  // after each change of the key set, and the first of failures in a row
}

// Tokens is an [access.Authenticator] of JSON Web Tokens. A verified token is
// remembered until it expires or its key is withdrawn.
type Tokens struct {
	o        Options
	parser   *gojwt.Parser
	keys     source
	verified *otter.Cache[[sha256.Size]byte, remembered]
}

type remembered struct {
	principal corpus.Principal
	keys      *keySet // by which it was verified
}

// source has the keys of an issuer.
type source interface {
	// current returns the newest keys, or nil if there are none yet.
	current() *keySet
	// newer returns the keys after a look for a key that previous does not have, if it
	// is time to look; it may return previous. The error is that of the last look.
	newer(ctx context.Context, previous *keySet) (*keySet, error)
	state() files.State
	close()
}

// Open returns the authenticator of an issuer's tokens. A file of keys must be readable.
// A URL need not answer: until it does, Authenticate returns [corpus.ErrUnavailable].
func Open(o Options) (*Tokens, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Refresh <= 0 {
		o.Refresh = 15 * time.Minute
	}
	if len(o.Algorithms) == 0 {
		o.Algorithms = []string{"RS256", "ES256", "EdDSA"}
	}
	if o.Scopes == "" {
		o.Scopes = "scope"
	}
	if o.Name == "" {
		o.Name = "sub"
	}
	if err := o.Validate(); err != nil {
		return nil, err
	}
	keys, err := openSource(o)
	if err != nil {
		return nil, err
	}
	return &Tokens{
		o: o, keys: keys,
		parser: gojwt.NewParser(
			gojwt.WithValidMethods(o.Algorithms), gojwt.WithIssuer(o.Issuer), gojwt.WithAudience(o.Audience...), gojwt.WithExpirationRequired(),
			gojwt.WithIssuedAt(), gojwt.WithLeeway(o.Leeway), gojwt.WithTimeFunc(o.Now), gojwt.WithStrictDecoding(),
		),
		verified: otter.Must(&otter.Options[[sha256.Size]byte, remembered]{MaximumSize: cached}),
	}, nil
}

// Validate returns an InvalidError for the first option that is not valid. The fields
// have the names of the configuration's keys.
func (o Options) Validate() error {
	switch {
	case o.Issuer == "":
		return corpus.Invalid("issuer", "is empty; it must be the iss of the tokens")
	case len(o.Audience) == 0 || slices.Contains(o.Audience, ""):
		return corpus.Invalid("audience", "is empty; it must be the aud of the tokens for this server, else tokens for other services would be accepted")
	case o.Leeway < 0 || o.Leeway > MaxLeeway:
		return corpus.Invalid("leeway", fmt.Sprintf("must be 0 to %v, is %v", MaxLeeway, o.Leeway))
	case o.Refresh < 0:
		return corpus.Invalid("refresh", fmt.Sprintf("must not be negative, is %v", o.Refresh))
	case o.KeySet == "":
		return corpus.Invalid("jwks", "is empty; it must be the URL or the file of the issuer's keys (JSON Web Key Set)")
	}
	for _, name := range o.Algorithms {
		if known := Algorithms(); !slices.Contains(known, name) {
			return corpus.Invalid("algorithms", fmt.Sprintf("must be of %s; has %q", strings.Join(known, ", "), name))
		}
	}
	if isURL(o.KeySet) {
		return checkURL(o.KeySet)
	}
	return nil
}

func isURL(keySet string) bool { return strings.Contains(keySet, "://") }

// checkURL refuses addresses whose answers others could change on the way.
func checkURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return corpus.Invalid("jwks", "is not a valid URL")
	case u.User != nil:
		return corpus.Invalid("jwks", "must not have a user or a password")
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return corpus.Invalid("jwks", "must begin with https:// (http:// is allowed on localhost), or be the path of a file")
	}
	return nil
}

// Close ends the reading of keys.
func (t *Tokens) Close() { t.keys.close() }

// State returns what is known about the issuer's keys. Its Loaded is zero while they
// were never read.
func (t *Tokens) State() files.State { return t.keys.state() }

// Authenticate implements [access.Authenticator].
func (t *Tokens) Authenticate(ctx context.Context, c access.Credentials) (corpus.Principal, error) {
	switch {
	case c.Token == "":
		return corpus.Principal{}, access.Refuse(access.Missing, "the call needs a token")
	case len(c.Token) > access.MaxTokenBytes:
		return corpus.Principal{}, access.Refuse(access.Malformed, "the token is longer than 8 KiB")
	case strings.ContainsFunc(c.Token, foreign): // the decoder of the library skips line ends
		return corpus.Principal{}, errMalformed()
	}
	sum := sha256.Sum256([]byte(c.Token))
	if known, ok := t.verified.GetIfPresent(sum); ok && known.keys == t.keys.current() {
		if !t.o.Now().Before(known.principal.Expires) {
			t.verified.Invalidate(sum)
			return corpus.Principal{}, errExpired()
		}
		return known.principal, nil
	}
	p, keys, err := t.verify(ctx, c.Token)
	if err != nil {
		return corpus.Principal{}, err
	}
	t.verified.Set(sum, remembered{p, keys})
	return p, nil
}

// foreign reports whether a character is neither of base64url nor a dot.
func foreign(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.')
}

func errMalformed() error {
	return access.Refuse(access.Malformed, "the credential is not a token (JWT)")
}

func errExpired() error { return access.Refuse(access.Expired, "the token has expired") }

// verify checks a token that is not remembered.
func (t *Tokens) verify(ctx context.Context, token string) (p corpus.Principal, used *keySet, err error) {
	claims := gojwt.MapClaims{}
	_, err = t.parser.ParseWithClaims(token, claims, func(parsed *gojwt.Token) (key any, err error) {
		if err := checkHeader(parsed.Header); err != nil {
			return nil, err
		}
		key, used, err = t.keyOf(ctx, parsed)
		return key, err
	})
	if err != nil {
		return p, nil, refusalOf(err)
	}
	p, err = t.principal(claims)
	return p, used, err
}

// refusalOf translates an error of the library.
func refusalOf(err error) error {
	var ours *access.Refusal
	var unavailable *corpus.Error
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &unavailable):
		return unavailable
	case errors.Is(err, gojwt.ErrTokenMalformed):
		return errMalformed()
	case errors.Is(err, gojwt.ErrTokenUnverifiable):
		return access.Refuse(access.Malformed, "the token's algorithm is not known")
	case errors.Is(err, gojwt.ErrTokenSignatureInvalid):
		return access.Refuse(access.Unknown, "the token's signature is not valid, or has an algorithm that is not accepted")
	case errors.Is(err, gojwt.ErrTokenInvalidIssuer):
		return access.Refuse(access.Unknown, "the token is of another issuer")
	case errors.Is(err, gojwt.ErrTokenInvalidAudience):
		return access.Refuse(access.Unknown, "the token is for another audience")
	case errors.Is(err, gojwt.ErrTokenExpired):
		return errExpired()
	case errors.Is(err, gojwt.ErrTokenNotValidYet), errors.Is(err, gojwt.ErrTokenUsedBeforeIssued):
		return access.Refuse(access.Early, "the token is not valid yet")
	}
	return access.Refuse(access.Claims, "the token must have iss, aud and exp, in the form of RFC 7519")
}

// The types that a token may have: none, that of RFC 7519, or that of access tokens
// (RFC 9068). Other tokens of the issuer, such as logout tokens, are not accepted
// (RFC 8725, section 3.11).
var types = []string{"JWT", "application/jwt", "at+jwt", "application/at+jwt"}

func checkHeader(header map[string]any) error {
	if typ, has := header["typ"]; has {
		name, _ := typ.(string)
		if !slices.ContainsFunc(types, func(known string) bool { return strings.EqualFold(known, name) }) {
			return access.Refuse(access.Malformed, "the token's typ is not JWT or at+jwt")
		}
	}
	// What crit names must be understood (RFC 7515, section 4.1.11), and nothing is.
	if _, has := header["crit"]; has {
		return access.Refuse(access.Malformed, "the token has critical extensions (crit), which this server does not have")
	}
	return nil
}
