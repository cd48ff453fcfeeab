package server_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func TestADocumentsLife(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	input := &dalilv1.DocumentInput{
		DocumentId: "news/1", Content: &dalilv1.DocumentInput_Text{Text: "نص"}, Title: "T", Url: "https://example.org/1", Source: "feed",
		Language: "ar", Author: "A", Tags: []string{"x"}, PublishedAt: timestamppb.New(time.Unix(1_600_000_000, 5)),
		Metadata: everyKind(),
	}
	want := &dalilv1.Receipt{DocumentId: "news/1", Outcome: dalilv1.Outcome_OUTCOME_INDEXED, Revision: "r1", Passages: 1, Tokens: 4}
	const mark = "aQEAAAAAAAAABwnP6fL9Mju9" // of the backend
	want.IndexToken = mark
	for range 2 {
		answer, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: input})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, answer.GetReceipt(), protocmp.Transform()); diff != "" {
			t.Errorf("receipt (-want +got):\n%s", diff)
		}
		want.Outcome, want.Tokens = dalilv1.Outcome_OUTCOME_UNCHANGED, 0
	}
	got, err := r.documents.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "news/1"})
	if err != nil {
		t.Fatal(err)
	}
	document := &dalilv1.Document{
		DocumentId: "news/1", Text: ptr("نص"), Title: "T", Url: "https://example.org/1", Source: "feed", Language: "ar", Author: "A",
		Tags: []string{"x"}, PublishedAt: timestamppb.New(time.Unix(1_600_000_000, 5)), Metadata: everyKind(),
		Revision: "r1", Passages: ptr(int32(1)), UpdatedAt: timestamppb.New(time.Unix(1_700_000_000, 0)),
	}
	if diff := cmp.Diff(document, got.GetDocument(), protocmp.Transform()); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	got, err = r.documents.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "news/1", IncludeText: ptr(false)})
	if err != nil || got.GetDocument().Text != nil {
		t.Errorf("text that nobody asked for: %v, error %v", got.GetDocument().Text, err)
	}
	for range 2 { // deleting what is not there is no error
		gone, err := r.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: "news/1"})
		if err != nil || gone.GetReceipt().GetOutcome() != dalilv1.Outcome_OUTCOME_DELETED || gone.GetReceipt().GetDocumentId() != "news/1" {
			t.Errorf("deleted: %v, error %v", gone, err)
		}
	}
	_, err = r.documents.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "news/1"})
	if diff := cmp.Diff(refusal{Code: codes.NotFound, Reason: "NOT_FOUND"}, refusalOf(err)); diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestBodiesReachTheParserAsTheyAre(t *testing.T) {
	h := newBackend()
	var got corpus.Raw
	h.ingest = func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		got = <-raws
		report(0, corpus.Receipt{Outcome: corpus.Indexed})
		return nil
	}
	r := serve(t, h, server.Options{})
	body := []byte{0xc7, 0xe1, 0xff, 0x00} // windows-1256
	_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{
		DocumentId: "a", Content: &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: body, MediaType: "text/plain; charset=windows-1256"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := corpus.Raw{Document: corpus.Document{ID: "a"}, Body: body, MediaType: "text/plain; charset=windows-1256"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("raw (-want +got):\n%s", diff)
	}
}

func TestListingIsWholeWhateverIsWritten(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	put := func(id string) { h.put(corpus.Raw{Document: corpus.Document{ID: id, Text: "t"}}) }
	var want []string
	for i := range 23 {
		id := fmt.Sprintf("doc-%02d", i)
		want = append(want, id)
		put(id)
	}
	var got []string
	req := &dalilv1.ListDocumentsRequest{}
	for page := int32(1); ; page++ {
		req.PageSize = ptr(page * 2)
		answer, err := r.documents.ListDocuments(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range answer.GetDocuments() {
			got = append(got, d.GetDocumentId())
			if d.Text != nil {
				t.Errorf("%s is listed with its text", d.GetDocumentId())
			}
		}
		put("a-new-one-before-all") // must not shift the pages
		if req.PageToken = answer.GetNextPageToken(); req.PageToken == "" {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	exact, err := r.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageSize: ptr(int32(24))})
	if err != nil || exact.GetNextPageToken() != "" {
		t.Errorf("a page that holds all names a next one; error %v", err)
	}
}

func TestInfoAndStats(t *testing.T) {
	limits := server.DefaultLimits()
	limits.PageSize = 20
	r := serve(t, newBackend(), server.Options{Limits: limits, DefaultTimeout: time.Second, MaxTimeout: time.Minute})
	info, err := r.admin.GetInfo(t.Context(), &dalilv1.GetInfoRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantInfo := &dalilv1.GetInfoResponse{
		Build:    &dalilv1.Build{Version: "1.2.3", Commit: "abc", GoVersion: "go1"},
		Model:    &dalilv1.Model{Provider: "hash", Name: "m", Revision: "1", Dimensions: 256},
		Pipeline: corpus.Pipeline{Model: "m", ModelRevision: "1", Dimensions: 256, Analyzer: "a1", Chunker: "c1"}.Fingerprint(),
		Analyzer: "a1", Chunker: "c1", Store: "local", Collection: "default",
		Arms:      []dalilv1.Arm{dalilv1.Arm_ARM_DENSE, dalilv1.Arm_ARM_LEXICAL},
		StartedAt: timestamppb.New(time.Unix(1_700_000_000, 0)),
		Limits: &dalilv1.Limits{
			MaxQueryBytes: 4096, MaxPageSize: 20, MaxDocumentBytes: 16 << 20, MaxMetadataBytes: 64 << 10, MaxDocumentIdBytes: 512,
			MaxFilterBytes: 32768, MaxHeaderBytes: 65536, MaxFilterClauses: 256, MaxNeighbours: 5, MaxMessageBytes: 32<<20 + 128<<10, MaxContextTokens: 32_000, MaxHistoryTurns: 64, MaxHistoryBytes: 32 << 10, MaxAnswerBytes: 32 << 10, MaxGroundingBytes: 512 << 10, MaxBatch: 64, MaxSimilarBytes: 32 << 10,
			DefaultTimeout: durationpb.New(time.Second), MaxTimeout: durationpb.New(time.Minute),
		},
	}
	if diff := cmp.Diff(wantInfo, info, protocmp.Transform()); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
	stats, err := r.admin.GetStats(t.Context(), &dalilv1.GetStatsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wantStats := &dalilv1.GetStatsResponse{
		Documents: 3, Passages: 7, Terms: 11, Languages: map[string]int32{"ar": 2, "": 1}, DiskBytes: ptr(int64(4096)),
	}
	if diff := cmp.Diff(wantStats, stats, protocmp.Transform()); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
}

// everyKind is metadata of all types.
func everyKind() map[string]*structpb.Value {
	return map[string]*structpb.Value{
		"k": structpb.NewStringValue("v"), "n": structpb.NewNumberValue(1 << 53), "b": structpb.NewBoolValue(false),
		"l":    structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewStringValue("أ")}}),
		"none": structpb.NewListValue(&structpb.ListValue{}),
	}
}

// The error of an update that lost against other writes names the document and says what to do.
func TestOvertakenUpdate(t *testing.T) {
	h := newBackend()
	h.update = func(u corpus.Update) (corpus.Receipt, error) {
		return corpus.Receipt{}, corpus.Errorf(corpus.ErrConflict, "the index at /srv/secret was faster")
	}
	r := serve(t, h, server.Options{})
	_, err := r.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: "news/1", Tags: []string{"x"}}})
	const want = `other writes changed document "news/1" faster than this update; try again`
	if s := status.Convert(err); s.Code() != codes.Aborted || s.Message() != want {
		t.Errorf("got %v, want ABORTED: %s", err, want)
	}
}
