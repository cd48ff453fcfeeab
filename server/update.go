package server

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// UpdateDocument changes fields of a document, and embeds nothing.
func (s *documentService) UpdateDocument(ctx context.Context, req *dalilv1.UpdateDocumentRequest) (*dalilv1.UpdateDocumentResponse, error) {
	u := update(req)
	receipt, err := s.deps.Documents.Update(ctx, u)
	if err != nil {
		return nil, overtaken(u.Document.ID, noSuch("document", u.Document.ID, inDocument(req.GetDocument(), err)))
	}
	return &dalilv1.UpdateDocumentResponse{Receipt: s.toReceipt(u.Document.ID, receipt)}, nil
}

// overtaken names the document in an error that says that other writes won. The error of a condition names it already.
func overtaken(id string, err error) error {
	var unmet *corpus.ConditionError
	if corpus.KindOf(err) != corpus.ErrConflict || errors.As(err, &unmet) {
		return err
	}
	k := kinds[corpus.ErrConflict]
	k.message = fmt.Sprintf("other writes changed document %q faster than this update; try again", id)
	return &said{k, err}
}

// update translates a request. Without a mask, it names the fields that have a value.
func update(req *dalilv1.UpdateDocumentRequest) corpus.Update {
	u := corpus.Update{Document: raw(req.GetDocument()).Document, Paths: req.GetUpdateMask().GetPaths(), If: condition(req.GetIfMatch(), "")}
	if req.UpdateMask == nil {
		u.Paths = corpus.UpdatePaths(&u.Document)
	}
	return u
}

func (c *checker) update(req *dalilv1.UpdateDocumentRequest) {
	d := req.GetDocument()
	c.condition(req.GetIfMatch(), "")
	if d == nil {
		c.refuse("document", "is missing")
		return
	}
	c.documentID("document.document_id", d.GetDocumentId())
	if req.UpdateMask == nil {
		for _, one := range []struct {
			path string
			set  bool
		}{
			{"text", d.GetText() != ""}, {"body", d.GetBody() != nil}, {"title", d.GetTitle() != ""}, {"root", d.GetRoot() != ""}, {"replace_root", d.GetReplaceRoot()},
		} {
			if one.set {
				for _, v := range corpus.PathViolations("update_mask", []string{one.path}) {
					v.Field = "document." + one.path
					c.violate(v)
				}
			}
		}
	}
	paths := update(req).Paths
	if len(paths) == 0 {
		c.refuse("update_mask", "names no field, and no field that can be updated has a value")
	}
	for _, v := range corpus.PathViolations("update_mask", paths) {
		c.violate(v)
	}
	if slices.Contains(paths, "published_at") {
		c.time("document.published_at", d.GetPublishedAt())
	}
	c.life("document", d)
	c.metadata("document.metadata", d.GetMetadata())
	c.language("document.language", d.GetLanguage())
	c.groups("document.groups", d.GetGroups())
	if n := metadataBytes(d); n > c.limits.MetadataBytes {
		c.violate(corpus.TooMuchMetadata("document", n, c.limits.MetadataBytes))
	}
}
