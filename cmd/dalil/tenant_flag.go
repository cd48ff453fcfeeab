package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"dalil/client"
	"dalil/corpus"
)

// tenantFlag chooses the tenant of a command that works on the local store only.
type tenantFlag struct {
	Tenant string `placeholder:"NAME" help:"Tenant whose documents are meant (default: the tenant without a name)."`
}

// operator returns a context of the operator who acts for the tenant.
func (f *tenantFlag) operator(ctx context.Context) (context.Context, error) {
	return operating(ctx, f.Tenant), checkTenant(f.Tenant)
}

// operating returns a context of the operator who acts for a tenant.
func operating(ctx context.Context, tenant string) context.Context {
	return corpus.WithPrincipal(ctx, corpus.Operator(tenant))
}

func checkTenant(tenant string) error {
	if wrong := corpus.TenantViolations("--tenant", tenant); len(wrong) > 0 {
		return fmt.Errorf("--tenant: %s", wrong[0].Description)
	}
	return nil
}

// tenantConnection is a connection inside the process whose calls name a tenant.
type tenantConnection struct {
	grpc.ClientConnInterface
	tenant string
}

func (t tenantConnection) named(ctx context.Context) context.Context {
	if t.tenant == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, client.TenantHeader, t.tenant)
}

// Invoke makes a unary call.
func (t tenantConnection) Invoke(ctx context.Context, method string, args, reply any, options ...grpc.CallOption) error {
	return t.ClientConnInterface.Invoke(t.named(ctx), method, args, reply, options...)
}

// NewStream begins a stream.
func (t tenantConnection) NewStream(ctx context.Context, d *grpc.StreamDesc, method string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	return t.ClientConnInterface.NewStream(t.named(ctx), d, method, options...)
}
