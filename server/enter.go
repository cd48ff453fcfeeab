package server

import (
	"context"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"dalil/access"
	"dalil/corpus"
)

// The header fields of a call that say who makes it and for whom.
const (
	authorizationField = "authorization" // Bearer, and an API key or a token
	apiKeyField        = "x-api-key"
	tenantField        = "dalil-tenant" // the tenant that an administrator acts for
)

// enter finds out who makes a call, and whether the caller may make it. The context
// that it returns has the caller, or the refusal, which enteredUnary or enteredStream
// returns. It reads no message, so that a stranger's message needs no memory.
func (r *serving) enter(ctx context.Context, method string) context.Context {
	e := &entry{}
	e.header, _ = metadata.FromIncomingContext(ctx)
	e.refused = contained(func() error {
		from, err := r.callerOf(ctx)
		if err != nil {
			return err
		}
		e.from = from
		needs, known := r.rightFor(method)
		if needs.open {
			return nil
		}
		// A caller with a credential is told that a method does not exist.
		if e.principal, err = r.authorize(ctx, e.header, from, needs.scope); err == nil && !known {
			err = errUnknownMethod
		}
		return err
	})
	ctx = withEntry(ctx, e)
	if e.refused == nil && e.principal != nil {
		ctx = corpus.WithPrincipal(ctx, *e.principal)
	}
	return ctx
}

// authorize returns the principal of a call with this header, with the tenant that it
// acts for. It returns the principal beside an error if the caller is known and must
// not make the call.
func (s *Server) authorize(ctx context.Context, header metadata.MD, from Caller, needs corpus.Scope) (*corpus.Principal, error) {
	p, err := s.identify(ctx, header, from)
	if err != nil {
		return nil, err
	}
	from.authenticated()
	return &p, s.allow(&p, header, from, needs)
}

// allow returns why a caller must not make a call that needs a scope, and sets the
// tenant that the header names.
func (s *Server) allow(p *corpus.Principal, header metadata.MD, from Caller, needs corpus.Scope) error {
	if err := access.Require(*p, needs); err != nil {
		return &lacking{err, needs}
	}
	return s.actFor(p, header[tenantField], from)
}

// Authorize returns why a request over HTTP must not do what a method
// ("/dalil.v1.SearchService/Search") does; nil: it may, and its caller has been charged
// with a request. A gateway asks once, before it reads a body. The error is a gRPC status.
func (s *Server) Authorize(ctx context.Context, h http.Header, from Caller, method string) error {
	needs, known := s.rightFor(method)
	if !known {
		return toStatus(errUnknownMethod)
	}
	if needs.open {
		return nil
	}
	return s.authorizeRequest(ctx, h, from, needs.scope, method)
}

// AuthorizeScope returns why a request over HTTP must not do what needs a scope; nil:
// it may. The error is a gRPC status.
func (s *Server) AuthorizeScope(ctx context.Context, h http.Header, from Caller, needs corpus.Scope) error {
	return s.authorizeRequest(ctx, h, from, needs, "")
}

func (s *Server) authorizeRequest(ctx context.Context, h http.Header, from Caller, needs corpus.Scope, method string) error {
	e := &entry{from: from}
	e.refused = contained(func() (err error) {
		if e.principal, err = s.authorize(ctx, HeaderOfRequest(h), from, needs); err == nil {
			err = s.chargeRequest(h, e.principal)
		}
		return err
	})
	ctx = metadata.NewIncomingContext(withEntry(ctx, e), metadata.Pairs("x-request-id", h.Get("X-Request-Id")))
	switch {
	case e.refused != nil:
		s.refused(ctx, method, e.refused)
	case method == "" && needs == corpus.ScopeAdmin: // only profiles need it without a method
		s.profiled(ctx)
	}
	return toStatus(e.refused)
}

// identify returns who makes a call.
func (s *Server) identify(ctx context.Context, header metadata.MD, from Caller) (corpus.Principal, error) {
	if s.options.Authenticator == nil {
		return corpus.Operator(""), nil
	}
	token, err := access.Token(header[authorizationField], header[apiKeyField])
	if err != nil {
		return corpus.Principal{}, err
	}
	return s.options.Authenticator.Authenticate(ctx, access.Credentials{Token: token, Peer: from.Peer, Certificate: from.Certificate})
}

// actFor sets the tenant that an administrator names in the header.
func (s *Server) actFor(p *corpus.Principal, named []string, from Caller) error {
	if len(named) == 0 {
		return nil
	}
	const field = "header." + tenantField
	switch {
	case !p.Scopes.Has(corpus.ScopeAdmin):
		return &lacking{access.Forbid(field + " needs a credential with the scope admin"), corpus.ScopeAdmin}
	case s.options.Authenticator == nil && !from.Local:
		return access.Forbid(field + " is allowed on loopback, or with a credential that has the scope admin")
	case len(named) > 1:
		return corpus.Invalid(field, "is given twice")
	}
	if bad := corpus.TenantViolations(field, named[0]); len(bad) > 0 {
		return &corpus.InvalidError{Violations: bad}
	}
	p.Tenant = named[0]
	return nil
}

// enteredUnary ends a call that enter refused.
func enteredUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if err := entryOf(ctx).refused; err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

// enteredStream ends a stream that enter refused, and one whose credential ends.
func (r *serving) enteredStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	e := entryOf(s.Context())
	if e.refused != nil {
		return e.refused
	}
	if r.options.Authenticator == nil || e.principal == nil {
		return handler(srv, s)
	}
	return r.watched(srv, s, info, handler)
}
