package server_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// cast is some tenants, of which one cannot be deleted.
type cast struct{ names []string }

func (c cast) Names(context.Context) ([]string, error) { return c.names, nil }

func (c cast) Usage(_ context.Context, tenant string) (corpus.Usage, corpus.Quota, error) {
	return corpus.Usage{Documents: int64(len(tenant)), Passages: 2, Bytes: 3, Versions: 5}, corpus.Quota{Bytes: 9, Versions: 6}, nil
}

func (c cast) Erase(_ context.Context, tenant string, dryRun bool, _ func(corpus.Progress)) (int, error) {
	if tenant == "busy" && !dryRun {
		return 5, corpus.Refused("tenant busy was written to")
	}
	return 7, nil
}

func TestListTenants(t *testing.T) {
	h := newBackend()
	var want []string
	for i := range 120 {
		want = append(want, fmt.Sprintf("t%03d", i))
	}
	h.tenants = cast{want}
	r := serve(t, h, server.Options{})
	for _, size := range []int32{0, 1, 7, 100} {
		var got []string
		request := &dalilv1.ListTenantsRequest{PageSize: proto.Int32(size)}
		for {
			page, err := r.admin.ListTenants(t.Context(), request)
			if err != nil || page.GetTotalSize() != 120 {
				t.Fatalf("%v, %v", page, err)
			}
			for _, one := range page.GetTenants() {
				got = append(got, one.GetTenant())
			}
			if request.PageToken = page.GetNextPageToken(); request.PageToken == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in pages of %d (-want +got):\n%s", size, diff)
		}
	}
	if _, err := r.admin.ListTenants(t.Context(), &dalilv1.ListTenantsRequest{PageToken: "x"}); status.Code(err) != codes.InvalidArgument {
		t.Errorf("a wrong token: %v", err)
	}
}

func TestTenantUsage(t *testing.T) {
	h := newBackend()
	h.tenants = cast{}
	answer, err := serve(t, h, server.Options{}).admin.GetTenantUsage(t.Context(), &dalilv1.GetTenantUsageRequest{Tenant: "news"})
	want := &dalilv1.GetTenantUsageResponse{
		Usage: &dalilv1.TenantUsage{Documents: 4, Passages: 2, TextBytes: 3, DeletedVersions: 5},
		Quota: &dalilv1.TenantQuota{TextBytes: proto.Int64(9), DeletedVersions: proto.Int32(6)},
	}
	if err != nil || !proto.Equal(answer, want) {
		t.Errorf("got %v, %v, want %v", answer, err, want)
	}
}

// A deletion is an operation, which fails if something is left.
func TestDeleteTenant(t *testing.T) {
	h := newBackend()
	h.tenants = cast{}
	r := serve(t, h, server.Options{})
	started := func(request *dalilv1.DeleteTenantRequest) *dalilv1.Operation {
		t.Helper()
		answer, err := r.admin.DeleteTenant(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		op := answer.GetOperation()
		if request.GetValidateOnly() {
			return op
		}
		waited, err := r.admin.WaitOperation(t.Context(), &dalilv1.WaitOperationRequest{OperationId: op.GetOperationId()})
		if err != nil {
			t.Fatal(err)
		}
		return waited.GetOperation()
	}
	for _, dry := range []bool{true, false} {
		op := started(&dalilv1.DeleteTenantRequest{Tenant: "news", ValidateOnly: dry})
		if op.GetState() != dalilv1.OperationState_OPERATION_STATE_SUCCEEDED || op.GetKind() != dalilv1.OperationKind_OPERATION_KIND_DELETE_TENANT ||
			op.GetTenantDeletion().GetDocuments() != 7 || op.GetTenantDeletion().GetTenant() != "news" {
			t.Errorf("validate only %v: %v", dry, op)
		}
	}
	op := started(&dalilv1.DeleteTenantRequest{Tenant: "busy"})
	if op.GetState() != dalilv1.OperationState_OPERATION_STATE_FAILED || op.GetError().GetReason() != dalilv1.ErrorReason_ERROR_REASON_REFUSED || op.GetError().GetMessage() != "tenant busy was written to" {
		t.Errorf("a tenant that is left: %v", op)
	}
	if _, err := serve(t, newBackend(), server.Options{}).admin.DeleteTenant(t.Context(), &dalilv1.DeleteTenantRequest{Tenant: "news"}); status.Code(err) != codes.Unimplemented {
		t.Errorf("a server without tenants: %v", err)
	}
}
