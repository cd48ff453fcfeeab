package server

import (
	"context"
	"encoding/binary"
	"errors"

	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// FindSimilar answers one page of similar passages.
func (s *searchService) FindSimilar(ctx context.Context, req *dalilv1.FindSimilarRequest) (*dalilv1.FindSimilarResponse, error) {
	q, err := similar(req)
	if err != nil {
		return nil, err
	}
	a, err := s.deps.Searcher.Similar(ctx, q)
	if corpus.KindOf(err) == corpus.ErrNotFound {
		if q.DocumentID != "" {
			return nil, noSuch("document", q.DocumentID, err)
		}
		return nil, noSuch("passage", req.GetPassageId(), err)
	}
	if err != nil {
		return nil, err
	}
	base := toAnswer(a, &corpus.Query{View: q.View})
	answer := &dalilv1.FindSimilarResponse{
		Passages: base.GetPassages(), Candidates: base.GetCandidates(), DegradedArms: base.GetDegradedArms(), Timings: base.GetTimings(),
	}
	n := fits(answer.Passages)
	if next := q.Offset + n; (a.More || n < len(answer.Passages)) && next <= maxOffset {
		answer.NextPageToken = seal(similarPages, binary.AppendUvarint(nil, uint64(next)), likeness(req))
	}
	answer.Passages = answer.Passages[:n]
	return answer, nil
}

// similar translates a request. Its errors are InvalidErrors.
func similar(req *dalilv1.FindSimilarRequest) (q corpus.SimilarQuery, err error) {
	q = corpus.SimilarQuery{
		DocumentID: req.GetDocumentId(), Text: question(req.GetText()), Limit: int(req.GetPageSize()),
		MinDense: req.MinDenseSimilarity, PerDocument: int(req.GetPassagesPerDocument()), View: views[req.GetView()],
	}
	if like, set := req.GetLike().(*dalilv1.FindSimilarRequest_PassageId); set {
		id, err := corpus.ParseChunkID(like.PassageId)
		if err != nil {
			return q, inField(err, "passage_id")
		}
		q.Passage = &id
	}
	if q.Filter, err = filterOf(req.GetFilter()); err != nil {
		return q, err
	}
	if token := req.GetPageToken(); token != "" {
		place, err := open(similarPages, token, likeness(req))
		if err == nil {
			q.Offset, err = offset(place)
		}
		if err != nil {
			return q, err
		}
	}
	return q, nil
}

// similar checks a request for similar passages.
func (c *checker) similar(req *dalilv1.FindSimilarRequest) {
	q, err := similar(req)
	var invalid *corpus.InvalidError
	if errors.As(err, &invalid) {
		c.violations = append(c.violations, invalid.Violations...)
		return
	}
	switch like := req.GetLike().(type) {
	case *dalilv1.FindSimilarRequest_Text:
		if q.Text == "" {
			c.refuse("text", "is empty")
			return
		}
	case *dalilv1.FindSimilarRequest_DocumentId:
		if like.DocumentId == "" {
			c.refuse("document_id", "is empty")
			return
		}
	default:
		if q.Passage == nil {
			c.refuse("request", "must set exactly one of document_id, passage_id and text")
			return
		}
	}
	if text := req.GetText(); len(text) > c.limits.SimilarBytes {
		q.Text = text // before it was cleaned
	}
	for _, v := range q.Violations(*c.limits) {
		c.violate(v)
	}
	c.view(req.GetView())
	c.notZero("passages_per_document", req.PassagesPerDocument, corpus.MaxPerDocument)
}

// likeness returns the identity of a request, which page tokens are bound to: the
// request without the settings of the page.
func likeness(req *dalilv1.FindSimilarRequest) []byte {
	same := proto.CloneOf(req)
	same.PageSize, same.PageToken, same.View = nil, "", 0
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(same)
	if err != nil { // a message that was decoded can be encoded
		panic(err)
	}
	return b
}
