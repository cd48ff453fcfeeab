package server_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// What a view leaves out does not travel, whatever the passage has.
func TestViewsDecideWhatTravels(t *testing.T) {
	h := newBackend()
	whole := passage(1)
	whole.Chunk.Headings = []string{"A", "ب"}
	whole.BestSentence, whole.Snippet = corpus.Span{Start: 2, End: 9}, "snippet"
	whole.Highlights = []corpus.Highlight{{End: 2, UTF16End: 1}}
	whole.Before, whole.Relevance = []corpus.Chunk{{ID: corpus.NewChunkID("doc-01", "r1", 7), Text: "before"}}, ptr(float32(0.5))
	var asked []corpus.View
	h.search = func(_ context.Context, q corpus.Query) (corpus.Answer, error) {
		asked = append(asked, q.View)
		return corpus.Answer{Passages: []corpus.Passage{whole}, Candidates: 1}, nil
	}
	h.passages = func(context.Context, []corpus.ChunkID, int) ([]corpus.Passage, error) {
		return []corpus.Passage{whole}, nil
	}
	r := serve(t, h, server.Options{})
	ids := &dalilv1.Passage{
		PassageId: whole.Chunk.ID.String(), DocumentId: "doc-01", Rank: 1, Span: &dalilv1.Span{End: 20},
		Relevance: ptr(float32(0.5)), Scores: &dalilv1.Scores{Fused: ptr(float32(1))},
	}
	snippet := &dalilv1.Passage{
		PassageId: ids.PassageId, DocumentId: "doc-01", Rank: 1, Span: ids.Span, Relevance: ids.Relevance, Scores: ids.Scores,
		Document: &dalilv1.Document{DocumentId: "doc-01", Title: "Title doc-01", Revision: "r1"}, HeadingPath: []string{"A", "ب"},
		BestSentence: &dalilv1.Span{Start: 2, End: 9}, Snippet: "snippet",
	}
	full := &dalilv1.Passage{
		PassageId: ids.PassageId, DocumentId: "doc-01", Rank: 1, Span: ids.Span, Relevance: ids.Relevance, Scores: ids.Scores,
		Document: snippet.Document, HeadingPath: snippet.HeadingPath, BestSentence: snippet.BestSentence, Snippet: "snippet",
		Text: whole.Chunk.Text, Highlights: []*dalilv1.Highlight{{End: 2, Utf16End: 1}},
		Before: []*dalilv1.Neighbour{{PassageId: whole.Before[0].ID.String(), Span: &dalilv1.Span{}, Text: "before"}},
	}
	for _, test := range []struct {
		view dalilv1.View
		want *dalilv1.Passage
	}{
		{dalilv1.View_VIEW_IDS, ids}, {dalilv1.View_VIEW_SNIPPET, snippet}, {dalilv1.View_VIEW_FULL, full}, {dalilv1.View_VIEW_UNSPECIFIED, full},
	} {
		found, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "x", View: test.view})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]*dalilv1.Passage{test.want}, found.GetPassages(), protocmp.Transform()); diff != "" {
			t.Errorf("%v (-want +got):\n%s", test.view, diff)
		}
		read, err := r.search.GetPassages(t.Context(), &dalilv1.GetPassagesRequest{PassageIds: []string{ids.PassageId}, View: test.view})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]*dalilv1.Passage{test.want}, read.GetPassages(), protocmp.Transform(), protocmp.IgnoreFields(&dalilv1.Passage{}, "scores", "relevance")); diff != "" {
			t.Errorf("GetPassages, %v (-want +got):\n%s", test.view, diff)
		}
	}
	if diff := cmp.Diff([]corpus.View{corpus.IDsView, corpus.SnippetView, corpus.FullView, corpus.FullView}, asked); diff != "" {
		t.Errorf("views asked for (-want +got):\n%s", diff)
	}
	for _, call := range []func() error{
		func() error {
			_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "x", View: 9})
			return err
		},
		func() error {
			_, err := r.search.GetPassages(t.Context(), &dalilv1.GetPassagesRequest{PassageIds: []string{ids.PassageId}, View: -1})
			return err
		},
	} {
		if got := refusalOf(call()); got.Code != codes.InvalidArgument || len(got.Fields) != 1 || got.Fields[0] != "view" {
			t.Errorf("an unknown view: %+v", got)
		}
	}
}
