package server_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// ended waits for the end of an operation that a call returned.
func ended(t *testing.T, r *running, op *dalilv1.Operation, err error) *dalilv1.Operation {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	waited, err := r.admin.WaitOperation(t.Context(), &dalilv1.WaitOperationRequest{OperationId: op.GetOperationId()})
	if err != nil || waited.GetOperation().GetEndedAt() == nil {
		t.Fatalf("wait for %v: %v, %v", op, waited, err)
	}
	return waited.GetOperation()
}

// slow is a rebuild that says it began, and ends with its context.
func slow(h *backend) (began chan struct{}) {
	began = make(chan struct{}, 4)
	h.rebuild = func(ctx context.Context, progress func(corpus.Progress)) (corpus.Rebuilt, error) {
		progress(corpus.Progress{Step: "rebuild", Done: 3, Total: 7})
		began <- struct{}{}
		<-ctx.Done()
		return corpus.Rebuilt{}, fmt.Errorf("read /secret/path: %w", ctx.Err())
	}
	return began
}

func TestOperations(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	ctx := t.Context()
	start := func() (*dalilv1.Operation, error) {
		s, err := r.admin.StartRebuild(ctx, &dalilv1.StartRebuildRequest{Activate: true})
		return s.GetOperation(), err
	}
	first, err := start()
	done := ended(t, r, first, err)
	if b := done.GetRebuild(); done.GetState() != dalilv1.OperationState_OPERATION_STATE_SUCCEEDED || b.GetIndexed() != 5 || b.GetFailed() != 1 ||
		b.GetActivation().GetCollection() != "news-3" || b.GetActivation().GetLate().GetMissing() != 2 {
		t.Errorf("a rebuild: %v", done)
	}
	began := slow(h)
	second, err := start()
	if err != nil || second.GetState() != dalilv1.OperationState_OPERATION_STATE_RUNNING || second.GetKind() != dalilv1.OperationKind_OPERATION_KIND_REBUILD {
		t.Fatalf("a second one: %v, %v", second, err)
	}
	<-began
	id := second.GetOperationId()
	// A wait that is shorter than the work returns its state, and is not an error.
	waited, err := r.admin.WaitOperation(ctx, &dalilv1.WaitOperationRequest{OperationId: id, Timeout: durationpb.New(time.Millisecond)})
	if err != nil || waited.GetOperation().GetState() != dalilv1.OperationState_OPERATION_STATE_RUNNING {
		t.Errorf("a short wait: %v, %v", waited, err)
	}
	short, cancel := context.WithTimeout(ctx, 2*time.Second) // the answer comes half a second before its end
	waited, err = r.admin.WaitOperation(short, &dalilv1.WaitOperationRequest{OperationId: id})
	cancel()
	if err != nil {
		t.Errorf("a wait as long as its deadline: %v", err)
	}
	if p := waited.GetOperation().GetProgress(); p.GetStep() != "rebuild" || p.GetDone() != 3 || p.GetTotal() != 7 {
		t.Errorf("progress %v", p)
	}
	if _, err := start(); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("a rebuild beside a rebuild: %v", err)
	}
	if _, err := r.admin.CancelOperation(ctx, &dalilv1.CancelOperationRequest{OperationId: id}); err != nil {
		t.Error(err)
	}
	cancelled := ended(t, r, second, nil)
	if f := cancelled.GetError(); cancelled.GetState() != dalilv1.OperationState_OPERATION_STATE_CANCELLED || f.GetReason() != dalilv1.ErrorReason_ERROR_REASON_CANCELLED || f.GetMessage() == "" {
		t.Errorf("a cancelled one: %v", cancelled)
	}
	list, err := r.admin.ListOperations(ctx, &dalilv1.ListOperationsRequest{})
	if all := list.GetOperations(); err != nil || len(all) != 2 || all[0].GetOperationId() != id || all[1].GetOperationId() != first.GetOperationId() {
		t.Errorf("list %v, %v", list, err)
	}
	_, err = r.admin.GetOperation(ctx, &dalilv1.GetOperationRequest{OperationId: "none"})
	if diff := cmp.Diff(refusal{Code: codes.NotFound, Reason: "NOT_FOUND"}, refusalOf(err)); diff != "" {
		t.Errorf("an unknown one: %v (-want +got):\n%s", err, diff)
	}
	h.oneOnly = corpus.ErrUnsupported
	if _, err := start(); status.Code(err) != codes.Unimplemented {
		t.Errorf("a store of one collection: %v", err)
	}
}

// A panic, or a fault of the work, fails the operation and nothing else.
func TestAnOperationThatPanics(t *testing.T) {
	h := newBackend()
	h.rebuild = func(context.Context, func(corpus.Progress)) (corpus.Rebuilt, error) { panic("boom") }
	r := serve(t, h, server.Options{})
	s, err := r.admin.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{})
	if op := ended(t, r, s.GetOperation(), err); op.GetState() != dalilv1.OperationState_OPERATION_STATE_FAILED || op.GetError().GetReason() != dalilv1.ErrorReason_ERROR_REASON_INTERNAL {
		t.Errorf("got %v", op)
	}
}

// The server ends its operations when it stops, and those who wait for them.
func TestOperationsEndWithTheServer(t *testing.T) {
	h := newBackend()
	began := slow(h)
	r := serve(t, h, server.Options{})
	s, err := r.admin.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{})
	if err != nil {
		t.Fatal(err)
	}
	<-began
	waiting := make(chan error, 1)
	go func() {
		_, err := r.admin.WaitOperation(t.Context(), &dalilv1.WaitOperationRequest{OperationId: s.GetOperation().GetOperationId()})
		waiting <- err
	}()
	eventually(t, "the wait arrives", func() bool {
		_, err := r.admin.GetOperation(t.Context(), &dalilv1.GetOperationRequest{OperationId: s.GetOperation().GetOperationId()})
		return err == nil
	})
	r.stop()
	if err := r.wait(t); err != nil {
		t.Error(err)
	}
	<-waiting // with its state, or because it came too late
}

// A hundred that ended are remembered.
func TestOldOperationsAreForgotten(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	for range 105 {
		s, err := r.admin.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{})
		ended(t, r, s.GetOperation(), err)
	}
	list, err := r.admin.ListOperations(t.Context(), &dalilv1.ListOperationsRequest{})
	if n := len(list.GetOperations()); err != nil || n != 100 {
		t.Errorf("%d operations, %v", n, err)
	}
}

// What is wrong with a request about operations is named, with the limit.
// A caller that begins many operations removes its own results, and not those of others.
func TestOperationsOfOneCallerDoNotReplaceOthers(t *testing.T) {
	r := serve(t, newBackend(), server.Options{Authenticator: owners()})
	ids := map[string]string{}
	for _, key := range []string{"a1", "b1"} {
		for i := range 110 {
			as := key
			if key == "b1" && i == 0 {
				as = "a2"
			}
			op, err := r.documents.DeleteDocuments(bearer(t.Context(), as), &dalilv1.DeleteDocumentsRequest{All: true, ValidateOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			ids[as] = op.GetOperation().GetOperationId()
		}
	}
	for key, id := range ids {
		if _, err := r.admin.GetOperation(bearer(t.Context(), key), &dalilv1.GetOperationRequest{OperationId: id}); err != nil {
			t.Errorf("the last operation of %s: %v", key, err)
		}
	}
	for key, want := range map[string]int{"a1": 49, "a2": 1, "b1": 50} {
		list, err := r.admin.ListOperations(bearer(t.Context(), key), &dalilv1.ListOperationsRequest{})
		if n := len(list.GetOperations()); err != nil || n != want {
			t.Errorf("%d operations of %s are kept, error %v, want %d", n, key, err, want)
		}
	}
}

func TestOperationRequestsAreChecked(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	_, unnamed := r.admin.GetOperation(t.Context(), &dalilv1.GetOperationRequest{})
	_, waited := r.admin.WaitOperation(t.Context(), &dalilv1.WaitOperationRequest{})
	_, cancelled := r.admin.CancelOperation(t.Context(), &dalilv1.CancelOperationRequest{})
	for name, err := range map[string]error{"get": unnamed, "wait": waited, "cancel": cancelled} {
		if diff := cmp.Diff(invalid("operation_id"), refusalOf(err)); diff != "" {
			t.Errorf("%s without an id: %v (-want +got):\n%s", name, err, diff)
		}
	}
	_, err := r.admin.CompareCollections(t.Context(), &dalilv1.CompareCollectionsRequest{Questions: make([]string, 1001)})
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok {
			if diff := cmp.Diff(map[string]string{"field": "questions", "limit": "1000", "got": "1001"}, info.GetMetadata()); diff != "" {
				t.Errorf("metadata (-want +got):\n%s", diff)
			}
			return
		}
	}
	t.Errorf("1001 questions: %v, without ErrorInfo", err)
}
