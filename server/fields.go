package server

import (
	"errors"
	"strings"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// inDocument gives the fields of an error of the write path the names that they
// have in the request, because parser and indexer know only the document.
func inDocument(d *dalilv1.DocumentInput, err error) error {
	var invalid *corpus.InvalidError
	if corpus.KindOf(err) != corpus.ErrInvalid || !errors.As(err, &invalid) {
		return err
	}
	named := &corpus.InvalidError{Violations: make([]corpus.Violation, len(invalid.Violations))}
	for i, v := range invalid.Violations {
		v.Field = wireField(d, v.Field)
		named.Violations[i] = v
	}
	return named
}

func wireField(d *dalilv1.DocumentInput, field string) string {
	content := "document.text"
	if d.GetBody() != nil {
		content = "document.body.data"
	}
	name, _, _ := strings.Cut(field, ".")
	switch name, _, _ = strings.Cut(name, "["); name {
	case "id":
		return "document.document_id"
	case "text", "body", "record":
		return content
	case "media_type":
		return "document.body.media_type"
	case "title", "url", "source", "language", "author", "tags", "groups", "published_at", "metadata", "expires_at", "visible_from", "source_version":
		return "document." + field
	}
	return field
}

// inField returns an error whose only violation is about the named field.
func inField(err error, field string) error {
	var invalid *corpus.InvalidError
	if errors.As(err, &invalid) && len(invalid.Violations) == 1 {
		v := invalid.Violations[0]
		v.Field = field
		return &corpus.InvalidError{Violations: []corpus.Violation{v}}
	}
	return err
}
