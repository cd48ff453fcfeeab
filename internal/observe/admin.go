package observe

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"
)

// readyTimeout is shorter than the probes of the usual orchestrators allow.
const readyTimeout = 2 * time.Second

const adminIndex = `Dalil, admin port
/metrics       Prometheus metrics
/healthz       200 while the process runs
/readyz        200 when questions can be answered, else 503 with the reason
/debug/pprof/  profiles of the Go runtime, for callers on this machine
`

// Handler serves the admin endpoints. ready returns nil if questions can be
// answered, otherwise the reason. /readyz shows the reason, because only operators
// have access to the port.
func (m *Metrics) Handler(ready func(context.Context) error) http.Handler {
	m.health.ready.Store(&ready)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.page())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := ready(ctx); err != nil {
			answer(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
			return
		}
		answer(w, http.StatusOK, "ready")
	})
	mux.HandleFunc("GET /debug/pprof/", fromHere(pprof.Index))
	mux.HandleFunc("GET /debug/pprof/cmdline", fromHere(pprof.Cmdline))
	mux.HandleFunc("GET /debug/pprof/profile", fromHere(pprof.Profile))
	mux.HandleFunc("GET /debug/pprof/trace", fromHere(pprof.Trace))
	mux.HandleFunc("GET /debug/pprof/symbol", fromHere(pprof.Symbol))
	mux.HandleFunc("POST /debug/pprof/symbol", fromHere(pprof.Symbol))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, adminIndex) })
	return mux
}

func answer(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	fmt.Fprintln(w, text)
}

// fromHere serves only callers on this machine that use a name of this machine. A
// profile shows the memory of the process, and a web page whose host name resolves
// to this address must not read it.
func fromHere(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		peer, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil || !loopback(peer) || !loopback(hostOnly(r.Host)) {
			answer(w, http.StatusForbidden, "profiles are for callers on this machine, under the host localhost, 127.0.0.1 or ::1")
			return
		}
		handler(w, r)
	}
}

func hostOnly(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
