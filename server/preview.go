package server

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Previews shows what a write would do.
type Previews interface {
	// Preview returns the passages [first, first+limit) that a document would be cut
	// into. It writes nothing.
	Preview(ctx context.Context, raw corpus.Raw, first, limit int) (corpus.Preview, error)
}

// defaultPreview is the default page size of PreviewDocument.
const defaultPreview = 10

// PreviewDocument returns one page of the passages of a document that is not written.
func (s *documentService) PreviewDocument(ctx context.Context, req *dalilv1.PreviewDocumentRequest) (*dalilv1.PreviewDocumentResponse, error) {
	if s.deps.Previews == nil {
		return nil, fmt.Errorf("%w: this server cannot preview documents", corpus.ErrUnsupported)
	}
	first, limit := 0, defaultPreview
	if n := int(req.GetPageSize()); n > 0 {
		limit = n
	}
	var bound []byte
	if token := req.GetPageToken(); token != "" {
		bound = previewed(req)
		place, err := open(previewPages, token, bound)
		if err == nil {
			first, err = offset(place)
		}
		if err != nil {
			return nil, err
		}
	}
	r := raw(req.GetDocument())
	weight := s.weight(r)
	if err := s.budget.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	defer s.budget.Release(weight)
	p, err := s.deps.Previews.Preview(ctx, r, first, limit)
	if err != nil {
		return nil, inDocument(req.GetDocument(), err)
	}
	answer := toPreview(&p)
	n := fits(answer.Passages)
	answer.Passages = answer.Passages[:n]
	if next := first + n; n > 0 && next < p.Total {
		if bound == nil {
			bound = previewed(req)
		}
		answer.NextPageToken = seal(previewPages, binary.AppendUvarint(nil, uint64(next)), bound)
	}
	return answer, nil
}

// previewed returns the identity of the document of a preview, which page tokens are bound to.
func previewed(req *dalilv1.PreviewDocumentRequest) []byte {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(req.GetDocument())
	if err != nil { // a message that was decoded can be encoded
		panic(err)
	}
	hash := sha256.Sum256(b)
	return hash[:]
}

func toPreview(p *corpus.Preview) *dalilv1.PreviewDocumentResponse {
	answer := &dalilv1.PreviewDocumentResponse{Document: toDocument(&p.Document), Outcome: outcomes[p.Outcome]}
	total := toCount(p.Total)
	answer.Document.Revision, answer.Document.Passages = p.Revision, &total
	for _, w := range p.Warnings {
		answer.Warnings = append(answer.Warnings, valid(w))
	}
	for i := range p.Passages {
		one := &p.Passages[i]
		to := &dalilv1.PreviewPassage{
			PassageId: one.Chunk.ID.String(), Ordinal: int32(one.Chunk.Ordinal), Span: toSpan(one.Chunk.Span), Text: valid(one.Chunk.Text),
			EmbeddedText: valid(one.Embedded),
		}
		if one.Tokens != nil {
			n := toCount(*one.Tokens)
			to.Tokens = &n
		}
		for _, h := range one.Chunk.Headings {
			to.HeadingPath = append(to.HeadingPath, valid(h))
		}
		for _, w := range one.Words {
			to.Words = append(to.Words, &dalilv1.PreviewWord{Word: valid(w.Word), Term: valid(w.Term), Span: toSpan(w.Span), Stop: w.Stop})
		}
		answer.Passages = append(answer.Passages, to)
	}
	return answer
}
