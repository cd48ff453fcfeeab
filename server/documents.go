package server

import (
	"context"
	"encoding/binary"
	"errors"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type documentService struct {
	dalilv1.UnimplementedDocumentServiceServer
	*serving
}

// UpsertDocument writes one document. If the document fails, the call fails.
func (s *documentService) UpsertDocument(ctx context.Context, req *dalilv1.UpsertDocumentRequest) (*dalilv1.UpsertDocumentResponse, error) {
	r := raw(req.GetDocument())
	r.If = condition(req.GetIfMatch(), req.GetIfNoneMatch())
	receipt, err := s.write(ctx, r)
	if err != nil {
		err = inDocument(req.GetDocument(), err)
		if receipt.Outcome == corpus.Failed {
			receipt.Err = err
			s.record(ctx, req.GetDocument(), &receipt)
		}
		return nil, err
	}
	s.record(ctx, req.GetDocument(), &receipt)
	return &dalilv1.UpsertDocumentResponse{Receipt: s.toReceipt(req.GetDocument().GetDocumentId(), receipt)}, nil
}

func (s *documentService) write(ctx context.Context, r corpus.Raw) (receipt corpus.Receipt, err error) {
	weight := s.weight(r)
	if err := s.budget.Acquire(ctx, weight); err != nil {
		return receipt, err
	}
	defer s.budget.Release(weight)
	raws := make(chan corpus.Raw, 1)
	raws <- r
	close(raws)
	reported := false
	err = s.deps.Ingester.Ingest(ctx, raws, func(_ int, r corpus.Receipt) { receipt, reported = r, true })
	switch {
	case err != nil:
	case !reported:
		err = errors.New("the write path returned no receipt")
	case receipt.Outcome == corpus.Failed:
		err = receipt.Err
	}
	return receipt, err
}

// weight returns how much of the budget of the write path a document takes. The
// largest document still fits.
func (s *Server) weight(r corpus.Raw) int64 {
	return min(int64(len(r.Document.Text)+len(r.Body))+1, s.options.IngestBytes)
}

// GetDocument reads one document, and one page of a long text.
func (s *documentService) GetDocument(ctx context.Context, req *dalilv1.GetDocumentRequest) (*dalilv1.GetDocumentResponse, error) {
	withText := req.IncludeText == nil || *req.IncludeText
	start, revision, err := textPlace(req)
	if err != nil {
		return nil, err
	}
	info, err := s.deps.Documents.Document(ctx, req.GetDocumentId(), withText)
	if err != nil {
		return nil, noSuch("document", req.GetDocumentId(), err)
	}
	text := valid(info.Document.Text)
	if start > 0 && (revision != info.Revision || start > len(text)) {
		return nil, corpus.Errorf(corpus.ErrConflict, "document %q was replaced while its text was read", req.GetDocumentId())
	}
	answer := &dalilv1.GetDocumentResponse{Document: toDocumentInfo(&info)}
	room := answerBytes
	if req.GetIncludePassages() {
		room /= 2
		if err := s.addPassages(ctx, req, &info, answer, room); err != nil {
			return nil, err
		}
	}
	if withText {
		page, next := textPage(text, start, room)
		answer.Document.Text, answer.TextStart, answer.TextBytes = &page, int32(start), int32(len(text))
		if next > 0 {
			place := append(binary.AppendUvarint(nil, uint64(next)), info.Revision...)
			answer.NextTextPageToken = seal(textPages, place, []byte(req.GetDocumentId()))
		}
	}
	return answer, nil
}

// textPlace says where a page of a text begins, and in which revision.
func textPlace(req *dalilv1.GetDocumentRequest) (start int, revision string, err error) {
	if req.GetTextPageToken() == "" {
		return 0, "", nil
	}
	place, err := open(textPages, req.GetTextPageToken(), []byte(req.GetDocumentId()))
	if err == nil {
		var n uint64
		var size int
		if n, size = binary.Uvarint(place); size > 0 && n < 1<<40 {
			return int(n), string(place[size:]), nil
		}
		err = corpus.Invalid("page_token", "is not a token of this method")
	}
	return 0, "", inField(err, "text_page_token")
}
