package server_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// A batch that would need far more memory than it has bytes is refused before it is decoded.
func TestHostileBatches(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	heavy := document("heavy", "Text.")
	for range 300_000 {
		heavy.Tags = append(heavy.Tags, "")
	}
	for name, test := range map[string]struct {
		requests []*dalilv1.UpsertDocumentRequest
		field    string
	}{
		"many tags":             {[]*dalilv1.UpsertDocumentRequest{{Document: document("a", "Text.")}, {Document: heavy}}, "requests[1].document"},
		"many empty requests":   {make([]*dalilv1.UpsertDocumentRequest, 100_000), "requests"},
		"slightly too many":     {make([]*dalilv1.UpsertDocumentRequest, 65), "requests"},
		"no request":            {nil, "requests"},
		"a document, and a bit": {append(make([]*dalilv1.UpsertDocumentRequest, 5000), &dalilv1.UpsertDocumentRequest{Document: document("a", "Text.")}), "requests"},
	} {
		_, err := r.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: test.requests})
		if got := refusalOf(err); got.Code != codes.InvalidArgument || len(got.Fields) != 1 || got.Fields[0] != test.field {
			t.Errorf("%s: %+v, want INVALID_ARGUMENT of %s", name, got, test.field)
		}
	}
	heavy.Content, heavy.Tags = nil, heavy.Tags[:70_000]
	_, err := r.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: heavy, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"tags"}}})
	if got := refusalOf(err); got.Code != codes.InvalidArgument || len(got.Fields) != 1 || got.Fields[0] != "document" {
		t.Errorf("an update of many tags: %+v", got)
	}
	_, err = r.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: "a", Author: strings.Repeat("x", 1<<20)}})
	if got := refusalOf(err); got.Code != codes.ResourceExhausted || got.Reason != "TOO_LARGE" {
		t.Errorf("an update of 1 MB: %+v", got)
	}
	if n := h.held(); n != 0 {
		t.Errorf("%d documents were written", n)
	}
}
