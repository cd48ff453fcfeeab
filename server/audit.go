package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"dalil/audit"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// audited says what the audit log has of a method.
type audited uint8

const (
	unaudited audited = iota
	looked            // a reading that is recorded: one record when the call has ended
	changed           // it changes something: also one before it begins
)

// exceptions are methods that need another scope than that for searching and change
// nothing. All others of these leave a trail as changes, so that none can be forgotten.
// CreateBackup is no exception, because it takes everything out.
var exceptions = map[string]audited{
	dalilv1.AdminService_ListCollections_FullMethodName:    looked,
	dalilv1.AdminService_CompareCollections_FullMethodName: looked,
	dalilv1.AdminService_ListTenants_FullMethodName:        looked,
	dalilv1.AdminService_GetTenantUsage_FullMethodName:     looked,
	dalilv1.DocumentService_PreviewDocument_FullMethodName: unaudited,
	dalilv1.DocumentService_ListFailures_FullMethodName:    unaudited,
	dalilv1.AdminService_GetOperation_FullMethodName:       unaudited,
	dalilv1.AdminService_WaitOperation_FullMethodName:      unaudited,
	dalilv1.AdminService_ListOperations_FullMethodName:     unaudited,
}

// auditedAs returns what the audit log has of a method.
func auditedAs(method string) audited {
	if kind, exception := exceptions[method]; exception {
		return kind
	}
	if needs := rights[method]; needs.scope&(corpus.ScopeWrite|corpus.ScopeAdmin) != 0 {
		return changed
	}
	return unaudited
}

// errUnaudited is the refusal of a change that could not be recorded.
var errUnaudited = errors.New("the audit log of the server cannot be written, so nothing is changed")

// trail is the records of one call.
type trail struct {
	log  *audit.Log
	call audit.Record // what all of them have in common
}

// auditUnary records a call that changes something, before it begins and when it has
// ended. Calls that were refused before they came here are recorded by refusedUnary.
func (r *serving) auditUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (answer any, err error) {
	t, err := r.begin(ctx, info.FullMethod, req)
	if t == nil || err != nil {
		if err != nil {
			return nil, err
		}
		return handler(ctx, req)
	}
	err = errPanicked // unless the handler returns
	defer func() { r.end(t, answer, err) }()
	answer, err = handler(ctx, req)
	return answer, err
}

// auditStream does for streams what auditUnary does for unary calls.
func (r *serving) auditStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	t, err := r.begin(s.Context(), info.FullMethod, nil)
	if t == nil || err != nil {
		if err != nil {
			return err
		}
		return handler(srv, s)
	}
	err = errPanicked
	defer func() { r.end(t, nil, err) }()
	e := *entryOf(s.Context())
	e.trail = t
	err = handler(srv, &stream{s, withEntry(s.Context(), &e), s.RecvMsg, inboxIn(s)})
	return err
}

var errPanicked = corpus.Errorf(corpus.ErrInternal, "the call did not return")

// inboxIn returns the inbox of a stream of this server.
func inboxIn(s grpc.ServerStream) *inbox {
	if own, ok := s.(*stream); ok {
		return own.in
	}
	return nil
}

// begin records that a call is about to change something. It returns nil if the call
// leaves no trail. The error says that the change must not begin.
func (r *serving) begin(ctx context.Context, method string, req any) (*trail, error) {
	kind := auditedAs(method)
	if kind == unaudited && r.forAnother(ctx) {
		kind = looked
	}
	if r.options.Audit == nil || kind == unaudited {
		return nil, nil
	}
	t := &trail{r.options.Audit, about(ctx, req)}
	t.call.User = r.options.AuditUser
	t.call.Call, t.call.Method = incident(), method
	if kind == looked {
		return t, nil
	}
	first := t.call
	first.Event = audit.Begin
	if err := t.log.Write(first); err != nil {
		if r.options.AuditRequired {
			return nil, errors.Join(errUnaudited, err)
		}
		t.log.Post(first)
	}
	return t, nil
}

// forAnother reports whether an administrator with a credential makes a call for a tenant
// that the header names. Such a call is recorded even if it only reads.
func (r *serving) forAnother(ctx context.Context) bool {
	return r.options.Authenticator != nil && len(metadata.ValueFromIncomingContext(ctx, tenantField)) > 0
}

// profiled records that an administrator with a credential reads a profile, which shows
// the memory of the process.
func (s *Server) profiled(ctx context.Context) {
	if s.options.Audit == nil {
		return
	}
	r := about(ctx, nil)
	r.Event, r.Method, r.Outcome = audit.End, "profile", codes.OK.String()
	s.options.Audit.Post(r)
}

// end records how a call ended.
func (r *serving) end(t *trail, answer any, err error) {
	last := t.call
	last.Event = audit.End
	last.Outcome, last.Reason = verdict(err)
	op := result(answer, &last)
	t.log.Post(last)
	if op.GetState() != dalilv1.OperationState_OPERATION_STATE_RUNNING {
		return
	}
	running := r.operations.byID(op.GetOperationId())
	if running == nil {
		return // it has ended, and was dropped
	}
	r.operations.group.Go(func() {
		<-running.done
		last.Time, last.Outcome = time.Time{}, r.operations.state(running).GetState().String()
		last.Reason = ""
		if running.err != nil {
			_, last.Reason = verdict(running.err)
		}
		t.log.Post(last)
	})
}

// verdict returns the code and the reason of a call's end.
func verdict(err error) (code, reason string) {
	if err == nil {
		return codes.OK.String(), ""
	}
	k := classify(err)
	return k.code.String(), reasonName(k.reason)
}

// What requests name, and what answers have.
type (
	ofCollection  interface{ GetCollection() string }
	ofOperation   interface{ GetOperationId() string }
	ofTenant      interface{ GetTenant() string }
	withReceipt   interface{ GetReceipt() *dalilv1.Receipt }
	withReceipts  interface{ GetReceipts() []*dalilv1.Receipt }
	withOperation interface{ GetOperation() *dalilv1.Operation }
)

// about returns a record with who makes a call, and what its request names.
func about(ctx context.Context, req any) audit.Record {
	from, principal := CallerOf(ctx)
	r := audit.Record{RequestID: requestID(ctx)}
	if from.Peer.IsValid() {
		r.Peer = from.Peer.String()
	}
	if principal != nil {
		r.Principal, r.Key, r.Tenant = valid(principal.Name), valid(principal.ID), principal.Tenant
	}
	switch req := req.(type) {
	case *dalilv1.UpsertDocumentRequest:
		r.Documents = []string{req.GetDocument().GetDocumentId()}
	case *dalilv1.UpsertDocumentsRequest:
		for _, one := range req.GetRequests() {
			r.Documents = append(r.Documents, valid(one.GetDocument().GetDocumentId()))
		}
	case *dalilv1.UpdateDocumentRequest:
		r.Documents = []string{req.GetDocument().GetDocumentId()}
	case *dalilv1.DeleteDocumentRequest:
		r.Documents = []string{req.GetDocumentId()}
	case *dalilv1.DeleteDocumentsRequest:
		r.Filter, r.DryRun = filterHash(req.GetFilter()), req.GetValidateOnly()
		if req.GetAll() {
			r.Filter = "all"
		}
	case *dalilv1.GetDocumentRequest:
		r.Documents = []string{req.GetDocumentId()}
	case *dalilv1.ExplainDocumentRequest:
		r.Documents = []string{req.GetDocumentId()}
	case *dalilv1.GetPassagesRequest:
		r.Subject = strings.Join(req.GetPassageIds(), " ") // they were checked before
	case ofCollection:
		r.Subject = req.GetCollection()
	case ofOperation:
		r.Subject = req.GetOperationId()
	case ofTenant:
		r.Subject = req.GetTenant()
	}
	return r
}

// filterHash returns the SHA-256 of a filter.
func filterHash(f *dalilv1.Filter) string {
	raw, err := proto.MarshalOptions{Deterministic: true}.Marshal(f)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// result adds what an answer says about documents, and returns the operation that the
// call has begun; nil: none.
func result(answer any, r *audit.Record) *dalilv1.Operation {
	count := func(o dalilv1.Outcome) {
		if r.Outcomes == nil {
			r.Outcomes = audit.Outcomes{}
		}
		r.Outcomes[outcomeName(o)]++
	}
	switch answer := answer.(type) {
	case withReceipt:
		if answer.GetReceipt() != nil {
			count(answer.GetReceipt().GetOutcome())
		}
	case withReceipts:
		for _, one := range answer.GetReceipts() {
			count(one.GetOutcome())
		}
	case withOperation:
		r.Operation = answer.GetOperation().GetOperationId()
		return answer.GetOperation()
	}
	return nil
}

// outcomeName returns the name of an outcome: "indexed".
func outcomeName(o dalilv1.Outcome) string {
	return strings.ToLower(strings.TrimPrefix(o.String(), "OUTCOME_"))
}
