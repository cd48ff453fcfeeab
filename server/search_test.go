package server_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func TestSearchTranslatesTheQuestion(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	from := time.Date(2022, 3, 1, 0, 0, 0, 0, time.UTC)
	req := &dalilv1.SearchRequest{
		Query: "الحد من الفقر", PageSize: ptr(int32(7)),
		Arms:               []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL, dalilv1.Arm_ARM_DENSE},
		Fusion:             &dalilv1.Fusion{Method: dalilv1.FusionMethod_FUSION_METHOD_RRF, DenseWeight: ptr(float32(0.25)), K: ptr(int32(10))},
		MinDenseSimilarity: ptr(float32(0)), MinLexicalCoverage: ptr(float32(0.5)), Neighbours: ptr(int32(2)),
		Rerank: ptr(false), Exact: ptr(true), Effort: ptr(int32(99)), Debug: ptr(true), PreferQueryLanguage: ptr(false),
		InterpretTime: ptr(false), ReferenceTime: timestamppb.New(from),
		Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: []*dalilv1.Filter{
			{Clause: &dalilv1.Filter_Not{Not: &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{
				Field: dalilv1.FilterField_FILTER_FIELD_TAG, Values: []string{"x", "y"},
			}}}}},
			{Clause: &dalilv1.Filter_Published{Published: &dalilv1.PublishedFilter{From: timestamppb.New(from)}}},
			{Clause: &dalilv1.Filter_Any{Any: &dalilv1.FilterList{Filters: []*dalilv1.Filter{
				{Clause: &dalilv1.Filter_Metadata{Metadata: &dalilv1.MetadataFilter{Key: "k", Min: ptr(1.5)}}},
			}}}},
		}}}},
	}
	if _, err := r.search.Search(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	want := []corpus.Query{{
		Text: "الحد من الفقر", Limit: 7, Arms: []corpus.Arm{corpus.Lexical, corpus.Dense},
		Fusion:   corpus.Fusion{Method: corpus.RRF, DenseWeight: ptr(float32(0.25)), K: 10},
		MinDense: ptr(float32(0)), MinCoverage: ptr(float32(0.5)), Neighbours: 2,
		Rerank: ptr(false), Exact: true, Effort: 99, Debug: true, AnyLanguage: true, Syntax: true, AnyTime: true, Now: from,
		Filter: corpus.Filter{All: []corpus.Filter{
			{Not: &corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"x", "y"}}}},
			{Published: &corpus.Published{From: from}},
			{Any: []corpus.Filter{{Metadata: &corpus.MetadataMatch{Key: "k", Min: ptr(1.5)}}}},
		}},
	}}
	if diff := cmp.Diff(want, h.asked()); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
}

func TestMetadataFiltersAreTranslated(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	day := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	type m = corpus.MetadataMatch
	tests := []struct {
		filter *dalilv1.MetadataFilter
		want   corpus.Filter
	}{
		{
			&dalilv1.MetadataFilter{Key: "k", Values: []*structpb.Value{structpb.NewStringValue("5"), structpb.NewNumberValue(5), structpb.NewBoolValue(true)}},
			corpus.Filter{Metadata: &m{Key: "k", Values: []corpus.Value{corpus.String("5"), corpus.Number(5), corpus.Boolean(true)}}},
		},
		{&dalilv1.MetadataFilter{Key: "k", Min: ptr(-1.0), Max: ptr(2.5)}, corpus.Filter{Metadata: &m{Key: "k", Min: ptr(-1.0), Max: ptr(2.5)}}},
		{&dalilv1.MetadataFilter{Key: "k", Prefix: ptr("p")}, corpus.Filter{Metadata: &m{Key: "k", Prefix: "p"}}},
		{
			&dalilv1.MetadataFilter{Key: "k", From: timestamppb.New(day), Until: timestamppb.New(day.Add(time.Hour))},
			corpus.Filter{Metadata: &m{Key: "k", From: day, Until: day.Add(time.Hour)}},
		},
		{&dalilv1.MetadataFilter{Key: "k"}, corpus.Filter{Metadata: &m{Key: "k"}}},
		{&dalilv1.MetadataFilter{Key: "k", Exists: ptr(true)}, corpus.Filter{Metadata: &m{Key: "k"}}},
		{&dalilv1.MetadataFilter{Key: "k", Exists: ptr(false)}, corpus.Filter{Not: &corpus.Filter{Metadata: &m{Key: "k"}}}},
	}
	var want, got []corpus.Filter
	for _, test := range tests {
		want = append(want, test.want)
		if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: test.filter}}}); err != nil {
			t.Fatal(err)
		}
	}
	for _, q := range h.asked() {
		got = append(got, q.Filter)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("filters (-want +got):\n%s", diff)
	}
}

func TestEveryFilterFieldIsTranslated(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	want := map[dalilv1.FilterField]corpus.Field{
		dalilv1.FilterField_FILTER_FIELD_LANGUAGE: corpus.FieldLanguage, dalilv1.FilterField_FILTER_FIELD_SOURCE: corpus.FieldSource,
		dalilv1.FilterField_FILTER_FIELD_AUTHOR: corpus.FieldAuthor, dalilv1.FilterField_FILTER_FIELD_TAG: corpus.FieldTag,
		dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID: corpus.FieldDocumentID,
	}
	got := map[dalilv1.FilterField]corpus.Field{}
	for number := range dalilv1.FilterField_name {
		field := dalilv1.FilterField(number)
		_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", Filter: &dalilv1.Filter{
			Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: field, Values: []string{"v"}}},
		}})
		if err == nil {
			queries := h.asked()
			got[field] = queries[len(queries)-1].Filter.In.Field
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestSearchTranslatesTheAnswer(t *testing.T) {
	h := newBackend()
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) {
		first, second := passage(1), passage(2)
		first.Scores = corpus.Scores{
			Dense: ptr(float32(0)), Lexical: ptr(float32(3.5)), Coverage: ptr(float32(0.75)), Rerank: ptr(float32(0.5)),
			Fused: 1.5, DenseRank: 4, LexicalRank: 1,
		}
		first.Highlights = []corpus.Highlight{{Start: 0, End: 14, UTF16Start: 0, UTF16End: 7}}
		first.Relevance = ptr(float32(0.25))
		first.Features = []corpus.Feature{{Name: "coverage", Value: 0.75, Moved: 0.1}}
		first.Before = []corpus.Chunk{{ID: corpus.NewChunkID("doc-01", "r1", 7), Ordinal: 7, Span: corpus.Span{Start: 3, End: 9}, Text: "before"}}
		first.Document.PublishedAt = time.Unix(1_600_000_000, 0)
		first.Document.Metadata = map[string]corpus.Value{"k": corpus.String("v"), "n": corpus.Number(2022)}
		first.Document.Tags = []string{"a", "b"}
		return corpus.Answer{
			Passages: []corpus.Passage{first, second}, Candidates: 42, TopDense: ptr(float32(0.9)),
			Evidence: corpus.EvidenceWeak,
			Degraded: []corpus.Arm{corpus.Dense},
			Timings:  []corpus.Timing{{Stage: corpus.StageStore, Duration: 1500 * time.Microsecond}, {Stage: corpus.StageHydrate, Duration: time.Second}},
			Explanations: []corpus.Explanation{{
				Word: "poverty", Term: "poverti", Held: true, Weight: 1,
				Translations: []corpus.Translation{{Term: "فقر", Weight: 0.82}, {Term: "قوبلاي", Weight: 0.5, Sound: true}},
			}},
		}, nil
	}
	r := serve(t, h, server.Options{})
	got, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", Debug: ptr(true)})
	if err != nil {
		t.Fatal(err)
	}
	want := &dalilv1.SearchResponse{
		Candidates: 42, DegradedArms: []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}, TopDenseSimilarity: ptr(float32(0.9)),
		Evidence: dalilv1.Evidence_EVIDENCE_WEAK,
		Timings: []*dalilv1.StageTiming{
			{Stage: dalilv1.Stage_STAGE_STORE, Duration: durationpb.New(1500 * time.Microsecond)},
			{Stage: dalilv1.Stage_STAGE_HYDRATE, Duration: durationpb.New(time.Second)},
		},
		Debug: &dalilv1.SearchDebug{Explanations: []*dalilv1.Explanation{{
			Word: "poverty", Term: "poverti", Held: true, Weight: 1,
			Translations: []*dalilv1.Translation{{Term: "فقر", Weight: 0.82}, {Term: "قوبلاي", Weight: 0.5, Sound: true}},
		}}},
		Passages: []*dalilv1.Passage{
			{
				PassageId: corpus.NewChunkID("doc-01", "r1", 0).String(), DocumentId: "doc-01", Rank: 1, Text: "التعاون doc-01", Span: &dalilv1.Span{End: 20},
				Document: &dalilv1.Document{
					DocumentId: "doc-01", Title: "Title doc-01", Revision: "r1", PublishedAt: timestamppb.New(time.Unix(1_600_000_000, 0)),
					Metadata: map[string]*structpb.Value{"k": structpb.NewStringValue("v"), "n": structpb.NewNumberValue(2022)}, Tags: []string{"a", "b"},
				},
				Scores: &dalilv1.Scores{
					Dense: ptr(float32(0)), Lexical: ptr(float32(3.5)), Coverage: ptr(float32(0.75)), Rerank: ptr(float32(0.5)),
					Fused: ptr(float32(1.5)), DenseRank: ptr(int32(4)), LexicalRank: ptr(int32(1)),
				},
				Relevance:    ptr(float32(0.25)),
				Highlights:   []*dalilv1.Highlight{{End: 14, Utf16End: 7}},
				RankFeatures: []*dalilv1.RankFeature{{Name: "coverage", Value: 0.75, Moved: 0.1}},
				Before: []*dalilv1.Neighbour{{
					PassageId: corpus.NewChunkID("doc-01", "r1", 7).String(), Ordinal: 7, Span: &dalilv1.Span{Start: 3, End: 9}, Text: "before",
				}},
			},
			{
				PassageId: corpus.NewChunkID("doc-02", "r1", 0).String(), DocumentId: "doc-02", Rank: 2, Text: "التعاون doc-02", Span: &dalilv1.Span{End: 20},
				Document: &dalilv1.Document{DocumentId: "doc-02", Title: "Title doc-02", Revision: "r1"},
				Scores:   &dalilv1.Scores{Fused: ptr(float32(0.5))}, // nothing filled in for arms that had none
			},
		},
	}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	if got, err = r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); err != nil || got.GetDebug() != nil {
		t.Errorf("debug that nobody asked for: %v, error %v", got.GetDebug(), err)
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	req := &dalilv1.SearchRequest{Query: "q"}
	var ranks []int32
	for _, size := range []int32{10, 3, 10, 10} { // the size may change from page to page
		req.PageSize = &size
		answer, err := r.search.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range answer.GetPassages() {
			ranks = append(ranks, p.GetRank())
		}
		if req.PageToken = answer.GetNextPageToken(); req.PageToken == "" {
			break
		}
	}
	want := make([]int32, total)
	for i := range want {
		want[i] = int32(i + 1)
	}
	if diff := cmp.Diff(want, ranks); diff != "" {
		t.Errorf("ranks over all pages (-want +got):\n%s", diff)
	}
}

func TestForeignPageTokensAreRefused(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	for i := range 3 {
		h.put(corpus.Raw{Document: corpus.Document{ID: string(rune('a' + i)), Text: "t"}})
	}
	list, err := r.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageSize: ptr(int32(1))})
	if err != nil {
		t.Fatal(err)
	}
	base := func() *dalilv1.SearchRequest {
		return &dalilv1.SearchRequest{Query: "q", Filter: language("ar"), Rerank: ptr(true)}
	}
	first, err := r.search.Search(t.Context(), base())
	if err != nil {
		t.Fatal(err)
	}
	token := first.GetNextPageToken()
	for name, test := range map[string]struct {
		change func(*dalilv1.SearchRequest)
		fine   bool
	}{
		"the same":              {func(*dalilv1.SearchRequest) {}, true},
		"another size":          {func(q *dalilv1.SearchRequest) { q.PageSize = ptr(int32(50)) }, true},
		"another view":          {func(q *dalilv1.SearchRequest) { q.View = dalilv1.View_VIEW_SNIPPET }, true},
		"a history":             {func(q *dalilv1.SearchRequest) { q.History = said(1, "before") }, false},
		"neighbours and debug":  {func(q *dalilv1.SearchRequest) { q.Neighbours, q.Debug = ptr(int32(1)), ptr(true) }, true},
		"another question":      {func(q *dalilv1.SearchRequest) { q.Query = "p" }, false},
		"another filter":        {func(q *dalilv1.SearchRequest) { q.Filter = language("en") }, false},
		"no filter":             {func(q *dalilv1.SearchRequest) { q.Filter = nil }, false},
		"another arm":           {func(q *dalilv1.SearchRequest) { q.Arms = []dalilv1.Arm{dalilv1.Arm_ARM_DENSE} }, false},
		"another fusion":        {func(q *dalilv1.SearchRequest) { q.Fusion = &dalilv1.Fusion{K: ptr(int32(3))} }, false},
		"another reranking":     {func(q *dalilv1.SearchRequest) { q.Rerank = nil }, false},
		"another language":      {func(q *dalilv1.SearchRequest) { q.PreferQueryLanguage = ptr(false) }, false},
		"a threshold":           {func(q *dalilv1.SearchRequest) { q.MinDenseSimilarity = ptr(float32(0)) }, false},
		"exactness":             {func(q *dalilv1.SearchRequest) { q.Exact = ptr(true) }, false},
		"garbage":               {func(q *dalilv1.SearchRequest) { q.PageToken = "???" }, false},
		"a cut token":           {func(q *dalilv1.SearchRequest) { q.PageToken = token[:len(token)-2] }, false},
		"a token of a listing":  {func(q *dalilv1.SearchRequest) { q.PageToken = list.GetNextPageToken() }, false},
		"a token without sum":   {func(q *dalilv1.SearchRequest) { q.PageToken = "cwo" }, false},
		"an endlessly long one": {func(q *dalilv1.SearchRequest) { q.PageToken = string(make([]byte, 10_000)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			req := base()
			req.PageToken = token
			test.change(req)
			_, err := r.search.Search(t.Context(), req)
			if test.fine {
				if err != nil {
					t.Error(err)
				}
				return
			}
			want := refusal{Code: codes.InvalidArgument, Reason: "INVALID", Fields: []string{"page_token"}}
			if diff := cmp.Diff(want, refusalOf(err)); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
	_, err = r.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageToken: token})
	if got := refusalOf(err); got.Code != codes.InvalidArgument {
		t.Errorf("a listing took the token of a search: %v", err)
	}
}

func language(l string) *dalilv1.Filter {
	return &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{
		Field: dalilv1.FilterField_FILTER_FIELD_LANGUAGE, Values: []string{l},
	}}}
}

func TestGetPassages(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	held, other, gone := passage(3).Chunk.ID.String(), passage(1).Chunk.ID.String(), corpus.NewChunkID("gone", "r1", 0).String()
	got, err := r.search.GetPassages(t.Context(), &dalilv1.GetPassagesRequest{PassageIds: []string{held, gone, other, held}})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, p := range got.GetPassages() {
		ids = append(ids, p.GetPassageId())
		if p.GetScores() != nil {
			t.Errorf("passage %s has scores that nobody computed: %v", p.GetPassageId(), p.GetScores())
		}
	}
	if diff := cmp.Diff([][]string{{held, other}, {gone}}, [][]string{ids, got.GetMissingPassageIds()}); diff != "" {
		t.Errorf("held and missing (-want +got):\n%s", diff)
	}
}

// The JSON form is what web clients see: names and defaults must survive it.
func TestJSONForm(t *testing.T) {
	const text = `{"query":"q", "pageSize":3, "filter":{"not":{"in":{"field":"FILTER_FIELD_LANGUAGE","values":["ar"]}}},
		"minDenseSimilarity":0.5, "fusion":{"method":"FUSION_METHOD_RRF"}}`
	var req dalilv1.SearchRequest
	if err := protojson.Unmarshal([]byte(text), &req); err != nil {
		t.Fatal(err)
	}
	want := &dalilv1.SearchRequest{
		Query: "q", PageSize: ptr(int32(3)), MinDenseSimilarity: ptr(float32(0.5)),
		Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: language("ar")}},
		Fusion: &dalilv1.Fusion{Method: dalilv1.FusionMethod_FUSION_METHOD_RRF},
	}
	if !proto.Equal(want, &req) {
		t.Errorf("got %v, want %v", &req, want)
	}
}

func FuzzPageToken(f *testing.F) {
	h := newBackend()
	r := serve(f, h, server.Options{})
	answer, err := r.search.Search(f.Context(), &dalilv1.SearchRequest{Query: "q"})
	if err != nil {
		f.Fatal(err)
	}
	valid := answer.GetNextPageToken()
	f.Add(valid)
	f.Add("")
	f.Add("c")
	f.Fuzz(func(t *testing.T, token string) {
		_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", PageToken: token})
		if code := refusalOf(err).Code; token != "" && token != valid && code != codes.InvalidArgument && code != codes.Internal {
			t.Errorf("token %q: %v", token, err)
		}
		for _, q := range h.asked() {
			if q.Offset < 0 || q.Offset > math.MaxInt32 {
				t.Errorf("offset %d", q.Offset)
			}
		}
	})
}
