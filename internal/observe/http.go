package observe

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// httpMetrics has rate, errors and duration of the requests of HTTP. The calls that they
// make are counted as calls of gRPC too.
type httpMetrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newHTTPMetrics(r prometheus.Registerer) *httpMetrics {
	return &httpMetrics{
		requests: counter(r, "dalil_http_requests_total",
			"Requests over HTTP that ended, by route and status. Their calls are counted in dalil_grpc_requests_total too.", "route", "status"),
		duration: histogram(r, "dalil_http_request_duration_seconds",
			"Time from the start of a request over HTTP to its end, also for ingests.", seconds, "route"),
	}
}

// unknownRoute counts requests to addresses that do not exist, whose names come from callers.
const unknownRoute = "unknown"

// HTTP returns a function that counts a request over HTTP. Requests of other routes
// than these are counted together.
func (m *Metrics) HTTP(routes []string) func(route string, status int, took time.Duration) {
	durations := map[string]prometheus.Observer{}
	for _, route := range append(routes, unknownRoute) {
		durations[route] = m.http.duration.WithLabelValues(route)
	}
	return func(route string, status int, took time.Duration) {
		if durations[route] == nil {
			route = unknownRoute
		}
		durations[route].Observe(took.Seconds())
		m.http.requests.WithLabelValues(route, strconv.Itoa(status)).Inc()
	}
}
