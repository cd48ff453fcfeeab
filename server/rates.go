package server

import (
	"context"
	"net/http"
	"sync"

	"google.golang.org/grpc"

	"dalil/corpus"
	"dalil/fair"
	dalilv1 "dalil/proto/dalil/v1"
)

// embeds are the unary methods for which text is embedded. A caller that has used up its
// tokens may not call them. IngestDocuments waits instead, see ingest.
var embeds = map[string]bool{
	dalilv1.SearchService_Search_FullMethodName:            true,
	dalilv1.SearchService_BatchSearch_FullMethodName:       true,
	dalilv1.SearchService_BuildContext_FullMethodName:      true,
	dalilv1.SearchService_ExplainDocument_FullMethodName:   true,
	dalilv1.SearchService_FindSimilar_FullMethodName:       true,
	dalilv1.DocumentService_UpsertDocument_FullMethodName:  true,
	dalilv1.DocumentService_UpsertDocuments_FullMethodName: true,
	dalilv1.DocumentService_UpdateDocument_FullMethodName:  true,
}

// charge charges the caller of a call with a request, before its message is read. It
// returns why the call is refused.
func (r *serving) charge(ctx context.Context, method string) error {
	p, known := corpus.PrincipalOf(ctx)
	if r.options.Rates == nil || !known {
		return nil
	}
	if embeds[method] {
		if err := r.options.Rates.Embed(p); err != nil {
			return err
		}
	}
	if paid := entryOf(ctx).from.paid; paid != nil && paid.CompareAndSwap(true, false) {
		return nil
	}
	return r.options.Rates.Call(p)
}

// chargeRequest charges the caller of a request over HTTP with a request, before its body
// is read. It returns why the request is refused. Requests to the admin port cost nothing.
func (s *Server) chargeRequest(h http.Header, p *corpus.Principal) error {
	from, known := s.callers.Load(h.Get(CallerField))
	if !known || s.options.Rates == nil {
		return nil
	}
	if err := s.options.Rates.Call(*p); err != nil {
		return err
	}
	from.(Caller).paid.Store(true)
	return nil
}

// chargeBatch charges the caller with the requests of a batch beyond the first, which
// charge has charged.
func (r *serving) chargeBatch(ctx context.Context, req any) {
	n := 0
	switch req := req.(type) {
	case *dalilv1.BatchSearchRequest:
		n = len(req.GetRequests()) - 1
	case *dalilv1.UpsertDocumentsRequest:
		n = len(req.GetRequests()) - 1
	}
	if p, known := corpus.PrincipalOf(ctx); known && r.options.Rates != nil && n > 0 {
		r.options.Rates.Charge(p, n)
	}
}

// rateStream limits the streams that a caller has at once.
func (r *serving) rateStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	p, known := corpus.PrincipalOf(s.Context())
	if r.options.Rates == nil || !known || foreign(info.FullMethod) {
		return handler(srv, s)
	}
	closed, err := r.options.Rates.Stream(p)
	if err != nil {
		return err
	}
	defer closed()
	return handler(srv, s)
}

// turnUnary makes searches wait for a place, so that those of one caller cannot take all
// processors.
func (r *serving) turnUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if classes[info.FullMethod] != asking {
		return handler(ctx, req)
	}
	leave, err := r.places.Enter(ctx, callerName(ctx))
	if err != nil {
		return nil, err
	}
	defer leave()
	return handler(ctx, req)
}

// placesOf returns the places for searches.
func placesOf(o *Options) *fair.Queue {
	if o.Searches <= 0 {
		return nil
	}
	each := 0
	if o.Authenticator != nil {
		each = (o.Searches + 1) / 2
	}
	return fair.New(o.Searches, each)
}

// crowd counts the running calls of each caller.
type crowd struct {
	mu    sync.Mutex
	calls map[string]int
}

func (c *crowd) enter(caller string) (calls int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[string]int{}
	}
	c.calls[caller]++
	return c.calls[caller]
}

func (c *crowd) leave(caller string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls[caller]--; c.calls[caller] <= 0 {
		delete(c.calls, caller)
	}
}
