package server

import (
	"context"
	"errors"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type documentService struct {
	dalilv1.UnimplementedDocumentServiceServer
	*serving
}

// defaultList is how many documents are listed to who does not say.
const defaultList = 50

// UpsertDocument writes one document; its failure is the call's.
func (s *documentService) UpsertDocument(ctx context.Context, req *dalilv1.UpsertDocumentRequest) (*dalilv1.UpsertDocumentResponse, error) {
	receipt, err := s.write(ctx, raw(req.GetDocument()))
	if err != nil {
		return nil, inDocument(req.GetDocument(), err)
	}
	return &dalilv1.UpsertDocumentResponse{Receipt: toReceipt(req.GetDocument().GetDocumentId(), receipt)}, nil
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
	told := false
	err = s.deps.Ingester.Ingest(ctx, raws, func(_ int, r corpus.Receipt) { receipt, told = r, true })
	switch {
	case err != nil:
	case !told:
		err = errors.New("the write path gave no receipt")
	case receipt.Outcome == corpus.Failed:
		err = receipt.Err
	}
	return receipt, err
}

// weight is the share of the write path's bytes that a document takes; the
// largest still fits.
func (s *Server) weight(r corpus.Raw) int64 {
	return min(int64(len(r.Document.Text)+len(r.Body))+1, s.options.IngestBytes)
}

// GetDocument reads one document.
func (s *documentService) GetDocument(ctx context.Context, req *dalilv1.GetDocumentRequest) (*dalilv1.GetDocumentResponse, error) {
	withText := req.IncludeText == nil || *req.IncludeText
	info, err := s.deps.Documents.Document(ctx, req.GetDocumentId(), withText)
	if err != nil {
		return nil, noSuch("document", req.GetDocumentId(), err)
	}
	return &dalilv1.GetDocumentResponse{Document: toDocumentInfo(&info, withText)}, nil
}

// ListDocuments lists one page. It asks for one document more than wanted, to
// know whether there is another page.
func (s *documentService) ListDocuments(ctx context.Context, req *dalilv1.ListDocumentsRequest) (*dalilv1.ListDocumentsResponse, error) {
	size, after := defaultList, ""
	if req.PageSize != nil {
		size = int(*req.PageSize)
	}
	size = min(size, s.options.Limits.PageSize)
	if token := req.GetPageToken(); token != "" {
		place, err := open(documentPages, token, nil)
		if err != nil {
			return nil, err
		}
		after = string(place)
	}
	infos, err := s.deps.Documents.Documents(ctx, after, size+1)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.ListDocumentsResponse{}
	for i := range infos[:min(size, len(infos))] {
		answer.Documents = append(answer.Documents, toDocumentInfo(&infos[i], false))
	}
	if len(infos) > size {
		answer.NextPageToken = seal(documentPages, []byte(infos[size-1].Document.ID), nil)
	}
	return answer, nil
}

// DeleteDocument removes one document.
func (s *documentService) DeleteDocument(ctx context.Context, req *dalilv1.DeleteDocumentRequest) (*dalilv1.DeleteDocumentResponse, error) {
	if err := s.deps.Documents.Delete(ctx, []string{req.GetDocumentId()}); err != nil {
		return nil, err
	}
	return &dalilv1.DeleteDocumentResponse{
		Receipt: toReceipt(req.GetDocumentId(), corpus.Receipt{Outcome: corpus.Deleted}),
	}, nil
}
