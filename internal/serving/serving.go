// Package serving makes from the configuration what stands between callers and the
// service: the listeners with their TLS, who may call, and the settings of gRPC, HTTP
// and the admin port. Start with [Open].
package serving

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"

	"dalil/access"
	"dalil/access/rates"
	"dalil/audit"
	"dalil/corpus"
	"dalil/grounding"
	"dalil/internal/authn"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/server"
	"dalil/server/certificates"
	"dalil/server/gateway"
)

// grpcConnections is the largest number of open gRPC connections.
// [server.LimitConnections] says which one a new one then replaces.
const grpcConnections = 1024

// Front is what stands between callers and the service.
type Front struct {
	config        config.Config
	log           *slog.Logger
	metrics       *observe.Metrics
	authenticator access.Authenticator // nil: every caller is the operator
	certificate   *certificates.Pair   // nil: no TLS
	usage         *rates.Table         // nil: callers have no limits
	audit         *audit.Log           // nil: nothing is recorded
	tokenKey      []byte               // of page tokens; nil: the server makes one
	remote        bool                 // the store is in another process
	user          string               // who runs a front that only this process reaches
	close         []func()
}

// Addresses are where a server answers; "" for what is turned off.
type Addresses struct{ GRPC, HTTP, Admin string }

// Listeners are the open listeners of a server; nil for what is turned off.
type Listeners struct {
	GRPC, HTTP, Admin net.Listener
	Addresses         Addresses
}

// Open reads the keys and certificates that the configuration names, and fails if one
// of them cannot be used. The caller must close the front.
//
// usage has the limits of callers. remote says that the store is in another process.
func Open(c config.Config, log *slog.Logger, m *observe.Metrics, usage *rates.Table, remote bool) (*Front, error) {
	f := &Front{config: c, log: log, metrics: m, usage: usage, remote: remote}
	var err error
	if f.tokenKey, err = pageTokenKey(c.Access.PageTokenKey); err != nil {
		return nil, err
	}
	authn.WarnOfPageTokenKey(c.Access.PageTokenKey, log)
	opened, err := authn.Open(c.Access, authn.Options{Log: log, Reloaded: m.Reloaded})
	if err != nil {
		return nil, err
	}
	if opened != nil {
		f.authenticator, f.close = opened, append(f.close, opened.Close)
	}
	if c.TLS.Certificate != "" {
		pair, err := certificates.Open(certificates.Files{
			Certificate: c.TLS.Certificate, Key: c.TLS.Key, ClientCA: c.TLS.ClientCA, ClientAuth: certificates.ClientAuth(c.TLS.ClientAuth),
		}, log)
		if err != nil {
			f.Close()
			return nil, err
		}
		f.certificate = pair
	}
	if err := f.openAudit(false); err != nil {
		f.Close()
		return nil, err
	}
	f.watchExpiry(opened)
	return f, nil
}

// Inside returns the front of a server that only this process can reach: whoever runs
// the process is its operator. The caller must close the front.
func Inside(c config.Config, log *slog.Logger, m *observe.Metrics) *Front {
	f := &Front{config: c, log: log, metrics: m, user: audit.User()}
	if err := f.openAudit(true); err != nil { // it opens nothing yet
		log.Error("the audit log cannot be opened", "cause", err.Error())
	}
	return f
}

// Close ends the reading of keys, and writes the rest of the audit log.
func (f *Front) Close() {
	for _, one := range f.close {
		one()
	}
}

// guard returns what protects the listeners.
func (f *Front) guard() server.Guard {
	c := &f.config
	return server.Guard{
		TLS: f.certificate != nil, Authenticator: f.authenticator != nil,
		AllowPlaintext: c.AllowPlaintext || c.Insecure, AllowAnonymous: c.AllowAnonymous || c.Insecure,
	}
}

// Listen opens all listeners, or none of them. It logs what a setting gives up.
func (f *Front) Listen() (Listeners, error) {
	c, guard := &f.config, f.guard()
	at := []server.At{{Setting: "listen", Address: c.Listen}, {Setting: "http", Address: c.HTTP}, {Setting: "admin", Address: c.Admin}}
	open, err := server.Listen(guard, at...)
	if err != nil {
		return Listeners{}, err
	}
	for i, one := range at {
		for _, lost := range guard.GivenUp(one.Address) {
			f.log.Warn(lost, "setting", one.Setting, "address", server.Address(open[i]))
		}
	}
	return Listeners{
		GRPC: server.LimitConnections(open[0], grpcConnections), HTTP: open[1], Admin: open[2],
		Addresses: Addresses{server.Address(open[0]), server.Address(open[1]), server.Address(open[2])},
	}, nil
}

// tls returns the TLS of a listener whose connections use one of the protocols; nil:
// none.
func (f *Front) tls(protocols ...string) *tls.Config {
	if f.certificate == nil {
		return nil
	}
	return f.certificate.Config(protocols...)
}

// switched returns what a setting says; nil: it is auto.
func switched(setting string) *bool {
	if setting == "auto" {
		return nil
	}
	on := setting == "on"
	return &on
}

// Server returns the gRPC server of these parts.
func (f *Front) Server(deps server.Deps) *server.Server {
	c, guard := &f.config, f.guard()
	o := server.Options{
		Limits:         corpus.Limits{ContextTokens: c.Context.MaxTokens},
		MemoryLimit:    config.MemoryLimit(),
		DefaultTimeout: c.Server.Deadline, Drain: c.Server.Drain, Log: f.log,
		Authenticator: f.authenticator, TokenKey: f.tokenKey, TLS: f.tls("h2"), AllowPlaintext: guard.AllowPlaintext, AllowAnonymous: guard.AllowAnonymous,
		Reflection:   switched(c.Server.Reflection),
		ObserveUnary: f.metrics.UnaryInterceptor(c.Server.Deadline), ObserveStream: f.metrics.StreamInterceptor(),
	}
	f.limit(&o)
	return server.New(deps, o)
}

// Serve answers calls of gRPC and HTTP until ctx ends, and then drains.
func (f *Front) Serve(ctx context.Context, s *server.Server, on Listeners) error {
	c := &f.config
	defer f.ignoreHangup()()
	return gateway.Serve(ctx, s, on.GRPC, on.HTTP, gateway.Options{
		Origins: c.Server.Origins, Drain: c.Server.Drain, MemoryLimit: config.MemoryLimit(), TLS: f.tls("h2", "http/1.1"), Docs: switched(c.Server.Docs),
		Version: observe.ReadBuild().Version, CountTokens: grounding.Estimate{}.Count, Log: f.log, Observe: f.metrics.HTTP(gateway.Routes()),
	})
}

// ServeAdmin answers on the admin port until ctx ends. On loopback it needs no
// credential.
func (f *Front) ServeAdmin(ctx context.Context, s *server.Server, on Listeners, ready func(context.Context) error) error {
	g := observe.Guard{TLS: f.tls("h2", "http/1.1")}
	if f.authenticator != nil && !server.Local(on.Admin.Addr()) {
		g.Allow = func(r *http.Request, scope corpus.Scope) error {
			if scope == corpus.ScopeMetrics && r.URL.Path == "/metrics" && f.config.Server.Metrics == "on" {
				return nil
			}
			return s.AuthorizeScope(r.Context(), r.Header, server.CallerOfRequest(r, false), scope)
		}
	}
	return f.metrics.ServeAdmin(ctx, on.Admin, ready, g, f.log)
}
