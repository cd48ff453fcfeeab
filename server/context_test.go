package server_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// contexts answers every question with one context.
type contexts struct {
	asked  []corpus.ContextQuery
	answer corpus.ContextAnswer
}

func (c *contexts) BuildContext(_ context.Context, q corpus.ContextQuery) (corpus.ContextAnswer, error) {
	c.asked = append(c.asked, q)
	return c.answer, nil
}

func TestBuildContextTranslates(t *testing.T) {
	relevance := float32(0.75)
	c := &contexts{answer: corpus.ContextAnswer{
		Blocks: []corpus.ContextBlock{{
			Citation: "1", Document: corpus.Document{ID: "a", Title: "A", Text: ""}, Revision: "r7",
			Passages: []corpus.ChunkID{corpus.NewChunkID("a", "r7", 0), corpus.NewChunkID("a", "r7", 1)},
			Span:     corpus.Span{Start: 4, End: 9}, Text: "words", Tokens: 2, Relevance: &relevance,
			Highlights: []corpus.Highlight{{Start: 0, End: 5, UTF16Start: 0, UTF16End: 5}},
			Flags:      []corpus.ContextFlag{corpus.HiddenCharacters, corpus.InstructionLike, corpus.MixedDirection},
		}},
		Text: "[1] words", Tokens: 5, Counter: "estimate-1",
		Dropped: []corpus.Dropped{
			{Passage: corpus.NewChunkID("b", "r1", 0), Reason: corpus.DroppedBudget},
			{Passage: corpus.NewChunkID("b", "r1", 1), Reason: corpus.DroppedDuplicate},
			{Passage: corpus.NewChunkID("b", "r1", 2), Reason: corpus.DroppedDocumentLimit},
			{Passage: corpus.NewChunkID("b", "r1", 3), Reason: corpus.DroppedNoEvidence},
		},
		Answer: corpus.Answer{
			Interpreted: "the question", Candidates: 6, Evidence: corpus.EvidenceWeak, Degraded: []corpus.Arm{corpus.Dense}, DegradedStages: []corpus.Stage{corpus.StageRerank},
			Timings: []corpus.Timing{{Stage: corpus.StageContext, Duration: time.Millisecond}},
		},
	}}
	h := newBackend()
	h.contexts = c
	r := serve(t, h, server.Options{})
	got, err := r.search.BuildContext(t.Context(), &dalilv1.BuildContextRequest{
		Query: " the\u200b question ", MaxTokens: ptr(int32(500)), MaxPassagesPerDocument: ptr(int32(2)), Neighbours: ptr(int32(0)),
		Order: dalilv1.ContextOrder_CONTEXT_ORDER_EDGES, Format: dalilv1.ContextFormat_CONTEXT_FORMAT_XML,
		MinEvidence: dalilv1.Evidence_EVIDENCE_WEAK, Filter: language("ar"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := corpus.ContextQuery{
		Query:     corpus.Query{Text: "the question", Filter: corpus.Filter{In: &corpus.In{Field: corpus.FieldLanguage, Values: []string{"ar"}}}},
		MaxTokens: 500, MaxPerDocument: 2, Around: ptr(0), Order: corpus.ByEdges, Format: corpus.FormatXML, MinEvidence: corpus.EvidenceWeak,
	}
	if diff := cmp.Diff([]corpus.ContextQuery{want}, c.asked); diff != "" {
		t.Errorf("query (-want +got):\n%s", diff)
	}
	id := func(document, revision string, n int) string {
		return corpus.NewChunkID(document, revision, n).String()
	}
	answer := &dalilv1.BuildContextResponse{
		Blocks: []*dalilv1.ContextBlock{{
			Citation: "1", Document: &dalilv1.Document{DocumentId: "a", Title: "A", Revision: "r7"},
			PassageIds: []string{id("a", "r7", 0), id("a", "r7", 1)}, Span: &dalilv1.Span{Start: 4, End: 9}, Text: "words", Tokens: 2,
			Relevance: &relevance, Highlights: []*dalilv1.Highlight{{End: 5, Utf16End: 5}},
			Flags: []dalilv1.ContextFlag{
				dalilv1.ContextFlag_CONTEXT_FLAG_HIDDEN_CHARACTERS, dalilv1.ContextFlag_CONTEXT_FLAG_INSTRUCTION_LIKE, dalilv1.ContextFlag_CONTEXT_FLAG_MIXED_DIRECTION,
			},
		}},
		Text: "[1] words", Tokens: 5, TokenCounter: "estimate-1", InterpretedQuery: "the question", Evidence: dalilv1.Evidence_EVIDENCE_WEAK,
		Dropped: []*dalilv1.DroppedPassage{
			{PassageId: id("b", "r1", 0), Reason: dalilv1.DropReason_DROP_REASON_BUDGET},
			{PassageId: id("b", "r1", 1), Reason: dalilv1.DropReason_DROP_REASON_DUPLICATE},
			{PassageId: id("b", "r1", 2), Reason: dalilv1.DropReason_DROP_REASON_DOCUMENT_LIMIT},
			{PassageId: id("b", "r1", 3), Reason: dalilv1.DropReason_DROP_REASON_NO_EVIDENCE},
		},
		DegradedArms: []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}, DegradedStages: []dalilv1.Stage{dalilv1.Stage_STAGE_RERANK},
		Timings: []*dalilv1.StageTiming{{Stage: dalilv1.Stage_STAGE_CONTEXT, Duration: durationpb.New(time.Millisecond)}},
	}
	if diff := cmp.Diff(answer, got, protocmp.Transform()); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestBuildContextLimits(t *testing.T) {
	h := newBackend()
	h.contexts = &contexts{}
	r := serve(t, h, server.Options{Limits: corpus.Limits{ContextTokens: 2000}})
	type q = dalilv1.BuildContextRequest
	for name, test := range map[string]struct {
		req  *q
		want refusal
	}{
		"the question alone":        {&q{Query: "q"}, refusal{}},
		"no question":               {&q{}, invalid("query")},
		"a question too long":       {&q{Query: strings.Repeat("x", 4097)}, invalid("query")},
		"marks alone":               {&q{Query: "...؟"}, invalid("query")},
		"most tokens":               {&q{Query: "q", MaxTokens: ptr(int32(2000))}, refusal{}},
		"more tokens":               {&q{Query: "q", MaxTokens: ptr(int32(2001))}, invalid("max_tokens")},
		"no tokens":                 {&q{Query: "q", MaxTokens: ptr(int32(0))}, invalid("max_tokens")},
		"negative tokens":           {&q{Query: "q", MaxTokens: ptr(int32(-5))}, invalid("max_tokens")},
		"no passages of a document": {&q{Query: "q", MaxPassagesPerDocument: ptr(int32(0))}, invalid("max_passages_per_document")},
		"too many of them":          {&q{Query: "q", MaxPassagesPerDocument: ptr(int32(1001))}, invalid("max_passages_per_document")},
		"most neighbours":           {&q{Query: "q", Neighbours: ptr(int32(5))}, refusal{}},
		"more neighbours":           {&q{Query: "q", Neighbours: ptr(int32(6))}, invalid("neighbours")},
		"negative neighbours":       {&q{Query: "q", Neighbours: ptr(int32(-1))}, invalid("neighbours")},
		"an order of the future":    {&q{Query: "q", Order: 9}, invalid("order")},
		"a format of the future":    {&q{Query: "q", Format: 9}, invalid("format")},
		"no limit of evidence":      {&q{Query: "q", MinEvidence: dalilv1.Evidence_EVIDENCE_NONE}, refusal{}},
		"unknown evidence":          {&q{Query: "q", MinEvidence: dalilv1.Evidence_EVIDENCE_UNKNOWN}, invalid("min_evidence")},
		"evidence of the future":    {&q{Query: "q", MinEvidence: 9}, invalid("min_evidence")},
		"a filter without a clause": {&q{Query: "q", Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{}}}}, invalid("filter.all.filters")},
		"all at once":               {&q{MaxTokens: ptr(int32(0)), Order: 9}, invalid("query", "max_tokens", "order")},
	} {
		_, err := r.search.BuildContext(t.Context(), test.req)
		if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	info, err := r.admin.GetInfo(t.Context(), &dalilv1.GetInfoRequest{})
	if err != nil || info.GetLimits().GetMaxContextTokens() != 2000 {
		t.Errorf("limits: %v, %v", info.GetLimits(), err)
	}
}

func TestBuildContextOfAServerWithout(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	_, err := r.search.BuildContext(t.Context(), &dalilv1.BuildContextRequest{Query: "q"})
	if got := refusalOf(err); got.Code != codes.Unimplemented {
		t.Errorf("%+v", got)
	}
}
