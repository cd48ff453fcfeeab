package server

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// record keeps the failure of a document, or clears it after a success. A write that was
// cancelled, or whose condition did not hold, is no failure of the document.
func (s *Server) record(ctx context.Context, d *dalilv1.DocumentInput, r *corpus.Receipt) {
	if p, known := corpus.PrincipalOf(ctx); known {
		s.recordFor(&p, d, r)
	}
}

// recordFor does the same for a document of a caller. The list of failures has its key.
// A refusal of the credential is no failure of the document. A caller that does not see
// all documents clears no failures of others by a deletion, which succeeds without a
// document.
func (s *Server) recordFor(p *corpus.Principal, d *dalilv1.DocumentInput, r *corpus.Receipt) {
	id, tenant, by := d.GetDocumentId(), p.Tenant, failuresOf(p)
	if s.deps.Failures == nil || len(corpus.IDViolations("id", id, s.options.Limits.DocumentIDBytes)) > 0 {
		return
	}
	if r.Outcome != corpus.Failed {
		if r.Outcome != corpus.Deleted {
			by = ""
		}
		s.deps.Failures.Clear(corpus.TenantKey(tenant, id), by)
		return
	}
	var unmet *corpus.ConditionError
	if errors.As(r.Err, &unmet) || errors.Is(r.Err, context.Canceled) || errors.Is(r.Err, corpus.ErrForbidden) {
		return
	}
	f := toFailure(r.Err)
	s.deps.Failures.Note(corpus.DocumentFailure{
		DocumentID: corpus.TenantKey(tenant, id), By: by, Source: d.GetSource(), Reason: reasonName(f.GetReason()), Message: f.GetMessage(), Retryable: f.GetRetryable(),
	})
}

// failuresOf returns whose failures a caller sees: its own if it does not see all
// documents of the tenant, else "" for all.
func failuresOf(p *corpus.Principal) string {
	if p.Restricted() {
		return cmp.Or(p.ID, "-") // never "", which is all
	}
	return ""
}

// Refused keeps the failure of a document of a request over HTTP, which an endpoint could
// not read from its own format. An id that a document cannot have is left out.
func (s *Server) Refused(ctx context.Context, h http.Header, from Caller, id string, err error) {
	if p, unknown := s.authorize(ctx, HeaderOfRequest(h), from, corpus.ScopeWrite); unknown == nil {
		s.recordFor(p, &dalilv1.DocumentInput{DocumentId: id}, &corpus.Receipt{Outcome: corpus.Failed, Err: err})
	}
}

// ListFailures returns one page of the documents of the caller's tenant that this server
// could not write. A caller that does not see all documents gets the failures of its own
// writes.
func (s *documentService) ListFailures(ctx context.Context, req *dalilv1.ListFailuresRequest) (*dalilv1.ListFailuresResponse, error) {
	if s.deps.Failures == nil {
		return nil, corpus.Errorf(corpus.ErrUnsupported, "this server keeps no failures")
	}
	size, after := s.listSize(req.GetPageSize()), ""
	if token := req.GetPageToken(); token != "" {
		place, err := open(failurePages, token, nil)
		if err != nil {
			return nil, err
		}
		after = string(place)
	}
	caller, known := corpus.PrincipalOf(ctx)
	if !known {
		return nil, corpus.Errorf(corpus.ErrInternal, "the call has no principal")
	}
	page, total := s.deps.Failures.List(caller.Tenant, failuresOf(&caller), after, size+1)
	answer := &dalilv1.ListFailuresResponse{TotalSize: toCount(total)}
	for _, f := range page[:min(size, len(page))] {
		answer.Failures = append(answer.Failures, &dalilv1.DocumentFailure{
			DocumentId: valid(f.DocumentID), Source: valid(f.Source), Message: valid(f.Message), Retryable: f.Retryable, Tries: toCount(f.Tries),
			Reason:        dalilv1.ErrorReason(dalilv1.ErrorReason_value["ERROR_REASON_"+f.Reason]),
			FirstFailedAt: toTime(f.First), LastFailedAt: toTime(f.Last),
		})
	}
	n := fits(answer.Failures)
	answer.Failures = answer.Failures[:n]
	if len(page) > n {
		answer.NextPageToken = seal(failurePages, []byte(page[n-1].DocumentID), nil)
	}
	return answer, nil
}
