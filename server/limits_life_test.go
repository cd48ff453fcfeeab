package server_test

import (
	"strings"
	"testing"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func TestConditionsExcludeEachOther(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document("a", "t"), IfMatch: "e", IfNoneMatch: "*"})
	if err == nil || !strings.Contains(err.Error(), "if_none_match: cannot be combined with if_match") {
		t.Errorf("%v", err)
	}
}
