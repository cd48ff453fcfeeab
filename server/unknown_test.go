package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// A write that may have taken effect is not called one that did not: neither by a
// receipt nor by the error of a call.
func TestAnUnknownOutcomeIsSaid(t *testing.T) {
	h := newBackend()
	var fault error
	h.ingest = func(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		i := 0
		for range raws {
			report(i, corpus.Receipt{Outcome: corpus.Failed, Err: fault})
			i++
		}
		return nil
	}
	r := serve(t, h, server.Options{})
	down := corpus.Errorf(corpus.ErrUnavailable, "Qdrant at 10.0.0.7:6334 did not answer")
	document := &dalilv1.DocumentInput{DocumentId: "a", Content: &dalilv1.DocumentInput_Text{Text: "t"}}
	for _, test := range []struct {
		err     error
		unknown bool
	}{
		{fmt.Errorf("put: %w", &corpus.UnknownError{Cause: down}), true},
		{fmt.Errorf("put: %w", down), false},
	} {
		fault = test.err
		receipts, err := ingestAll(t.Context(), r, document)
		if err != nil {
			t.Fatal(err)
		}
		failure := receipts[0].GetReceipt().GetFailure()
		if failure.GetOutcomeUnknown() != test.unknown || strings.Contains(failure.GetMessage(), "not known whether") != test.unknown || !failure.GetRetryable() {
			t.Errorf("receipt of %v: %v", test.err, failure)
		}
		_, err = r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document})
		said := ""
		for _, detail := range status.Convert(err).Details() {
			if about, is := detail.(*errdetails.ErrorInfo); is {
				said = about.GetMetadata()["outcome"]
			}
		}
		if (said == "unknown") != test.unknown || strings.Contains(err.Error(), "not known whether") != test.unknown {
			t.Errorf("upsert that ended with %v: %v, outcome %q", test.err, err, said)
		}
		for _, text := range []string{failure.GetMessage(), err.Error()} {
			if strings.Contains(text, "10.0.0.7") || strings.Contains(text, "Qdrant") {
				t.Errorf("a caller reads %q", text)
			}
		}
	}
}
