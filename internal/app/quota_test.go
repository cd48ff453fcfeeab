package app_test

import (
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// A rebuild keeps what is there, also if a quota was lowered since.
func TestRebuildBeyondAQuota(t *testing.T) {
	c := settings(t, nil)
	a := open(t, c)
	ingest(t, a, corpus.Document{ID: "a", Text: "Rivers cross the city."}, corpus.Document{ID: "b", Text: "Trains cross the river."})
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	c.Quota.Documents, c.Index.ChunkTokens = 1, 60
	b := rebuilt(t, c)
	if _, err := b.Activate(operator(t)); err != nil {
		t.Fatal(err)
	}
	if stats, err := b.Stats(operator(t)); err != nil || stats.Documents != 2 {
		t.Errorf("after the rebuild: %+v, %v", stats, err)
	}
}

// Every way in refuses a document beyond the quota, and says whose quota it is.
func TestQuota(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		c.Quota.Documents = 2
		s := newShelf(t, c)
		upsert := func(id, text string) error {
			_, err := s.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: plainText(id, text, nil)})
			return err
		}
		for _, id := range []string{"a", "b", "a"} {
			if err := upsert(id, "Text of "+id); err != nil {
				t.Fatal(err)
			}
		}
		err := upsert("c", "Text of c")
		if status.Code(err) != codes.ResourceExhausted {
			t.Fatalf("got %v", err)
		}
		var whose, why string
		for _, d := range status.Convert(err).Details() {
			switch d := d.(type) {
			case *errdetails.QuotaFailure:
				whose, why = d.GetViolations()[0].GetSubject(), d.GetViolations()[0].GetDescription()
			case *errdetails.RetryInfo:
				t.Error("the caller is told to try again, which does not help")
			}
		}
		if whose != "tenant:" || why != "the limit is 2 documents; 2 are used, and this document adds 1" {
			t.Errorf("the quota of %q: %q", whose, why)
		}
		stream, err := s.documents.IngestDocuments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Send(&dalilv1.IngestDocumentsRequest{Document: plainText("d", "Text of d", nil)}); err != nil {
			t.Fatal(err)
		}
		if err := stream.CloseSend(); err != nil {
			t.Fatal(err)
		}
		receipt, err := stream.Recv()
		if f := receipt.GetReceipt().GetFailure(); err != nil || f.GetReason() != dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED || f.GetRetryable() || !strings.Contains(f.GetMessage(), "the limit is 2 documents") {
			t.Errorf("a stream: %v, %v", receipt, err)
		}
		many, err := s.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: []*dalilv1.UpsertDocumentRequest{{Document: plainText("a", "Another text", nil)}, {Document: plainText("e", "Text of e", nil)}}})
		if err != nil || many.GetReceipts()[0].GetFailure() != nil || many.GetReceipts()[1].GetFailure().GetReason() != dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED {
			t.Errorf("several documents: %v, %v", many, err)
		}
		if _, err := s.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: "b"}); err != nil {
			t.Fatal(err)
		}
		if err := upsert("c", "Text of c"); err != nil {
			t.Errorf("after a deletion: %v", err)
		}
	})
}
