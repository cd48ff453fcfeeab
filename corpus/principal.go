package corpus

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Scope is a set of things that a caller may do.
type Scope uint8

// The scopes. They can be combined with |.
const (
	ScopeSearch  Scope = 1 << iota // every call that reads
	ScopeWrite                     // every call that writes documents
	ScopeAdmin                     // the admin service; it includes the other scopes
	ScopeMetrics                   // the metrics of the admin port
)

var scopeNames = []string{"search", "write", "admin", "metrics"}

// Has reports whether s allows everything in wanted.
func (s Scope) Has(wanted Scope) bool { return s&wanted == wanted || s&ScopeAdmin != 0 }

// Names returns the names of the scopes in s.
func (s Scope) Names() []string {
	var names []string
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}

func (s Scope) String() string { return strings.Join(s.Names(), ",") }

// ParseScope returns the scope of a name: "search", "write", "admin" or "metrics".
func ParseScope(name string) (Scope, error) {
	if i := slices.Index(scopeNames, name); i >= 0 {
		return 1 << i, nil
	}
	return 0, &InvalidError{Violations: []Violation{{
		Field: "scope", Description: fmt.Sprintf("must be one of %s, is %q", strings.Join(scopeNames, ", "), name), Limit: strings.Join(scopeNames, ", "), Got: name,
	}}}
}

// Principal is who makes a call, and what the caller may do and see.
type Principal struct {
	Name    string    // for logs; not a secret
	ID      string    // of the credential; empty: there is none
	Scopes  Scope     // what the caller may do
	Tenant  string    // whose documents the caller sees; empty: the tenant without a name
	Groups  []string  // the caller sees documents for everyone, and those for one of these groups
	All     bool      // the caller sees documents for any group
	Filter  Filter    // restricts every read; a document that it does not keep cannot be written
	Rates   Rates     // how much the caller may do
	Expires time.Time // when the credential ends; zero: never
}

// Rates limit one principal. A limit of 0 does not apply.
type Rates struct {
	Requests float64 // calls a second
	Tokens   float64 // embedded tokens a second
	Streams  int     // streams at once
}

// Operator is the principal of local commands and of servers without an
// authenticator: it may do everything and sees all documents of the tenant.
func Operator(tenant string) Principal {
	return Principal{Name: "operator", Scopes: ScopeAdmin | ScopeMetrics, Tenant: tenant, All: true}
}

// Restricted reports whether the principal may not see some documents of its tenant.
func (p *Principal) Restricted() bool { return !p.All || !p.Filter.IsZero() }

type principalKey struct{}

// WithPrincipal returns a context that carries the caller of a call.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, &p)
}

// PrincipalOf returns the caller that a context carries.
func PrincipalOf(ctx context.Context) (Principal, bool) {
	if p, ok := ctx.Value(principalKey{}).(*Principal); ok {
		return *p, true
	}
	return Principal{}, false
}
