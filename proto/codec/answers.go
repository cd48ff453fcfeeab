package codec

import (
	dalilv1 "dalil/proto/dalil/v1"
)

// answer appends a message, and returns false if it is none of those that have code here.
func (e *encoder) answer(v any) bool {
	switch m := v.(type) {
	case *dalilv1.SearchResponse:
		whole(e, m, (*encoder).search)
	case *dalilv1.BatchSearchResponse:
		whole(e, m, (*encoder).batch)
	case *dalilv1.FindSimilarResponse:
		whole(e, m, (*encoder).similar)
	case *dalilv1.GetPassagesResponse:
		whole(e, m, (*encoder).named)
	case *dalilv1.BuildContextResponse:
		whole(e, m, (*encoder).context)
	default:
		return false
	}
	return true
}

func (e *encoder) search(m *dalilv1.SearchResponse) {
	list(e, 1, m.Passages, (*encoder).passage)
	e.text(2, m.NextPageToken)
	e.integer(3, int64(m.Candidates))
	enums(e, 4, m.DegradedArms)
	list(e, 5, m.Timings, (*encoder).timing)
	e.optional(6, m.TopDenseSimilarity)
	if m.Debug != nil {
		e.other(7, m.Debug)
	}
	enums(e, 8, m.DegradedStages)
	e.integer(9, int64(m.Evidence))
	e.text(10, m.InterpretedQuery)
	list(e, 11, m.Groups, (*encoder).group)
	for _, f := range m.Facets {
		e.other(12, f)
	}
	if m.InterpretedTime != nil {
		e.other(13, m.InterpretedTime)
	}
	e.text(14, m.IndexToken)
}

func (e *encoder) group(m *dalilv1.Group) {
	e.text(1, m.DocumentId)
	one(e, 2, m.Document, (*encoder).document)
	list(e, 3, m.Passages, (*encoder).passage)
}

func (e *encoder) batch(m *dalilv1.BatchSearchResponse) {
	list(e, 1, m.Responses, (*encoder).result)
}

// result appends one answer of a batch. For protobuf, a result that is a nil pointer is none.
func (e *encoder) result(m *dalilv1.BatchSearchResult) {
	switch result := m.Result.(type) {
	case *dalilv1.BatchSearchResult_Response:
		if result != nil {
			list(e, 1, []*dalilv1.SearchResponse{result.Response}, (*encoder).search)
		}
	case *dalilv1.BatchSearchResult_Status:
		if result != nil {
			e.other(2, result.Status)
		}
	}
}

func (e *encoder) similar(m *dalilv1.FindSimilarResponse) {
	list(e, 1, m.Passages, (*encoder).passage)
	e.text(2, m.NextPageToken)
	e.integer(3, int64(m.Candidates))
	enums(e, 4, m.DegradedArms)
	list(e, 5, m.Timings, (*encoder).timing)
}

// named appends passages that were asked for by their ids.
func (e *encoder) named(m *dalilv1.GetPassagesResponse) {
	list(e, 1, m.Passages, (*encoder).passage)
	e.texts(2, m.MissingPassageIds)
	e.text(3, m.NextPageToken)
}

func (e *encoder) context(m *dalilv1.BuildContextResponse) {
	list(e, 1, m.Blocks, (*encoder).block)
	e.text(2, m.Text)
	e.integer(3, int64(m.Tokens))
	e.text(4, m.TokenCounter)
	e.integer(5, int64(m.Evidence))
	list(e, 6, m.Dropped, (*encoder).dropped)
	e.text(7, m.InterpretedQuery)
	list(e, 8, m.Timings, (*encoder).timing)
	enums(e, 9, m.DegradedArms)
	enums(e, 10, m.DegradedStages)
	if m.Debug != nil {
		e.other(11, m.Debug)
	}
}

func (e *encoder) dropped(m *dalilv1.DroppedPassage) {
	e.text(1, m.PassageId)
	e.integer(2, int64(m.Reason))
}

func (e *encoder) block(m *dalilv1.ContextBlock) {
	e.text(1, m.Citation)
	one(e, 2, m.Document, (*encoder).document)
	e.texts(3, m.PassageIds)
	one(e, 4, m.Span, (*encoder).span)
	e.text(5, m.Text)
	e.integer(6, int64(m.Tokens))
	e.optional(7, m.Relevance)
	list(e, 8, m.Highlights, (*encoder).highlight)
	enums(e, 9, m.Flags)
}
