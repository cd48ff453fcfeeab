package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dalil/corpus"
)

const (
	// goneTries is how often a document with missing passages is read again if no
	// write replaces it.
	goneTries = 4
	// replacedTries is how often a document that is being replaced is read again.
	replacedTries = 100
)

// ReadDocument reads one document with its text, which is the concatenation of its
// chunks. If the document is replaced between the reads, it is read again. If a
// passage is missing permanently, the error is corpus.ErrCorrupt.
func ReadDocument(ctx context.Context, r Reader, id string, withText bool) (corpus.DocumentInfo, error) {
	var last Record
	same := 0
	for range replacedTries {
		info, err := r.Document(ctx, id)
		if err != nil {
			return corpus.DocumentInfo{}, err
		}
		held := info.Public()
		if !withText {
			return held, nil
		}
		ids := info.ChunkIDs()
		points, err := r.Chunks(ctx, ids, WithText|WithHidden|WithoutCopies)
		if err != nil {
			return corpus.DocumentInfo{}, err
		}
		if len(points) == len(ids) {
			var text strings.Builder
			for _, p := range points {
				text.WriteString(p.Chunk.Text)
			}
			held.Document.Text = text.String()
			return held, nil
		}
		if info.Revision == last.Revision && info.UpdatedAt.Equal(last.UpdatedAt) {
			same++
		} else {
			same = 1
		}
		if last = info; same == goneTries {
			return corpus.DocumentInfo{}, &corpus.Error{
				Kind: corpus.ErrCorrupt, Op: "read document", Thing: fmt.Sprintf("%q", id),
				Cause: fmt.Errorf("%d of its %d passages are gone; index the document again with \"dalil index\"", len(ids)-len(points), len(ids)),
			}
		}
		select { // most likely it was replaced between the two reads
		case <-ctx.Done():
			return corpus.DocumentInfo{}, ctx.Err()
		case <-time.After(time.Duration(same) * 5 * time.Millisecond):
		}
	}
	return corpus.DocumentInfo{}, corpus.Errorf(corpus.ErrConflict, "document %q was replaced faster than it could be read, %d times", id, replacedTries)
}

// Public returns the description of the document for callers of the service.
func (d Record) Public() corpus.DocumentInfo {
	return corpus.DocumentInfo{Document: d.Document, Revision: d.Revision, Chunks: d.Chunks, First: d.ChunkID(0), UpdatedAt: d.UpdatedAt, Expired: d.Expired}
}
