package server

import (
	"context"
	"fmt"
	"slices"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

var mismatchKinds = map[corpus.MismatchKind]dalilv1.MismatchKind{
	corpus.MismatchNumber:   dalilv1.MismatchKind_MISMATCH_KIND_NUMBER,
	corpus.MismatchDate:     dalilv1.MismatchKind_MISMATCH_KIND_DATE,
	corpus.MismatchName:     dalilv1.MismatchKind_MISMATCH_KIND_NAME,
	corpus.MismatchNegation: dalilv1.MismatchKind_MISMATCH_KIND_NEGATION,
}

// CheckGrounding returns how well the sources support an answer.
func (s *searchService) CheckGrounding(ctx context.Context, req *dalilv1.CheckGroundingRequest) (*dalilv1.CheckGroundingResponse, error) {
	if s.deps.Claims == nil || req.GetQuery() != "" && s.deps.Contexts == nil {
		return nil, fmt.Errorf("%w: this server cannot check answers", corpus.ErrUnsupported)
	}
	sources, missing, err := s.sources(ctx, req)
	if err != nil {
		return nil, err
	}
	g, err := s.deps.Claims.CheckClaims(ctx, req.GetAnswer(), sources)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.CheckGroundingResponse{Support: g.Support, MissingPassageIds: missing}
	for i := range g.Claims {
		answer.Claims = append(answer.Claims, toClaim(&g.Claims[i], req.GetAnswer(), sources))
	}
	return answer, nil
}

// sources reads the texts that should support the answer.
func (s *searchService) sources(ctx context.Context, req *dalilv1.CheckGroundingRequest) (sources []corpus.Source, missing []string, err error) {
	switch {
	case len(req.GetTexts()) > 0:
		for _, text := range req.GetTexts() {
			sources = append(sources, corpus.Source{Text: text})
		}
	case len(req.GetPassageIds()) > 0:
		return s.passageSources(ctx, req.GetPassageIds())
	default:
		q, err := contextQuery(&dalilv1.BuildContextRequest{Query: req.GetQuery(), Filter: req.GetFilter()})
		if err != nil {
			return nil, nil, err
		}
		built, err := s.deps.Contexts.BuildContext(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		for i := range built.Blocks {
			b := &built.Blocks[i]
			source := corpus.Source{Citation: b.Citation, DocumentID: b.Document.ID, Text: b.Text}
			if len(b.Passages) > 0 {
				source.ChunkID = b.Passages[0]
			}
			sources = append(sources, source)
		}
	}
	return sources, nil, nil
}

// passageSources reads passages. One that is gone keeps its place, so that [n] still
// names the others.
func (s *searchService) passageSources(ctx context.Context, written []string) (sources []corpus.Source, missing []string, err error) {
	ids, err := distinct(written)
	if err != nil {
		return nil, nil, err
	}
	passages, err := s.deps.Searcher.Passages(ctx, ids, 0, corpus.FullView)
	if err != nil {
		return nil, nil, err
	}
	sources = make([]corpus.Source, len(written))
	for i, text := range written {
		id, err := corpus.ParseChunkID(text)
		if err != nil {
			return nil, nil, err
		}
		at := slices.IndexFunc(passages, func(p corpus.Passage) bool { return p.Chunk.ID == id })
		if at < 0 {
			missing = append(missing, id.String())
			continue
		}
		sources[i] = corpus.Source{ChunkID: id, DocumentID: passages[at].Chunk.DocumentID, Text: passages[at].Chunk.Text}
	}
	return sources, missing, nil
}

func toClaim(c *corpus.Claim, answer string, sources []corpus.Source) *dalilv1.Claim {
	to := &dalilv1.Claim{
		Span: toSpan(c.Span), Text: valid(answer[c.Span.Start:c.Span.End]), NeedsSupport: c.NeedsSupport, CitedWrongly: c.CitedWrongly,
	}
	if c.NeedsSupport {
		to.Support = &c.Support
	}
	for _, citation := range c.Citations {
		source := &sources[citation.Source]
		cited := &dalilv1.ClaimCitation{
			Citation: citationOf(sources, citation.Source), DocumentId: valid(source.DocumentID), Span: toSpan(citation.Span),
			Text: valid(source.Text[citation.Span.Start:citation.Span.End]), Support: citation.Support,
		}
		if source.ChunkID != (corpus.ChunkID{}) {
			cited.PassageId = source.ChunkID.String()
		}
		to.Citations = append(to.Citations, cited)
	}
	for _, m := range c.Mismatches {
		mismatch := &dalilv1.Mismatch{
			Kind: mismatchKinds[m.Kind], ClaimSpan: toSpan(m.Claim), ClaimText: valid(answer[m.Claim.Start:m.Claim.End]),
			Citation: citationOf(sources, m.Source),
		}
		if m.Found != nil {
			mismatch.SourceSpan, mismatch.SourceText = toSpan(*m.Found), valid(sources[m.Source].Text[m.Found.Start:m.Found.End])
		}
		to.Mismatches = append(to.Mismatches, mismatch)
	}
	return to
}

// citationOf is what [n] names a source by.
func citationOf(sources []corpus.Source, i int) string {
	if c := sources[i].Citation; c != "" {
		return c
	}
	return fmt.Sprint(i + 1)
}

// grounding checks a request for a check.
func (c *checker) grounding(req *dalilv1.CheckGroundingRequest) {
	if question(req.GetAnswer()) == "" {
		c.refuse("answer", "is empty")
	}
	c.atMost("answer", len(req.GetAnswer()), c.limits.AnswerBytes)
	given := 0
	for _, is := range []bool{len(req.GetPassageIds()) > 0, len(req.GetTexts()) > 0, req.GetQuery() != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		c.refuse("passage_ids", "exactly one of passage_ids, texts and query must be given, got %d", given)
	}
	if len(req.GetPassageIds()) > 0 {
		c.passages(&dalilv1.GetPassagesRequest{PassageIds: req.GetPassageIds()})
	}
	if n := len(req.GetTexts()); n > corpus.MaxSources {
		c.violate(corpus.Violation{
			Field: "texts", Description: fmt.Sprintf("must have at most %d, has %d", corpus.MaxSources, n), Limit: fmt.Sprint(corpus.MaxSources), Got: fmt.Sprint(n),
		})
	}
	bytes := 0
	for _, text := range req.GetTexts() {
		bytes += len(text)
	}
	c.atMost("texts", bytes, c.limits.GroundingBytes)
	switch {
	case req.GetQuery() != "":
		q, err := contextQuery(&dalilv1.BuildContextRequest{Query: req.GetQuery(), Filter: req.GetFilter()})
		c.query(req.GetQuery(), &q.Query, err)
	case req.GetFilter() != nil:
		c.refuse("filter", "is allowed with query only")
	}
}
