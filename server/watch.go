package server

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"dalil/access"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// watch ends a stream when its credential ends.
type watch struct {
	over   chan struct{} // closed when the credential has ended
	reason error         // read after over is closed
}

// endsWith returns a channel that is closed when the credential of a stream ends, or
// nil: it never ends.
func endsWith(ctx context.Context) <-chan struct{} {
	if w := entryOf(ctx).watch; w != nil {
		return w.over
	}
	return nil
}

// whyOver returns why the credential of a stream is no longer accepted.
func whyOver(ctx context.Context) error { return entryOf(ctx).watch.reason }

// watched serves a stream and checks its credential again from time to time. When it
// is no longer accepted, the stream ends: IngestDocuments acknowledges what it has
// accepted, within the time of a drain, and other streams end at once.
func (r *serving) watched(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, cancel := context.WithCancel(s.Context())
	e := *entryOf(ctx)
	e.watch = &watch{over: make(chan struct{})}
	ctx = withEntry(ctx, &e)
	grace := time.Duration(0)
	if info.FullMethod == dalilv1.DocumentService_IngestDocuments_FullMethodName {
		grace = r.options.Drain
	}
	var checking sync.WaitGroup
	checking.Go(func() { r.recheck(ctx, &e, info.FullMethod, grace, cancel) })
	err := handler(srv, &stream{s, ctx, s.RecvMsg, nil})
	cancel()
	checking.Wait()
	select {
	case <-e.watch.over:
		if err != nil || foreign(info.FullMethod) {
			return e.watch.reason
		}
	default:
	}
	return err
}

// recheck checks the credential of a stream until ctx ends.
func (r *serving) recheck(ctx context.Context, e *entry, method string, grace time.Duration, end context.CancelFunc) {
	header, _ := metadata.FromIncomingContext(ctx)
	for {
		wait := r.options.RecheckEvery
		if until := e.principal.Expires; !until.IsZero() {
			wait = max(0, min(wait, time.Until(until)))
		}
		if !sleep(ctx, wait) {
			return
		}
		e.watch.reason = r.stillAllowed(ctx, header, e, method)
		if e.watch.reason == nil {
			continue
		}
		close(e.watch.over)
		sleep(ctx, grace)
		end()
		return
	}
}

// stillAllowed returns why the caller of a stream must not go on.
func (r *serving) stillAllowed(ctx context.Context, header metadata.MD, e *entry, method string) error {
	if until := e.principal.Expires; !until.IsZero() && !time.Now().Before(until) {
		return access.Refuse(access.Expired, "the credential has expired")
	}
	var now corpus.Principal
	err := contained(func() (err error) {
		if now, err = r.identify(ctx, header, e.from); err == nil {
			err = r.allow(&now, header, e.from, rights[method].scope)
		}
		return err
	})
	switch {
	case err == nil && !sameSight(now, *e.principal):
		return access.Refuse(access.Revoked, "the credential no longer allows the same as when the stream began; begin it again")
	case errors.Is(err, corpus.ErrUnauthenticated), errors.Is(err, corpus.ErrForbidden):
		return err
	}
	return nil // whoever checks credentials may not answer for a while
}

// sameSight reports whether two principals see and write the same documents.
func sameSight(a, b corpus.Principal) bool {
	return a.Tenant == b.Tenant && a.All == b.All && slices.Equal(a.Groups, b.Groups) && reflect.DeepEqual(a.Filter, b.Filter)
}

// sleep waits. It reports false if ctx ended before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
