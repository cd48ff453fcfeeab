package observe_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/internal/observe"
	dalilv1 "dalil/proto/dalil/v1"
)

// logBook is a log that timers write to and a test reads.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// take returns what was written since it was called last.
func (b *logBook) take() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.text.Reset()
	return b.text.String()
}

// logged is what a log holds, one "level reason documents error" a line.
func logged(log *logBook) []string {
	line := regexp.MustCompile(`level=(\S+) msg="documents failed" reason=(\S+) documents=(\d+)(?: error="([^"]*)")?`)
	var all []string
	for _, found := range line.FindAllStringSubmatch(log.take(), -1) {
		all = append(all, strings.TrimSpace(strings.Join(found[1:], " ")))
	}
	slices.Sort(all) // timers of one moment fire in any order
	return all
}

// A full disk fails thousands of documents; the log has the first at once and
// one line a minute after it.
func TestFailuresAreLoggedOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log logBook
		m := observe.New(build())
		m.LogFailures(slog.New(slog.NewTextHandler(&log, nil)))
		fail := func(n int, err error) {
			for range n {
				m.Receipt(t.Context(), corpus.Receipt{Outcome: corpus.Failed, Err: err})
			}
		}
		check := func(when string, want ...string) {
			t.Helper()
			synctest.Wait() // until the timers' lines are written
			if diff := cmp.Diff(want, logged(&log)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		full := fmt.Errorf("put: %w", &corpus.Error{Kind: corpus.ErrExhausted, Op: "write", Thing: "data/dalil.db", Cause: errors.New("the disk is full")})
		fail(6296, full)
		fail(3, corpus.Invalid("text", "quotes what nobody should read"))
		check("at once", "INFO invalid 1", "WARN exhausted 1 put: write data/dalil.db: the disk is full")
		time.Sleep(61 * time.Second)
		check("after a minute", "INFO invalid 2", "WARN exhausted 6295 put: write data/dalil.db: the disk is full")
		fail(1, full)
		check("soon after a line")
		time.Sleep(5 * time.Minute)
		check("the rest", "WARN exhausted 1 put: write data/dalil.db: the disk is full")
		fail(2, full)
		m.Close()
		check("at the end", "WARN exhausted 1 put: write data/dalil.db: the disk is full", "WARN exhausted 1 put: write data/dalil.db: the disk is full")
	})
}

// Who runs out of time decides whose failure it is.
func TestACallersDeadlineIsCountedApart(t *testing.T) {
	m := observe.New(build())
	m.LogFailures(slog.New(slog.DiscardHandler))
	defer m.Close()
	late, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	gone, stop := context.WithCancel(t.Context())
	stop()
	slow := fmt.Errorf("embed: %w", context.DeadlineExceeded) // a limit of ours
	for _, ctx := range []context.Context{late, gone, t.Context()} {
		m.Receipt(ctx, corpus.Receipt{Outcome: corpus.Failed, Err: slow})
	}
	m.Receipt(late, corpus.Receipt{Outcome: corpus.Failed, Err: fmt.Errorf("put: %w", corpus.ErrUnavailable)})
	families := scrape(t, m)
	got := map[string]float64{}
	for _, reason := range []string{"deadline", "cancelled", "timeout", "unavailable"} {
		got[reason] = value(families, "dalil_ingest_failures_total", "reason="+reason)
	}
	if diff := cmp.Diff(map[string]float64{"deadline": 2, "cancelled": 1, "timeout": 1, "unavailable": 0}, got); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

// A call's own deadline is in its context; the server sets its own further
// inside.
func TestWhoseDeadlineItWas(t *testing.T) {
	const limit = 10 * time.Second
	for _, test := range []struct {
		name           string
		timeout        time.Duration // 0: none
		code           codes.Code
		caller, server float64
	}{
		{"a caller in a hurry", time.Second, codes.DeadlineExceeded, 1, 0},
		{"a caller without a deadline", 0, codes.DeadlineExceeded, 0, 1},
		{"a patient caller", time.Minute, codes.DeadlineExceeded, 0, 1},
		{"as long as the server's, a little of it spent on the way", limit - 5*time.Millisecond, codes.DeadlineExceeded, 0, 1},
		{"given up", time.Second, codes.Canceled, 0, 0},
		{"in time", time.Second, codes.OK, 0, 0},
	} {
		m := observe.New(build())
		ctx, cancel := t.Context(), context.CancelFunc(func() {})
		if test.timeout > 0 {
			ctx, cancel = context.WithTimeout(ctx, test.timeout)
		}
		info := &grpc.UnaryServerInfo{FullMethod: dalilv1.SearchService_Search_FullMethodName}
		m.UnaryInterceptor(limit)(ctx, nil, info, func(context.Context, any) (any, error) { return nil, status.Error(test.code, "") })
		cancel()
		families := scrape(t, m)
		search := []string{"service=dalil.v1.SearchService", "method=Search"}
		caller := value(families, "dalil_grpc_deadlines_total", append(search, "limit=caller")...)
		server := value(families, "dalil_grpc_deadlines_total", append(search, "limit=server")...)
		if caller != test.caller || server != test.server {
			t.Errorf("%s: %v of the caller, %v of the server, want %v and %v", test.name, caller, server, test.caller, test.server)
		}
	}
}
