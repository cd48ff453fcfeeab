package server_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// echo supports every answer by the first source.
type echo struct{ sources []corpus.Source }

func (e *echo) CheckClaims(_ context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error) {
	e.sources = sources
	support := float32(.75)
	return corpus.Grounding{Support: &support, Claims: []corpus.Claim{{
		Span: corpus.Span{End: len(answer)}, NeedsSupport: true, Support: .75, CitedWrongly: true,
		Citations:  []corpus.ClaimCitation{{Source: 0, Span: corpus.Span{End: 4}, Support: .75}},
		Mismatches: []corpus.Mismatch{{Kind: corpus.MismatchNumber, Claim: corpus.Span{End: 1}, Source: 0, Found: &corpus.Span{Start: 1, End: 3}}},
	}}}, nil
}

func TestCheckGroundingTranslates(t *testing.T) {
	checks := &echo{}
	h := newBackend()
	h.claims = checks
	r := serve(t, h, server.Options{})
	got, err := r.search.CheckGrounding(t.Context(), &dalilv1.CheckGroundingRequest{Answer: "7 rivers", Texts: []string{"abcdef", "other"}})
	if err != nil {
		t.Fatal(err)
	}
	c := got.GetClaims()[0]
	if got.GetSupport() != .75 || !c.GetCitedWrongly() || c.GetText() != "7 rivers" || c.GetCitations()[0].GetText() != "abcd" || c.GetCitations()[0].GetCitation() != "1" {
		t.Errorf("answer %v", got)
	}
	m := c.GetMismatches()[0]
	if m.GetKind() != dalilv1.MismatchKind_MISMATCH_KIND_NUMBER || m.GetClaimText() != "7" || m.GetSourceText() != "bc" {
		t.Errorf("mismatch %v", m)
	}
	if len(checks.sources) != 2 || checks.sources[1].Text != "other" {
		t.Errorf("sources %+v", checks.sources)
	}
}

func TestCheckGroundingRefusesBadInput(t *testing.T) {
	h := newBackend()
	h.claims = &echo{}
	r := serve(t, h, server.Options{})
	for name, c := range map[string]struct {
		request *dalilv1.CheckGroundingRequest
		field   string
	}{
		"no answer":      {&dalilv1.CheckGroundingRequest{Texts: []string{"t"}}, "answer"},
		"a long answer":  {&dalilv1.CheckGroundingRequest{Answer: strings.Repeat("a", corpus.MaxAnswerBytes+1), Texts: []string{"t"}}, "answer"},
		"nothing":        {&dalilv1.CheckGroundingRequest{Answer: "a"}, "passage_ids"},
		"two things":     {&dalilv1.CheckGroundingRequest{Answer: "a", Query: "q", Texts: []string{"t"}}, "passage_ids"},
		"a bad id":       {&dalilv1.CheckGroundingRequest{Answer: "a", PassageIds: []string{"x"}}, "passage_ids[0]"},
		"many texts":     {&dalilv1.CheckGroundingRequest{Answer: "a", Texts: make([]string, corpus.MaxSources+1)}, "texts"},
		"large texts":    {&dalilv1.CheckGroundingRequest{Answer: "a", Texts: []string{strings.Repeat("a", corpus.MaxSourceBytes+1)}}, "texts"},
		"a filter alone": {&dalilv1.CheckGroundingRequest{Answer: "a", Texts: []string{"t"}, Filter: &dalilv1.Filter{}}, "filter"},
	} {
		_, err := r.search.CheckGrounding(t.Context(), c.request)
		if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), c.field) {
			t.Errorf("%s: %v, want INVALID_ARGUMENT that names %s", name, err, c.field)
		}
	}
	without := serve(t, newBackend(), server.Options{})
	if _, err := without.search.CheckGrounding(t.Context(), &dalilv1.CheckGroundingRequest{Answer: "a", Texts: []string{"t"}}); status.Code(err) != codes.Unimplemented {
		t.Errorf("a server that cannot: %v", err)
	}
}
