package server_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// An error carries the field, what is allowed and what was given, for programs
// too.
func TestErrorsCarryTheLimit(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", PageSize: ptr(int32(101))})
	var got map[string]string
	for _, d := range status.Convert(err).Details() {
		if info, ok := d.(*errdetails.ErrorInfo); ok {
			got = info.GetMetadata()
		}
	}
	if diff := cmp.Diff(map[string]string{"field": "page_size", "limit": "1 to 100", "got": "101"}, got); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
	long := document(strings.Repeat("x", 513), "t")
	receipts, err := ingestAll(t.Context(), r, long)
	if err != nil {
		t.Fatal(err)
	}
	v := receipts[0].GetReceipt().GetFailure().GetViolations()
	if len(v) != 1 || v[0].GetField() != "document.document_id" || v[0].GetLimit() != "512" || v[0].GetGot() != "513" {
		t.Errorf("violations %v", v)
	}
}

// What parser and indexer say of a document names the request's own fields.
func TestFailuresNameTheRequestsFields(t *testing.T) {
	h := newBackend()
	h.ingest = func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		i := 0
		for raw := range raws {
			report(i, corpus.Receipt{Outcome: corpus.Failed, Err: corpus.Invalid(raw.Document.Title, "is odd")})
			i++
		}
		return nil
	}
	r := serve(t, h, server.Options{})
	body := &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: []byte("b")}}
	text := &dalilv1.DocumentInput_Text{Text: "t"}
	for _, test := range []struct {
		field string
		in    *dalilv1.DocumentInput
		want  string
	}{
		{"text", &dalilv1.DocumentInput{Content: text}, "document.text"},
		{"text", &dalilv1.DocumentInput{Content: body}, "document.body.data"},
		{"body", &dalilv1.DocumentInput{Content: body}, "document.body.data"},
		{"media_type", &dalilv1.DocumentInput{Content: body}, "document.body.media_type"},
		{"id", &dalilv1.DocumentInput{Content: text}, "document.document_id"},
		{"metadata.colour", &dalilv1.DocumentInput{Content: text}, "document.metadata.colour"},
		{"language", &dalilv1.DocumentInput{Content: text}, "document.language"},
	} {
		test.in.DocumentId, test.in.Title = "a", test.field
		_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: test.in})
		if diff := cmp.Diff(invalid(test.want), refusalOf(err)); diff != "" {
			t.Errorf("%s: upsert (-want +got):\n%s", test.field, diff)
		}
		receipts, err := ingestAll(t.Context(), r, test.in)
		if err != nil {
			t.Fatal(err)
		}
		if v := receipts[0].GetReceipt().GetFailure().GetViolations(); len(v) != 1 || v[0].GetField() != test.want {
			t.Errorf("%s: receipt %v, want %s", test.field, v, test.want)
		}
	}
	_, err := r.documents.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "no-such"})
	if !strings.Contains(status.Convert(err).Message(), `"no-such"`) || status.Code(err) != codes.NotFound {
		t.Errorf("a document that is not there: %v", err)
	}
}
