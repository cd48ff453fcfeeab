package app_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// While the alias points to a collection that a server can't open, it takes no
// write at all: what it acknowledged would be missing, or still be there, in the
// collection that is active.
func TestNoWriteIsAcknowledgedForACollectionThatWasLeft(t *testing.T) {
	c := onQdrant(t, nil)
	indexSeeds(t, open(t, c))
	a, err := app.OpenServed(t.Context(), c, quiet, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	connection, admin := serve(t, a)
	other := c
	other.Index.ChunkTokens = 60
	b, err := app.OpenRebuild(t.Context(), other, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Rebuild(operator(t), "", func(corpus.Receipt) {}); err != nil {
		t.Fatal(err)
	}
	_, err = b.Activate(operator(t))
	if err := errors.Join(err, b.Close()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "readiness says why", func() bool {
		code, body := get(t, admin+"/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "goes on answering from")
	})
	client := dalilv1.NewDocumentServiceClient(connection)
	_, deleteErr := client.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: poverty})
	_, upsertErr := client.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{
		DocumentId: "new", Content: &dalilv1.DocumentInput_Text{Text: "A text."},
	}})
	for name, err := range map[string]error{"delete": deleteErr, "upsert": upsertErr} {
		if status.Code(err) != codes.FailedPrecondition || strings.Contains(err.Error(), c.Store.Address) {
			t.Errorf("%s: %v, want it to be refused without internals", name, err)
		}
	}
	fresh := open(t, other)
	if _, err := fresh.Document(operator(t), poverty, false); err != nil {
		t.Errorf("the active collection lost the document: %v", err)
	}
}
