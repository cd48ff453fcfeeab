package observe

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/server"
)

// The middleware library's metrics are not used: as interceptors that label by
// the name that arrives they would let a stranger who invents method names make
// series without end, and its counters are looked up by label for every call.

// rpcMetrics are rate, errors and duration of every method.
type rpcMetrics struct {
	methods map[string]*methodMetrics
	unknown *methodMetrics
	// underWay are calls of Dalil's own services; watchers of the health service
	// stay until the end and are not waited for.
	underWay atomic.Int64
}

// methodMetrics are the series of one method, looked up once.
type methodMetrics struct {
	codes    [codes.Unauthenticated + 1]prometheus.Counter
	duration prometheus.Observer
	inFlight prometheus.Gauge
	// Calls that ran out of time: the caller's, or the server's own limit.
	late, overdue prometheus.Counter
}

func newRPCMetrics(r prometheus.Registerer) *rpcMetrics {
	requests := counter(r, "dalil_grpc_requests_total", "Calls that ended, by gRPC code.", "service", "method", "code")
	duration := histogram(r, "dalil_grpc_request_duration_seconds",
		"Time from a call's start to its end; for streams their whole life.", seconds, "service", "method")
	inFlight := gauge(r, "dalil_grpc_requests_in_flight", "Calls under way.", "service", "method")
	deadlines := counter(r, "dalil_grpc_deadlines_total",
		"Calls that ran out of time, by whose limit it was: the caller's, or the server's.", "service", "method", "limit")
	series := func(service, method string) *methodMetrics {
		m := &methodMetrics{
			duration: duration.WithLabelValues(service, method), inFlight: inFlight.WithLabelValues(service, method),
			late: deadlines.WithLabelValues(service, method, "caller"), overdue: deadlines.WithLabelValues(service, method, "server"),
		}
		for code := range m.codes {
			m.codes[code] = requests.WithLabelValues(service, method, codes.Code(code).String())
		}
		return m
	}
	metrics := &rpcMetrics{methods: map[string]*methodMetrics{}, unknown: series("unknown", "unknown")}
	for _, full := range server.Methods() {
		service, method, _ := strings.Cut(strings.TrimPrefix(full, "/"), "/")
		metrics.methods[full] = series(service, method)
	}
	return metrics
}

// grace is what a deadline loses on its way to us.
const grace = 100 * time.Millisecond

// begin counts a call's start; the function that it returns counts its end.
//
// limit is the server's own, 0 for none: who gave a call less time than that
// and ran out of it is a caller in a hurry; who gave as much waited for us.
func (r *rpcMetrics) begin(ctx context.Context, method string, limit time.Duration) func(error) {
	m, known := r.methods[method]
	if !known {
		m = r.unknown
	}
	start := time.Now()
	out := m.overdue
	if deadline, callers := ctx.Deadline(); callers && (limit <= 0 || deadline.Sub(start) < limit-grace) {
		out = m.late
	}
	m.inFlight.Inc()
	ours := int64(0)
	if strings.HasPrefix(method, "/dalil.") {
		ours = 1
	}
	r.underWay.Add(ours)
	return func(err error) {
		r.underWay.Add(-ours)
		m.inFlight.Dec()
		m.duration.Observe(time.Since(start).Seconds())
		code := status.Code(err)
		if int(code) >= len(m.codes) {
			code = codes.Unknown
		}
		m.codes[code].Inc()
		if code == codes.DeadlineExceeded {
			out.Inc()
		}
	}
}

// CallsUnderWay is how many calls of Dalil's own services have begun and not
// ended.
func (m *Metrics) CallsUnderWay() int { return int(m.rpc.underWay.Load()) }

// UnaryInterceptor counts unary calls; it belongs outside of everything else.
// limit is the time that the server gives a call without a deadline.
func (m *Metrics) UnaryInterceptor(limit time.Duration) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		end := m.rpc.begin(ctx, info.FullMethod, limit)
		answer, err := handler(ctx, req)
		end(err)
		return answer, err
	}
}

// StreamInterceptor counts streams, and calls of methods that don't exist.
func (m *Metrics) StreamInterceptor() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		end := m.rpc.begin(stream.Context(), info.FullMethod, 0)
		err := handler(srv, stream)
		end(err)
		return err
	}
}
