package app_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// ended waits for an operation that a call returned.
func ended(t *testing.T, client dalilv1.AdminServiceClient, op *dalilv1.Operation, err error) *dalilv1.Operation {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	waited, err := client.WaitOperation(t.Context(), &dalilv1.WaitOperationRequest{OperationId: op.GetOperationId()})
	if err != nil || waited.GetOperation().GetEndedAt() == nil {
		t.Fatalf("wait for %v: %v, %v", op, waited, err)
	}
	return waited.GetOperation()
}

// What takes longer than a call is an operation: a server rebuilds with the
// configuration as it is now, compares and activates, and a caller's short
// deadline ends none of it.
func TestAServerReindexesItself(t *testing.T) {
	c := onQdrant(t, func(c *config.Config) { c.Store.Poll = 50 * time.Millisecond })
	ingest(t, open(t, c), corpus.Document{ID: "a", Title: "One", Text: "One text."}, corpus.Document{ID: "b", Title: "Two", Text: "Another text."})
	next := c
	next.Search.Depth = 150 // a change that keeps the pipeline
	a, err := app.OpenServed(t.Context(), c, quiet, func() (config.Config, error) { return next, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	connection, _ := serve(t, a)
	client := dalilv1.NewAdminServiceClient(connection)
	started, err := client.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{})
	built := ended(t, client, started.GetOperation(), err)
	if b := built.GetRebuild(); b.GetIndexed() != 2 || b.GetFailed() != 0 || b.GetCollection() == "" || b.GetActivation() != nil {
		t.Fatalf("rebuild: %v", built)
	}
	compared, err := client.CompareCollections(t.Context(), &dalilv1.CompareCollectionsRequest{})
	if op := ended(t, client, compared.GetOperation(), err); op.GetComparison().GetOverlap() != 1 || op.GetComparison().GetQuestions() != 2 {
		t.Errorf("compare: %v", op)
	}
	short, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	activated, err := client.ActivateCollection(short, &dalilv1.ActivateCollectionRequest{})
	cancel() // the caller leaves at once
	op := ended(t, client, activated.GetOperation(), err)
	if got := op.GetActivation(); got.GetCollection() != built.GetRebuild().GetCollection() || got.GetLate() != nil {
		t.Errorf("activate: %v", op)
	}
	if active := activeOf(t, openReindex(t, c)); active != built.GetRebuild().GetCollection() {
		t.Errorf("%s is active, want %s", active, built.GetRebuild().GetCollection())
	}
}

// The embedded store keeps one collection; there is nothing to start.
func TestAnEmbeddedStoreHasNoOperations(t *testing.T) {
	connection, _ := serve(t, open(t, settings(t, nil)))
	client := dalilv1.NewAdminServiceClient(connection)
	for name, err := range map[string]error{
		"rebuild":  second(client.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{})),
		"compare":  second(client.CompareCollections(t.Context(), &dalilv1.CompareCollectionsRequest{})),
		"activate": second(client.ActivateCollection(t.Context(), &dalilv1.ActivateCollectionRequest{})),
	} {
		if status.Code(err) != codes.Unimplemented {
			t.Errorf("%s: %v, want %v", name, err, codes.Unimplemented)
		}
	}
}

func second[T any](_ T, err error) error { return err }
