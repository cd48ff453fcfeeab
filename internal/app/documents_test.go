package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/client"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

func TestUpsertDocuments(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		held := s.upsert(plainText("held", "Something held.", nil))
		tooMuch := plainText("heavy", "Text.", nil)
		tooMuch.Author = strings.Repeat("x", 64<<10+1)
		requests := []*dalilv1.UpsertDocumentRequest{
			{Document: plainText("a", "The first text.", nil)},
			{Document: plainText("", "Without an id.", nil)},
			{Document: plainText("b", "The second text.", nil)},
			{Document: tooMuch},
			{Document: plainText("held", "Something else.", nil), IfNoneMatch: "*"},
			{Document: plainText("held", "Something held.", nil), IfMatch: held.GetEtag()},
			{Document: plainText("a", "The first text, again.", nil)},
			{},
			{Document: &dalilv1.DocumentInput{DocumentId: "pdf", Content: &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: []byte("x"), MediaType: "image/png"}}}},
		}
		answer, err := s.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: requests})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, r := range answer.GetReceipts() {
			if r.GetDocumentId() != requests[i].GetDocument().GetDocumentId() {
				t.Errorf("receipt %d is of %q", i, r.GetDocumentId())
			}
			if r.GetIndexToken() == "" {
				t.Errorf("receipt %d has no index token", i)
			}
			got = append(got, strings.TrimPrefix(r.GetOutcome().String(), "OUTCOME_")+" "+strings.TrimPrefix(r.GetFailure().GetReason().String(), "ERROR_REASON_"))
		}
		want := []string{
			"INDEXED UNSPECIFIED", "FAILED INVALID", "INDEXED UNSPECIFIED", "FAILED INVALID", "FAILED CONFLICT", "UNCHANGED UNSPECIFIED", "INDEXED UNSPECIFIED",
			"FAILED INVALID", "FAILED INVALID",
		}
		if !slices.Equal(got, want) {
			t.Errorf("outcomes %q, want %q", got, want)
		}
		if text := s.get("a").GetDocument().GetText(); text != "The first text, again." {
			t.Errorf("of two requests for a document, %q remains", text)
		}
		for name, n := range map[string]int{"none": 0, "too many": 65} {
			_, err := s.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: make([]*dalilv1.UpsertDocumentRequest, n)})
			if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "requests: must have 1 to 64 requests") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDeleteDocuments(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		for i := range 30 {
			s.upsert(plainText(fmt.Sprintf("d%02d", i), fmt.Sprintf("Text %d.", i), map[string]any{"kind": []string{"x", "y"}[i%2]}))
		}
		dry, err := s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{Filter: byKey("kind", "x"), ValidateOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		op := dry.GetOperation()
		if d := op.GetDeletion(); op.GetState() != dalilv1.OperationState_OPERATION_STATE_SUCCEEDED || op.GetKind() != dalilv1.OperationKind_OPERATION_KIND_DELETE || op.GetEndedAt() == nil ||
			d.GetMatched() != 15 || d.GetDeleted() != 0 || len(d.GetSampleDocumentIds()) != 15 || d.GetSampleDocumentIds()[0] != "d00" {
			t.Errorf("validate_only: %v", op)
		}
		if again, err := s.admin.GetOperation(t.Context(), &dalilv1.GetOperationRequest{OperationId: op.GetOperationId()}); err != nil || again.GetOperation().GetDeletion() == nil {
			t.Errorf("the finished operation: %v, %v", again, err)
		}
		started, err := s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{Filter: byKey("kind", "x")})
		if err != nil {
			t.Fatal(err)
		}
		if d := s.wait(started.GetOperation()).GetDeletion(); d.GetMatched() != 15 || d.GetDeleted() != 15 {
			t.Errorf("deletion %v", d)
		}
		for range 120 { // many dry runs forget no operation
			if _, err := s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{Filter: byKey("kind", "y"), ValidateOnly: true}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.admin.GetOperation(t.Context(), &dalilv1.GetOperationRequest{OperationId: started.GetOperation().GetOperationId()}); err != nil {
			t.Errorf("the deletion after 120 dry runs: %v", err)
		}
		list, err := s.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{IncludeTotalSize: true})
		if err != nil || list.GetTotalSize() != 15 {
			t.Errorf("%d documents are left, error %v", list.GetTotalSize(), err)
		}
		for name, test := range map[string]struct {
			request *dalilv1.DeleteDocumentsRequest
			want    string
		}{
			"nothing said":    {&dalilv1.DeleteDocumentsRequest{}, "filter: is missing"},
			"an empty filter": {&dalilv1.DeleteDocumentsRequest{Filter: &dalilv1.Filter{}}, "filter: has no clause"},
			"both":            {&dalilv1.DeleteDocumentsRequest{Filter: byKey("k"), All: true}, "all: cannot be combined"},
			"a bad filter":    {&dalilv1.DeleteDocumentsRequest{Filter: byKey("")}, "filter.metadata.key"},
		} {
			_, err := s.documents.DeleteDocuments(t.Context(), test.request)
			if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want INVALID_ARGUMENT with %q", name, err, test.want)
			}
		}
		started, err = s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{All: true})
		if err != nil {
			t.Fatal(err)
		}
		if d := s.wait(started.GetOperation()).GetDeletion(); d.GetMatched() != 15 || d.GetDeleted() != 15 {
			t.Errorf("deletion of all: %v", d)
		}
	})
}

// failing lists the failures of a server: id, source, reason, tries.
func (s shelf) failing() []string {
	s.Helper()
	var all []string
	size := int32(1)
	request := &dalilv1.ListFailuresRequest{PageSize: &size}
	for {
		page, err := s.documents.ListFailures(s.Context(), request, client.WaitForReady())
		if err != nil {
			s.Fatalf("list failures: %v", err)
		}
		for _, f := range page.GetFailures() {
			all = append(all, fmt.Sprintf("%s %s %s %d", f.GetDocumentId(), f.GetSource(), strings.TrimPrefix(f.GetReason().String(), "ERROR_REASON_"), f.GetTries()))
			if f.GetMessage() == "" || f.GetFirstFailedAt() == nil || f.GetLastFailedAt() == nil {
				s.Errorf("failure %v", f)
			}
		}
		if page.GetNextPageToken() == "" {
			if int(page.GetTotalSize()) != len(all) {
				s.Errorf("total_size %d of %d", page.GetTotalSize(), len(all))
			}
			return all
		}
		request.PageToken = page.GetNextPageToken()
	}
}

func TestFailuresAreKept(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		bad := func(id string) *dalilv1.DocumentInput {
			return &dalilv1.DocumentInput{DocumentId: id, Source: id + ".png", Content: &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: []byte("x"), MediaType: "image/png"}}}
		}
		t.Run("first run", func(t *testing.T) {
			s := newShelf(t, c)
			s.upsert(plainText("held", "A text.", nil))
			if got := s.failing(); len(got) != 0 {
				t.Errorf("failures of a new server: %q", got)
			}
			for range 2 {
				if _, err := s.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: bad("one")}); status.Code(err) != codes.InvalidArgument {
					t.Fatal(err)
				}
			}
			tooMuch := plainText("two", "A text.", nil)
			tooMuch.Author = strings.Repeat("x", 64<<10+1)
			if _, err := s.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: []*dalilv1.UpsertDocumentRequest{
				{Document: tooMuch}, {Document: bad("three")}, {Document: plainText("held", "Other.", nil), IfNoneMatch: "*"},
			}}); err != nil {
				t.Fatal(err)
			}
			stream, err := s.documents.IngestDocuments(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for i, d := range []*dalilv1.DocumentInput{bad("four"), plainText("five", "A text.", nil)} {
				if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(i), Document: d}); err != nil {
					t.Fatal(err)
				}
			}
			stream.CloseSend()
			for range 2 {
				if m, err := stream.Recv(); err != nil || m.GetReceipt().GetIndexToken() == "" {
					t.Fatalf("receipt %v, %v", m, err)
				}
			}
			want := []string{"four four.png INVALID 1", "one one.png INVALID 2", "three three.png INVALID 1", "two  INVALID 1"}
			if got := s.failing(); !slices.Equal(got, want) {
				t.Errorf("failures %q, want %q", got, want)
			}
			s.upsert(plainText("one", "A text now.", nil))
			if _, err := s.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: "two"}); err != nil {
				t.Fatal(err)
			}
		})
		t.Run("after a restart", func(t *testing.T) {
			s := newShelf(t, c)
			if got, want := s.failing(), []string{"four four.png INVALID 1", "three three.png INVALID 1"}; !slices.Equal(got, want) {
				t.Errorf("failures %q, want %q", got, want)
			}
			size := int32(101)
			if _, err := s.documents.ListFailures(t.Context(), &dalilv1.ListFailuresRequest{PageSize: &size}); status.Code(err) != codes.InvalidArgument {
				t.Errorf("a large page: %v", err)
			}
			if _, err := s.documents.ListFailures(t.Context(), &dalilv1.ListFailuresRequest{PageToken: "x"}); status.Code(err) != codes.InvalidArgument {
				t.Errorf("a bad token: %v", err)
			}
		})
	})
}
