package store

import (
	"context"

	"dalil/corpus"
)

// Edit replaces the fields of a document and keeps its passages with their ids, texts and
// vectors.
type Edit struct {
	Document corpus.Document // the id and all fields; Text is ignored
	Content  string          // hash of the new content, see [Content]
	If       corpus.Condition
}

// Editor is a store that can edit documents. Fallback: the document is read and put again,
// see [EditDocument].
type Editor interface {
	// Edit changes a document, atomically for readers. It returns corpus.ErrNotFound if there is
	// no document, or it has expired. The errors for the condition and the source version are
	// those of Put.
	Edit(ctx context.Context, e Edit) error
}

// EditDocument edits a document of s. If s and the stores that it wraps are no editors, it
// reads the document and puts it with the new fields. If the document changes in between, the
// error is a corpus.ConditionError.
func EditDocument(ctx context.Context, s Store, e Edit) error {
	if editor, is := able[Editor](s); is {
		return editor.Edit(ctx, e)
	}
	return putEdited(ctx, s, e)
}

func putEdited(ctx context.Context, s Store, e Edit) error {
	info, err := s.Document(ctx, e.Document.ID)
	if err != nil {
		return err
	}
	if info.Expired {
		return corpus.Errorf(corpus.ErrNotFound, "document %q has expired", e.Document.ID)
	}
	if err := e.If.Check(e.Document.ID, info.Document.ETag); err != nil {
		return err
	}
	whole, err := ReadEntry(ctx, s, info)
	if err != nil {
		return err
	}
	revision := info.Revision
	if len(whole.Points) > 0 {
		revision = whole.Points[0].Chunk.Revision
	}
	return s.Put(ctx, []Entry{{
		Document: e.Document, Points: whole.Points, Fingerprint: EditedFingerprint(whole.Fingerprint, e.Content, revision),
		If: corpus.Condition{ETag: Content(whole.Fingerprint)},
	}})
}
