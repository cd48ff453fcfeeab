package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"google.golang.org/grpc"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

// tenantsCommand has the commands about tenants.
type tenantsCommand struct {
	List   tenantsList   `cmd:"" help:"List the tenants that have documents."`
	Usage  tenantsUsage  `cmd:"" help:"Count what a tenant keeps, and print its limits."`
	Delete tenantsDelete `cmd:"" help:"Delete all documents of a tenant, and prove that nothing is left."`
}

// admin calls do with the client of the admin service.
func (c *calling) admin(ctx context.Context, g *Globals, s streams, opens opener, do func(dalilv1.AdminServiceClient) error) error {
	return c.call(ctx, g, s, opens, func(connection grpc.ClientConnInterface) error {
		return do(dalilv1.NewAdminServiceClient(connection))
	})
}

type tenantsList struct{ calling }

func (c *tenantsList) Run(ctx context.Context, g *Globals, s streams) error {
	return c.admin(ctx, g, s, reading, func(admin dalilv1.AdminServiceClient) error {
		size := int32(100)
		request := &dalilv1.ListTenantsRequest{PageSize: &size}
		for {
			ctx, cancel := c.limited(ctx)
			page, err := admin.ListTenants(ctx, request, client.WaitForReady())
			cancel()
			switch {
			case err != nil:
				return err
			case c.JSON:
				err = printJSON(s.out, page)
			default:
				for _, t := range page.GetTenants() {
					if _, err = fmt.Fprintln(s.out, oneLine(t.GetTenant())); err != nil {
						break
					}
				}
			}
			if request.PageToken = page.GetNextPageToken(); err != nil || request.PageToken == "" {
				return err
			}
		}
	})
}

type tenantsUsage struct {
	calling
	Name string `arg:"" optional:"" help:"The tenant (default: the tenant without a name)."`
}

func (c *tenantsUsage) Run(ctx context.Context, g *Globals, s streams) error {
	return c.admin(ctx, g, s, reading, func(admin dalilv1.AdminServiceClient) error {
		ctx, cancel := c.limited(ctx)
		defer cancel()
		answer, err := admin.GetTenantUsage(ctx, &dalilv1.GetTenantUsageRequest{Tenant: c.Name}, client.WaitForReady())
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s.out, answer)
		}
		used, quota := answer.GetUsage(), answer.GetQuota()
		table := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
		for _, row := range []struct {
			name  string
			used  int64
			limit int64 // 0: none
		}{
			{"documents", int64(used.GetDocuments()), int64(quota.GetDocuments())},
			{"passages", int64(used.GetPassages()), int64(quota.GetPassages())},
			{"bytes of text", used.GetTextBytes(), quota.GetTextBytes()},
			{"kept versions", int64(used.GetDeletedVersions()), int64(quota.GetDeletedVersions())},
		} {
			limit := ""
			if row.limit != 0 {
				limit = fmt.Sprintf("of %d", row.limit)
			}
			fmt.Fprintf(table, "%s\t%d\t%s\n", row.name, row.used, limit)
		}
		return table.Flush()
	})
}

type tenantsDelete struct {
	calling
	Name   string `arg:"" help:"The tenant."`
	Yes    bool   `help:"Delete. Without it, nothing is deleted."`
	DryRun bool   `help:"Print how many documents would be deleted."`
}

func (c *tenantsDelete) Help() string {
	return "Revoke the tenant's keys first: the deletion fails if documents are written meanwhile. Backups and exports are files of their own; delete them yourself."
}

func (c *tenantsDelete) Run(ctx context.Context, g *Globals, s streams) error {
	if !c.Yes && !c.DryRun {
		return errors.New("--yes is missing: this deletes all documents of the tenant; --dry-run counts them")
	}
	opens := writing
	if c.DryRun {
		opens = reading
	}
	return c.admin(ctx, g, s, opens, func(admin dalilv1.AdminServiceClient) error {
		started, err := admin.DeleteTenant(ctx, &dalilv1.DeleteTenantRequest{Tenant: c.Name, ValidateOnly: c.DryRun}, client.WaitForReady())
		if err != nil {
			return err
		}
		op := started.GetOperation()
		if op.GetEndedAt() == nil {
			waiting := &reindexServer{c.Server, admin, s.err}
			if op, err = waiting.await(ctx, op); err != nil {
				return err
			}
		}
		if c.JSON {
			return printJSON(s.out, &dalilv1.DeleteTenantResponse{Operation: op})
		}
		n := op.GetTenantDeletion().GetDocuments()
		switch {
		case n == 0:
			_, err = fmt.Fprintf(s.out, "tenant %s has no documents: check the name with dalil tenants list; nothing is left\n", oneLine(c.Name))
		case c.DryRun:
			_, err = fmt.Fprintf(s.out, "%d documents of tenant %s would be deleted\n", n, oneLine(c.Name))
		default:
			_, err = fmt.Fprintf(s.out, "%d documents of tenant %s were deleted; nothing is left\n", n, oneLine(c.Name))
		}
		return err
	})
}
