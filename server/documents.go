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

// defaultList is the default page size of ListDocuments.
const defaultList = 50

// UpsertDocument writes one document. If the document fails, the call fails.
func (s *documentService) UpsertDocument(ctx context.Context, req *dalilv1.UpsertDocumentRequest) (*dalilv1.UpsertDocumentResponse, error) {
	r := raw(req.GetDocument())
	r.If = condition(req.GetIfMatch(), req.GetIfNoneMatch())
	receipt, err := s.write(ctx, r)
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
	if withText {
		page, next := textPage(text, start)
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

// ListDocuments returns one page. It reads one document more than the page has, to
// find out whether there is another page.
func (s *documentService) ListDocuments(ctx context.Context, req *dalilv1.ListDocumentsRequest) (*dalilv1.ListDocumentsResponse, error) {
	size, after := defaultList, ""
	if n := int(req.GetPageSize()); n > 0 {
		size = n
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
		answer.Documents = append(answer.Documents, toDocumentInfo(&infos[i]))
	}
	n := fits(answer.Documents)
	answer.Documents = answer.Documents[:n]
	if len(infos) > n {
		answer.NextPageToken = seal(documentPages, []byte(infos[n-1].Document.ID), nil)
	}
	return answer, nil
}

// DeleteDocument deletes one document.
func (s *documentService) DeleteDocument(ctx context.Context, req *dalilv1.DeleteDocumentRequest) (*dalilv1.DeleteDocumentResponse, error) {
	receipt := corpus.Receipt{Outcome: corpus.Deleted}
	err := s.deps.Documents.DeleteIf(ctx, corpus.Deletion{ID: req.GetDocumentId(), If: condition(req.GetIfMatch(), ""), SourceVersion: req.SourceVersion})
	if errors.Is(err, corpus.ErrStale) {
		receipt, err = corpus.Receipt{Outcome: corpus.Stale, Err: err}, nil
	}
	if err != nil {
		return nil, err
	}
	return &dalilv1.DeleteDocumentResponse{Receipt: toReceipt(req.GetDocumentId(), receipt)}, nil
}
