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

// The metrics of the middleware library are not used. They label calls with the
// name that the caller sends, so a caller could create any number of series with
// invented names. They also look up counters by label for every call.

// rpcMetrics has rate, errors and duration of every method.
type rpcMetrics struct {
	methods map[string]*methodMetrics
	unknown *methodMetrics
	// underWay counts the running calls of Dalil's own services. Watchers of the
	// health service stay until the end, and the server does not wait for them.
	underWay atomic.Int64
}

// methodMetrics has the series of one method, which are looked up once.
type methodMetrics struct {
	codes    [codes.Unauthenticated + 1]prometheus.Counter
	duration prometheus.Observer
	inFlight prometheus.Gauge
	// Calls whose deadline passed, by whether the caller or the server set it.
	late, overdue prometheus.Counter
}

func newRPCMetrics(r prometheus.Registerer) *rpcMetrics {
	requests := counter(r, "dalil_grpc_requests_total", "Calls that ended, by gRPC code.", "service", "method", "code")
	duration := histogram(r, "dalil_grpc_request_duration_seconds",
		"Time from the start of a call to its end, also for streams.", seconds, "service", "method")
	inFlight := gauge(r, "dalil_grpc_requests_in_flight", "Running calls.", "service", "method")
	deadlines := counter(r, "dalil_grpc_deadlines_total",
		"Calls whose deadline passed, by whether the caller or the server set it.", "service", "method", "limit")
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

// grace is how much shorter a caller's deadline may be when it arrives.
const grace = 100 * time.Millisecond

// begin counts a call's start; the function that it returns counts its end.
//
// limit is the server's own timeout, 0 for none. If a caller's timeout was shorter
// than that, an exceeded deadline counts for the caller, otherwise for the server.
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

// CallsUnderWay returns the number of running calls of Dalil's own services.
func (m *Metrics) CallsUnderWay() int { return int(m.rpc.underWay.Load()) }

// UnaryInterceptor counts unary calls. It must be the outermost interceptor. limit
// is the timeout that the server gives a call without a deadline.
func (m *Metrics) UnaryInterceptor(limit time.Duration) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		end := m.rpc.begin(ctx, info.FullMethod, limit)
		answer, err := handler(ctx, req)
		end(err)
		return answer, err
	}
}

// StreamInterceptor counts streams, and calls of methods that do not exist.
func (m *Metrics) StreamInterceptor() grpc.StreamServerInterceptor {
	return func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		end := m.rpc.begin(stream.Context(), info.FullMethod, 0)
		err := handler(srv, stream)
		end(err)
		return err
	}
}
