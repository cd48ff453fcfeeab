package backup

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// exported is a document as a line that "index -" reads back.
type exported struct {
	ID          string                  `json:"id"`
	Title       string                  `json:"title,omitempty"`
	URL         string                  `json:"url,omitempty"`
	Source      string                  `json:"source,omitempty"`
	Language    string                  `json:"language,omitempty"`
	Author      string                  `json:"author,omitempty"`
	Tags        []string                `json:"tags,omitempty"`
	Groups      []string                `json:"groups,omitempty"`
	PublishedAt string                  `json:"published_at,omitempty"`
	Metadata    map[string]corpus.Value `json:"metadata,omitempty"`
	ExpiresAt   time.Time               `json:"expires_at,omitzero"`
	VisibleFrom time.Time               `json:"visible_from,omitzero"`
	// SourceVersion orders the writes of the document; nil: none.
	SourceVersion *int64 `json:"source_version,omitempty"`
	Text          string `json:"text"`
}

// Export writes every document as one line of JSON, and returns their number. Each
// document is consistent, but all together are no snapshot. If a document cannot be
// read, Export calls damaged with it; if damaged is nil, it returns the error.
func Export(ctx context.Context, from store.Reader, w io.Writer, damaged func(store.Damage)) (int, error) {
	buffered := bufio.NewWriterSize(w, 1<<20)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	n := 0
	err := store.Each(ctx, from, func(info store.Record) error {
		if info.Expired {
			return nil
		}
		whole, err := store.ReadDocument(ctx, from, info.Document.ID, true)
		switch {
		case errors.Is(err, corpus.ErrNotFound):
			return nil // deleted meanwhile
		case damaged != nil && errors.Is(err, corpus.ErrCorrupt):
			damaged(store.Damage{DocumentID: info.Document.ID, Err: err})
			return nil
		case err != nil:
			return err
		}
		n++
		return encoder.Encode(lineOf(whole.Document))
	})
	if err = errors.Join(err, buffered.Flush()); err != nil {
		return n, fmt.Errorf("export: after %d documents: %w", n, err)
	}
	return n, nil
}

func lineOf(d corpus.Document) exported {
	line := exported{
		ID: d.ID, Title: d.Title, URL: d.URL, Source: d.Source, Language: d.Language, Author: d.Author, Tags: d.Tags, Groups: d.Groups,
		Metadata: d.Metadata, Text: d.Text, ExpiresAt: d.ExpiresAt, VisibleFrom: d.VisibleFrom, SourceVersion: d.SourceVersion,
	}
	if !d.PublishedAt.IsZero() {
		line.PublishedAt = d.PublishedAt.UTC().Format(time.RFC3339Nano)
	}
	return line
}
