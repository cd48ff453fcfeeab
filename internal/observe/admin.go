package observe

import (
	"context"
	"fmt"
	"net/http"
	"net/http/pprof"
	"time"
)

// readyTimeout is shorter than the probes of the usual orchestrators allow.
const readyTimeout = 2 * time.Second

const adminIndex = `Dalil, admin port
/metrics       Prometheus metrics
/healthz       200 while the process runs
/readyz        200 when questions can be answered, else 503 with the reason
/debug/pprof/  profiles of the Go runtime
`

// Handler serves the admin endpoints. ready returns nil when questions can be
// answered, else the reason, which is told: the port is the operator's.
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
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, adminIndex) })
	return mux
}

func answer(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	fmt.Fprintln(w, text)
}
