package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/store"
)

// exported is a document as a line that "index -" reads back.
type exported struct {
	ID          string            `json:"id"`
	Title       string            `json:"title,omitempty"`
	URL         string            `json:"url,omitempty"`
	Source      string            `json:"source,omitempty"`
	Language    string            `json:"language,omitempty"`
	Author      string            `json:"author,omitempty"`
	Tags        []string          `json:"tags,omitempty"`
	PublishedAt string            `json:"published_at,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Text        string            `json:"text"`
}

// Export writes every document as one line of JSON, whole, and returns how many
// there were. Each is as it was at one moment; together they are no snapshot.
func (a *App) Export(ctx context.Context, w io.Writer) (int, error) {
	g, err := a.generation.pin()
	if err != nil {
		return 0, err
	}
	defer g.release()
	return export(ctx, g.store, w, nil)
}

// SalvageExport writes every document of the configured store that can be read,
// as Export does, and returns what cannot. It needs no model.
func SalvageExport(ctx context.Context, c config.Config, log *slog.Logger, w io.Writer) (n int, damaged []store.Damage, err error) {
	from, err := openSalvage(ctx, c, log)
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	damaged = damageOf(from)
	n, err = export(ctx, from, w, func(d store.Damage) { damaged = append(damaged, d) })
	return n, damaged, err
}

// export goes on behind a document that cannot be read where damaged is given.
func export(ctx context.Context, from store.Reader, w io.Writer, damaged func(store.Damage)) (int, error) {
	buffered := bufio.NewWriterSize(w, 1<<20)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	n := 0
	err := store.Each(ctx, from, func(info store.DocumentInfo) error {
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
		ID: d.ID, Title: d.Title, URL: d.URL, Source: d.Source, Language: d.Language, Author: d.Author, Tags: d.Tags,
		Metadata: d.Metadata, Text: d.Text,
	}
	if !d.PublishedAt.IsZero() {
		line.PublishedAt = d.PublishedAt.UTC().Format(time.RFC3339Nano)
	}
	return line
}
