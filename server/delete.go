package server

import (
	"context"
	"log/slog"
	"time"

	"dalil/access"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// DeleteDocument deletes one document.
func (s *documentService) DeleteDocument(ctx context.Context, req *dalilv1.DeleteDocumentRequest) (*dalilv1.DeleteDocumentResponse, error) {
	receipt, err := s.deps.Documents.Delete(ctx, corpus.Deletion{ID: req.GetDocumentId(), If: condition(req.GetIfMatch(), ""), SourceVersion: req.SourceVersion})
	if err != nil {
		return nil, err
	}
	s.record(ctx, &dalilv1.DocumentInput{DocumentId: req.GetDocumentId()}, &receipt)
	return &dalilv1.DeleteDocumentResponse{Receipt: s.toReceipt(req.GetDocumentId(), receipt)}, nil
}

// DeleteDocuments starts the deletion of the documents that a filter keeps. With
// validate_only it counts them before it returns.
func (s *documentService) DeleteDocuments(ctx context.Context, req *dalilv1.DeleteDocumentsRequest) (*dalilv1.DeleteDocumentsResponse, error) {
	f, err := filterOf(req.GetFilter())
	if err != nil {
		return nil, err
	}
	const kind = dalilv1.OperationKind_OPERATION_KIND_DELETE
	if req.GetValidateOnly() {
		// Counts and ids by any filter read every field of the documents.
		p, _ := corpus.PrincipalOf(ctx)
		if err := access.Require(p, corpus.ScopeSearch); err != nil {
			return nil, &lacking{err, corpus.ScopeSearch}
		}
		began := time.Now()
		erased, err := s.deps.Documents.Erase(ctx, f, true, func(corpus.Progress) {})
		if err != nil {
			return nil, err
		}
		return &dalilv1.DeleteDocumentsResponse{Operation: s.operations.ended(ctx, kind, began, toDeletion(erased))}, nil
	}
	op, err := s.operations.start(ctx, kind, func(ctx context.Context, progress func(corpus.Progress)) (func(*dalilv1.Operation), error) {
		began := time.Now()
		erased, err := s.deps.Documents.Erase(ctx, f, false, progress)
		level, attributes := slog.LevelInfo, []slog.Attr{
			slog.String("kind", kind.String()), slog.Duration("duration", time.Since(began)), slog.Int("matched", erased.Matched), slog.Int("deleted", erased.Deleted),
		}
		if err != nil {
			level, attributes = slog.LevelError, append(attributes, slog.String("error", err.Error()))
		}
		s.options.Log.LogAttrs(ctx, level, "operation ended", attributes...)
		return toDeletion(erased), err
	})
	if err != nil {
		return nil, err
	}
	return &dalilv1.DeleteDocumentsResponse{Operation: op}, nil
}

func toDeletion(e corpus.Erased) func(*dalilv1.Operation) {
	to := &dalilv1.Deletion{Matched: toCount(e.Matched), Deleted: toCount(e.Deleted)}
	for _, id := range e.Sample {
		to.SampleDocumentIds = append(to.SampleDocumentIds, valid(id))
	}
	return func(op *dalilv1.Operation) { op.Result = &dalilv1.Operation_Deletion{Deletion: to} }
}

func (c *checker) deletion(req *dalilv1.DeleteDocumentsRequest) {
	switch {
	case req.GetFilter() == nil && !req.GetAll():
		c.refuse("filter", "is missing; to delete every document, set all")
	case req.GetFilter() != nil && req.GetAll():
		c.refuse("all", "cannot be combined with a filter")
	}
	if f, err := filterOf(req.GetFilter()); req.GetFilter() != nil && err == nil && f.IsZero() {
		c.refuse("filter", "has no clause; to delete every document, set all")
	}
	c.filter(req.GetFilter())
}
