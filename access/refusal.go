package access

import (
	"errors"
	"strings"

	"dalil/corpus"
)

// Reason is why a call is refused, as a metric and an audit log have it.
type Reason string

// The reasons. There are no others, so that they can be labels of a metric.
const (
	Missing   Reason = "missing"   // the call has no credential
	Malformed Reason = "malformed" // the credential has no form that is accepted; for example it has a typo
	Unknown   Reason = "unknown"   // the credential's key, signature or issuer is not accepted
	Expired   Reason = "expired"   // the credential ended
	Early     Reason = "early"     // the credential is not valid yet
	Revoked   Reason = "revoked"   // the credential was revoked
	Claims    Reason = "claims"    // a valid token lacks a claim that this server needs
	Scope     Reason = "scope"     // the credential is valid, and does not allow the call
)

// Reasons returns all reasons.
func Reasons() []Reason {
	return []Reason{Missing, Malformed, Unknown, Expired, Early, Revoked, Claims, Scope}
}

// Refusal is the error of a call whose caller is not known, or may not make it. It
// matches its kind.
type Refusal struct {
	Kind    corpus.Kind // corpus.ErrUnauthenticated or corpus.ErrForbidden
	Reason  Reason
	Message string // any caller may read it; it has no part of the credential
	Name    string // who a valid credential without any right is for, for the audit log; "": not known
}

// Refuse returns a [Refusal] of [corpus.ErrUnauthenticated].
func Refuse(reason Reason, message string) error {
	return &Refusal{Kind: corpus.ErrUnauthenticated, Reason: reason, Message: message}
}

// Forbid returns a [Refusal] of [corpus.ErrForbidden].
func Forbid(message string) error {
	return &Refusal{Kind: corpus.ErrForbidden, Reason: Scope, Message: message}
}

// Require returns a [Refusal] of [corpus.ErrForbidden] unless the principal has the
// scope.
func Require(p corpus.Principal, scope corpus.Scope) error {
	if p.Scopes.Has(scope) {
		return nil
	}
	return Forbid("this needs a credential with the scope " + strings.Join(scope.Names(), " and "))
}

// ReasonOf returns why err refuses a call, or "" if it does not.
func ReasonOf(err error) Reason {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reason
	}
	return ""
}

// NameOf returns who the credential is for that err refuses; "": that is not known.
func NameOf(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Name
	}
	return ""
}

func (r *Refusal) Error() string { return r.Message }

// Is reports whether target is the refusal's kind.
func (r *Refusal) Is(target error) bool { return target == r.Kind }
