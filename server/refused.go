package server

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	"dalil/access"
	"dalil/access/rates"
	"dalil/corpus"
)

// Refusal says why a call was refused. Both fields have a fixed number of values, so that
// they can be labels of a metric.
type Refusal struct {
	Kind   corpus.Kind // corpus.ErrUnauthenticated, corpus.ErrForbidden or corpus.ErrRateLimited
	Reason string      // of access.ReasonOf, or the limit
}

// Refusals returns all values.
func Refusals() []Refusal {
	all := []Refusal{
		{corpus.ErrRateLimited, corpus.LimitRequests},
		{corpus.ErrRateLimited, corpus.LimitTokens},
		{corpus.ErrRateLimited, corpus.LimitStreams},
		{corpus.ErrForbidden, string(access.Scope)},
		{corpus.ErrForbidden, otherReason},
		{corpus.ErrUnauthenticated, otherReason},
	}
	for _, reason := range access.Reasons() {
		if reason != access.Scope {
			all = append(all, Refusal{corpus.ErrUnauthenticated, string(reason)})
		}
	}
	return all
}

const otherReason = "other"

// refusal returns why an error refuses a call; refused is false for other errors.
func refusal(err error) (of Refusal, refused bool) {
	var limited *corpus.RateError
	switch of.Kind = corpus.KindOf(err); of.Kind {
	case corpus.ErrUnauthenticated, corpus.ErrForbidden:
		if of.Reason = string(access.ReasonOf(err)); of.Reason == "" {
			of.Reason = otherReason
		}
		return of, true
	case corpus.ErrRateLimited:
		if errors.As(err, &limited) {
			of.Reason = limited.Limit
			return of, true
		}
	}
	return of, false
}

// refusedUnary records refusals.
func (r *serving) refusedUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	answer, err := handler(ctx, req)
	r.refused(ctx, info.FullMethod, err)
	return answer, err
}

// refusedStream records refusals.
func (r *serving) refusedStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	err := handler(srv, s)
	r.refused(s.Context(), info.FullMethod, err)
	return err
}

// refused counts and records a refused call. It delays the answer if the address or the
// caller has got many.
func (s *Server) refused(ctx context.Context, method string, err error) {
	if err == nil {
		return
	}
	of, refused := refusal(err)
	from, principal := CallerOf(ctx)
	network := ""
	if from.Peer.IsValid() {
		network = rates.Network(from.Peer.String())
	}
	if !refused {
		// The service that checks credentials does not answer, so this one may be right. The
		// answer is slowed like that of a wrong one, so that guessing gains nothing.
		if entryOf(ctx).refused != nil && corpus.KindOf(err) == corpus.ErrUnavailable {
			s.failures.Slow(ctx, network)
		}
		return
	}
	s.options.Refused(of)
	if s.options.Audit != nil {
		r := about(ctx, nil)
		r.Outcome, r.Reason = verdict(err)
		if of.Reason != otherReason {
			r.Subject = of.Reason
		}
		if _, known := rights[method]; known { // any other name comes from the caller
			r.Method = method
		}
		if principal == nil {
			r.Principal = valid(access.NameOf(err))
		}
		if principal != nil {
			s.options.Audit.Refuse(principal.Caller(), true, r)
		} else {
			s.options.Audit.Refuse(network, false, r)
		}
	}
	switch {
	case of.Kind == corpus.ErrUnauthenticated && of.Reason != string(access.Missing):
		s.failures.Slow(ctx, network)
	case of.Kind == corpus.ErrRateLimited && principal != nil:
		s.refusals.Slow(ctx, principal.Caller())
	}
}
