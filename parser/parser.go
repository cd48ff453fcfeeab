// Package parser turns the bytes of a media type into a Document: charset,
// article extraction, clean text, title, language, date. It removes boilerplate
// that should not answer questions (consent banners, share bars, "read also").
// Start with [New] and [Parser.Parse]; each format is a folder below this one.
package parser

import (
	"context"
	"fmt"
	"mime"
	"strings"

	"dalil/corpus"
	"dalil/parser/format"
)

// Options tune a Parser; the zero value works.
type Options struct {
	KeepBoilerplate bool // leave consent banners and the like in
}

// Parser reads documents. It is safe for concurrent use.
type Parser struct{ options Options }

// New returns a Parser.
func New(options Options) *Parser { return &Parser{options} }

// Result is a parsed document with its warnings.
type Result struct {
	Document corpus.Document
	// Warnings are what was guessed, repaired or left out, one sentence each; no
	// text of the document is in them.
	Warnings []string
}

// Parse reads one document. Fields that the caller sets in raw.Document override
// those found in the bytes. Without a body, raw.Document.Text is the text.
//
// Errors are corpus.ErrInvalid: an empty, too large or malformed document, or a
// media type that is not supported (which is corpus.ErrUnsupported too). The result
// then has raw.Document and the warnings so far. When ctx ends, its error is
// returned soon.
func (p *Parser) Parse(ctx context.Context, raw corpus.Raw) (Result, error) {
	in := &format.Input{Ctx: ctx, Body: raw.Body}
	d, err := p.parse(in, raw)
	return Result{Document: d, Warnings: in.Warnings}, err
}

func (p *Parser) parse(in *format.Input, raw corpus.Raw) (corpus.Document, error) {
	if err := in.Ctx.Err(); err != nil {
		return raw.Document, err
	}
	found := corpus.Document{Text: raw.Document.Text}
	if raw.Body != nil {
		if n := len(raw.Body); n > corpus.MaxDocumentBytes {
			return raw.Document, &corpus.InvalidError{Violations: []corpus.Violation{corpus.TooLong("body", n, corpus.MaxDocumentBytes)}}
		}
		var err error
		if found, err = read(in, raw); err != nil {
			return raw.Document, err
		}
	}
	if err := in.Ctx.Err(); err != nil {
		return raw.Document, err
	}
	found.Text = withoutFiles(in, found.Text)
	found.Title = in.Repaired(found.Title)
	if found.Language != "" {
		found.Language = checkedLanguage(in, found.Language, found.Text)
	}
	d := merge(raw.Document, found)
	d.Text = format.Clean(d.Text)
	if err := in.Ctx.Err(); err != nil {
		return raw.Document, err
	}
	if raw.Body != nil && !p.options.KeepBoilerplate {
		d.Text = withoutBoilerplate(d.Text)
	}
	if err := format.CheckText(d.Text); err != nil {
		return d, err
	}
	d.Title = oneLine(d.Title)
	d.Author = oneLine(d.Author)
	if d.Language == "" {
		d.Language = language(d.Text)
	}
	d.Language = primary(d.Language)
	return d, nil
}

// read finds the reader of the media type and lets it read.
func read(in *format.Input, raw corpus.Raw) (corpus.Document, error) {
	mediaType := raw.MediaType
	if mediaType == "" {
		mediaType = MediaType(raw.Document.Source, raw.Body)
	}
	name, parameters, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return corpus.Document{}, corpus.Invalid("media_type", fmt.Sprintf("%.100q is not a media type such as text/html; charset=utf-8", mediaType))
	}
	parse := readerOf(name)
	if parse == nil {
		return corpus.Document{}, fmt.Errorf("%w (%w)", corpus.Invalid("media_type", name+" is not supported"), corpus.ErrUnsupported)
	}
	in.Charset = parameters["charset"]
	return parse(in)
}

// merge overrides what was found by what the caller set.
func merge(known, found corpus.Document) corpus.Document {
	d := known.Clone() // the maps are the caller's
	d.Text = found.Text
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&d.ID, found.ID},
		{&d.Title, found.Title},
		{&d.URL, found.URL},
		{&d.Language, found.Language},
		{&d.Author, found.Author},
	} {
		if *field.to == "" {
			*field.to = field.from
		}
	}
	if len(d.Tags) == 0 {
		d.Tags = found.Tags
	}
	if len(d.Groups) == 0 {
		d.Groups = found.Groups
	}
	if d.PublishedAt.IsZero() {
		d.PublishedAt = found.PublishedAt
	}
	if d.ExpiresAt.IsZero() {
		d.ExpiresAt = found.ExpiresAt
	}
	if d.VisibleFrom.IsZero() {
		d.VisibleFrom = found.VisibleFrom
	}
	if d.SourceVersion == nil {
		d.SourceVersion = found.SourceVersion
	}
	for key, value := range found.Metadata {
		if _, set := d.Metadata[key]; !set {
			if d.Metadata == nil {
				d.Metadata = map[string]corpus.Value{}
			}
			d.Metadata[key] = value
		}
	}
	return d
}

func oneLine(s string) string { return strings.Join(strings.Fields(format.Clean(s)), " ") }
