package server

import (
	"context"
	"fmt"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

var contextOrders = map[dalilv1.ContextOrder]corpus.ContextOrder{
	dalilv1.ContextOrder_CONTEXT_ORDER_UNSPECIFIED: corpus.ByRank,
	dalilv1.ContextOrder_CONTEXT_ORDER_RANK:        corpus.ByRank,
	dalilv1.ContextOrder_CONTEXT_ORDER_DOCUMENT:    corpus.ByDocument,
	dalilv1.ContextOrder_CONTEXT_ORDER_EDGES:       corpus.ByEdges,
}

var contextFormats = map[dalilv1.ContextFormat]corpus.ContextFormat{
	dalilv1.ContextFormat_CONTEXT_FORMAT_UNSPECIFIED:    corpus.FormatBlocks,
	dalilv1.ContextFormat_CONTEXT_FORMAT_BLOCKS:         corpus.FormatBlocks,
	dalilv1.ContextFormat_CONTEXT_FORMAT_MARKDOWN:       corpus.FormatMarkdown,
	dalilv1.ContextFormat_CONTEXT_FORMAT_XML:            corpus.FormatXML,
	dalilv1.ContextFormat_CONTEXT_FORMAT_SEARCH_RESULTS: corpus.FormatSearchResults,
}

var contextFlags = map[corpus.ContextFlag]dalilv1.ContextFlag{
	corpus.HiddenCharacters: dalilv1.ContextFlag_CONTEXT_FLAG_HIDDEN_CHARACTERS,
	corpus.InstructionLike:  dalilv1.ContextFlag_CONTEXT_FLAG_INSTRUCTION_LIKE,
	corpus.MixedDirection:   dalilv1.ContextFlag_CONTEXT_FLAG_MIXED_DIRECTION,
}

var dropReasons = map[corpus.DropReason]dalilv1.DropReason{
	corpus.DroppedBudget:        dalilv1.DropReason_DROP_REASON_BUDGET,
	corpus.DroppedDuplicate:     dalilv1.DropReason_DROP_REASON_DUPLICATE,
	corpus.DroppedDocumentLimit: dalilv1.DropReason_DROP_REASON_DOCUMENT_LIMIT,
	corpus.DroppedNoEvidence:    dalilv1.DropReason_DROP_REASON_NO_EVIDENCE,
}

// leastEvidence maps the values of BuildContextRequest.min_evidence.
var leastEvidence = map[dalilv1.Evidence]corpus.Evidence{
	dalilv1.Evidence_EVIDENCE_UNSPECIFIED: corpus.EvidenceUnknown,
	dalilv1.Evidence_EVIDENCE_NONE:        corpus.EvidenceUnknown, // no limit
	dalilv1.Evidence_EVIDENCE_WEAK:        corpus.EvidenceWeak,
	dalilv1.Evidence_EVIDENCE_SUFFICIENT:  corpus.EvidenceSufficient,
}

// mostPerDocument bounds max_passages_per_document.
const mostPerDocument = 1000

// BuildContext returns the context for one question.
func (s *searchService) BuildContext(ctx context.Context, req *dalilv1.BuildContextRequest) (*dalilv1.BuildContextResponse, error) {
	if s.deps.Contexts == nil {
		return nil, fmt.Errorf("%w: this server cannot build contexts", corpus.ErrUnsupported)
	}
	q, err := contextQuery(req)
	if err != nil {
		return nil, err
	}
	if req.MaxTokens == nil {
		q.MaxTokens = min(corpus.DefaultContextTokens, s.options.Limits.ContextTokens)
	}
	a, err := s.deps.Contexts.BuildContext(ctx, q)
	if err != nil {
		return nil, err
	}
	return toContext(a, req.GetDebug()), nil
}

// context checks a request for a context.
func (c *checker) context(req *dalilv1.BuildContextRequest) {
	q, err := contextQuery(req)
	c.query(req.GetQuery(), &q.Query, err)
	c.history(req.GetHistory())
	c.between("max_tokens", req.MaxTokens, 1, c.limits.ContextTokens)
	c.between("max_passages_per_document", req.MaxPassagesPerDocument, 1, mostPerDocument)
	c.between("neighbours", req.Neighbours, 0, c.limits.Neighbours)
	if _, known := contextOrders[req.GetOrder()]; !known {
		c.outside("order", "RANK, DOCUMENT or EDGES", fmt.Sprint(req.GetOrder()))
	}
	if _, known := contextFormats[req.GetFormat()]; !known {
		c.outside("format", "BLOCKS, MARKDOWN, XML or SEARCH_RESULTS", fmt.Sprint(req.GetFormat()))
	}
	if _, known := leastEvidence[req.GetMinEvidence()]; !known {
		c.outside("min_evidence", "NONE, WEAK or SUFFICIENT", fmt.Sprint(req.GetMinEvidence()))
	}
}

// contextQuery translates a request that passed the limits.
func contextQuery(req *dalilv1.BuildContextRequest) (corpus.ContextQuery, error) {
	q := corpus.ContextQuery{
		Query:          corpus.Query{Text: question(req.GetQuery()), History: history(req.GetHistory()), Debug: req.GetDebug()},
		MaxTokens:      int(req.GetMaxTokens()),
		MaxPerDocument: int(req.GetMaxPassagesPerDocument()),
		Order:          contextOrders[req.GetOrder()],
		Format:         contextFormats[req.GetFormat()],
		MinEvidence:    leastEvidence[req.GetMinEvidence()],
	}
	if req.Neighbours != nil {
		around := int(*req.Neighbours)
		q.Around = &around
	}
	var err error
	q.Filter, err = filterOf(req.GetFilter())
	return q, err
}

func toContext(a corpus.ContextAnswer, debug bool) *dalilv1.BuildContextResponse {
	base := toAnswer(a.Answer, &corpus.Query{Debug: debug})
	answer := &dalilv1.BuildContextResponse{
		Text: a.Text, Tokens: int32(a.Tokens), TokenCounter: a.Counter, Evidence: base.GetEvidence(), InterpretedQuery: base.GetInterpretedQuery(),
		Timings: base.GetTimings(), DegradedArms: base.GetDegradedArms(), DegradedStages: base.GetDegradedStages(), Debug: base.GetDebug(),
	}
	for i := range a.Blocks {
		answer.Blocks = append(answer.Blocks, toBlock(&a.Blocks[i]))
	}
	for _, d := range a.Dropped {
		answer.Dropped = append(answer.Dropped, &dalilv1.DroppedPassage{PassageId: d.Passage.String(), Reason: dropReasons[d.Reason]})
	}
	return answer
}

func toBlock(b *corpus.ContextBlock) *dalilv1.ContextBlock {
	to := &dalilv1.ContextBlock{
		Citation: b.Citation, Document: toDocument(&b.Document), Span: toSpan(b.Span), Text: b.Text, Tokens: int32(b.Tokens),
		Relevance: b.Relevance, Highlights: toHighlights(make([]*dalilv1.Highlight, len(b.Highlights)), make([]dalilv1.Highlight, len(b.Highlights)), b.Highlights),
	}
	to.Document.Revision = b.Revision
	for _, id := range b.Passages {
		to.PassageIds = append(to.PassageIds, id.String())
	}
	for _, f := range b.Flags {
		to.Flags = append(to.Flags, contextFlags[f])
	}
	return to
}
