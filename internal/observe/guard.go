package observe

import (
	"context"
	"crypto/tls"
	"net/http"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/server"
)

// Guard protects the admin port. The zero Guard shows everything to everyone.
type Guard struct {
	TLS *tls.Config // nil: plaintext
	// Allow returns why a caller must not see what needs a scope, as the status of a
	// call; nil: everyone may see everything. Whoever is refused learns from /healthz
	// and /readyz only the word.
	Allow func(r *http.Request, scope corpus.Scope) error
}

// over returns the handler behind the guard.
func (g Guard) over(next http.Handler, ready func(context.Context) error) http.Handler {
	if g.Allow == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/readyz" && r.Method == http.MethodGet && (unnamed(r) || g.Allow(r, corpus.ScopeMetrics) != nil):
			ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
			defer cancel()
			if ready(ctx) != nil {
				answer(w, http.StatusServiceUnavailable, "not ready")
				return
			}
		case r.URL.Path == "/metrics" && g.refused(w, r, corpus.ScopeMetrics):
			return
		case strings.HasPrefix(r.URL.Path, "/debug/") && g.refused(w, r, corpus.ScopeAdmin):
			return
		}
		next.ServeHTTP(w, r)
	})
}

// unnamed reports whether a request has no credential. A probe has none, and is no refusal
// to be counted.
func unnamed(r *http.Request) bool {
	return r.Header.Get("Authorization") == "" && r.Header.Get("X-Api-Key") == "" && (r.TLS == nil || len(r.TLS.PeerCertificates) == 0)
}

// refused answers a caller without the scope, and reports whether it did.
func (g Guard) refused(w http.ResponseWriter, r *http.Request, scope corpus.Scope) bool {
	err := g.Allow(r, scope)
	if err == nil {
		return false
	}
	server.Challenge(w.Header(), err)
	s, code := status.Convert(err), http.StatusServiceUnavailable
	switch s.Code() {
	case codes.Unauthenticated:
		code = http.StatusUnauthorized
	case codes.PermissionDenied:
		code = http.StatusForbidden
	case codes.InvalidArgument:
		code = http.StatusBadRequest
	}
	answer(w, code, s.Message())
	return true
}
