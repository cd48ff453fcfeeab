package codec

import (
	"google.golang.org/protobuf/encoding/protowire"

	dalilv1 "dalil/proto/dalil/v1"
)

// answer appends a message, and returns false if it is none of those that have code here.
func (e *encoder) answer(v any) bool {
	switch m := v.(type) {
	case *dalilv1.SearchResponse:
		e.search(m)
	case *dalilv1.BatchSearchResponse:
		e.batch(m)
	case *dalilv1.FindSimilarResponse:
		e.similar(m)
	case *dalilv1.GetPassagesResponse:
		e.named(m)
	case *dalilv1.BuildContextResponse:
		e.context(m)
	default:
		return false
	}
	return true
}

func (e *encoder) search(m *dalilv1.SearchResponse) {
	if m == nil {
		return
	}
	e.passages(1, m.Passages)
	e.text(2, m.NextPageToken)
	e.integer(3, int64(m.Candidates))
	enums(e, 4, m.DegradedArms)
	e.timings(5, m.Timings)
	e.optional(6, m.TopDenseSimilarity)
	if m.Debug != nil {
		e.other(7, m.Debug)
	}
	enums(e, 8, m.DegradedStages)
	e.integer(9, int64(m.Evidence))
	e.text(10, m.InterpretedQuery)
	for _, g := range m.Groups {
		at := e.open(11)
		e.group(g)
		e.close(at)
	}
	for _, f := range m.Facets {
		e.other(12, f)
	}
	if m.InterpretedTime != nil {
		e.other(13, m.InterpretedTime)
	}
	e.text(14, m.IndexToken)
	e.unknown(m)
}

func (e *encoder) group(m *dalilv1.Group) {
	if m == nil {
		return
	}
	e.text(1, m.DocumentId)
	e.document(2, m.Document)
	e.passages(3, m.Passages)
	e.unknown(m)
}

func (e *encoder) passages(number protowire.Number, all []*dalilv1.Passage) {
	for _, m := range all {
		at := e.open(number)
		e.passage(m)
		e.close(at)
	}
}

func (e *encoder) batch(m *dalilv1.BatchSearchResponse) {
	if m == nil {
		return
	}
	for _, one := range m.Responses {
		at := e.open(1)
		if one != nil {
			switch result := one.Result.(type) {
			case *dalilv1.BatchSearchResult_Response:
				if result != nil { // a nil one is no result for protobuf
					inner := e.open(1)
					e.search(result.Response)
					e.close(inner)
				}
			case *dalilv1.BatchSearchResult_Status:
				if result != nil {
					e.other(2, result.Status)
				}
			}
			e.unknown(one)
		}
		e.close(at)
	}
	e.unknown(m)
}

func (e *encoder) similar(m *dalilv1.FindSimilarResponse) {
	if m == nil {
		return
	}
	e.passages(1, m.Passages)
	e.text(2, m.NextPageToken)
	e.integer(3, int64(m.Candidates))
	enums(e, 4, m.DegradedArms)
	e.timings(5, m.Timings)
	e.unknown(m)
}

// named appends passages that were asked for by their ids.
func (e *encoder) named(m *dalilv1.GetPassagesResponse) {
	if m == nil {
		return
	}
	e.passages(1, m.Passages)
	e.texts(2, m.MissingPassageIds)
	e.text(3, m.NextPageToken)
	e.unknown(m)
}

func (e *encoder) context(m *dalilv1.BuildContextResponse) {
	if m == nil {
		return
	}
	for _, b := range m.Blocks {
		at := e.open(1)
		e.block(b)
		e.close(at)
	}
	e.text(2, m.Text)
	e.integer(3, int64(m.Tokens))
	e.text(4, m.TokenCounter)
	e.integer(5, int64(m.Evidence))
	for _, d := range m.Dropped {
		at := e.open(6)
		if d != nil {
			e.text(1, d.PassageId)
			e.integer(2, int64(d.Reason))
			e.unknown(d)
		}
		e.close(at)
	}
	e.text(7, m.InterpretedQuery)
	e.timings(8, m.Timings)
	enums(e, 9, m.DegradedArms)
	enums(e, 10, m.DegradedStages)
	if m.Debug != nil {
		e.other(11, m.Debug)
	}
	e.unknown(m)
}

func (e *encoder) block(m *dalilv1.ContextBlock) {
	if m == nil {
		return
	}
	e.text(1, m.Citation)
	e.document(2, m.Document)
	e.texts(3, m.PassageIds)
	e.span(4, m.Span)
	e.text(5, m.Text)
	e.integer(6, int64(m.Tokens))
	e.optional(7, m.Relevance)
	for _, h := range m.Highlights {
		at := e.open(8)
		e.highlight(h)
		e.close(at)
	}
	enums(e, 9, m.Flags)
	e.unknown(m)
}
