package client

import (
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/value"
)

// Input returns a document as the wire has it.
func Input(raw corpus.Raw) *dalilv1.DocumentInput {
	d := raw.Document
	in := &dalilv1.DocumentInput{
		DocumentId: d.ID, Title: d.Title, Url: d.URL, Source: d.Source, Language: d.Language, Author: d.Author, Tags: d.Tags, Groups: d.Groups,
		Metadata: value.ToMap(d.Metadata), Root: d.Root, ReplaceRoot: raw.ReplaceRoot,
		SourceVersion: d.SourceVersion,
	}
	for _, field := range []struct {
		from time.Time
		to   **timestamppb.Timestamp
	}{{d.PublishedAt, &in.PublishedAt}, {d.ExpiresAt, &in.ExpiresAt}, {d.VisibleFrom, &in.VisibleFrom}} {
		if !field.from.IsZero() {
			*field.to = timestamppb.New(field.from)
		}
	}
	if raw.Body == nil {
		in.Content = &dalilv1.DocumentInput_Text{Text: strings.ToValidUTF8(d.Text, "\uFFFD")}
	} else {
		in.Content = &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: raw.Body, MediaType: raw.MediaType}}
	}
	return in
}
