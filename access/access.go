// Package access finds out who makes a call: it turns a credential into a
// [corpus.Principal]. Start with [Authenticator].
package access

import (
	"context"
	"crypto/x509"
	"net/netip"

	"dalil/corpus"
)

// Credentials are what a call proves its caller with.
type Credentials struct {
	// Token is the API key or the bearer token, without its scheme; see [Token].
	// Empty: the call has none. It is a secret and must not be logged.
	Token string
	// Peer is the address of the connection; the zero value: unknown.
	Peer netip.Addr
	// Certificate is the verified certificate of the client; nil: the connection has
	// none.
	Certificate *x509.Certificate
}

// An Authenticator finds out who makes a call.
//
// Authenticate returns the principal of the credentials. If they are missing or not
// valid, the error is a [Refusal] of [corpus.ErrUnauthenticated]. If they are valid and
// allow nothing here, it is a Refusal of [corpus.ErrForbidden]. If a service that is
// needed to check them does not answer, the error is a [corpus.ErrUnavailable]: the
// same credentials may be valid. With an error the principal is the zero one. Errors
// contain no part of the credentials.
//
// The principal has a name, an id that all credentials of the same caller share, and at
// least one scope. Its slices may be those of other calls: a caller of Authenticate may
// append to them, and must not change them. A credential is refused from the moment at
// which it expires. Authenticate must be safe for concurrent use, and it ends when
// ctx ends.
type Authenticator interface {
	Authenticate(ctx context.Context, c Credentials) (corpus.Principal, error)
}
