package server

import (
	"errors"
	"math"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/value"
)

var outcomes = map[corpus.Outcome]dalilv1.Outcome{
	corpus.Indexed:   dalilv1.Outcome_OUTCOME_INDEXED,
	corpus.Unchanged: dalilv1.Outcome_OUTCOME_UNCHANGED,
	corpus.Failed:    dalilv1.Outcome_OUTCOME_FAILED,
	corpus.Deleted:   dalilv1.Outcome_OUTCOME_DELETED,
	corpus.Stale:     dalilv1.Outcome_OUTCOME_STALE,
}

// raw translates a document that is within the limits.
func raw(d *dalilv1.DocumentInput) corpus.Raw {
	r := corpus.Raw{Document: corpus.Document{
		ID: d.GetDocumentId(), Title: d.GetTitle(), Text: d.GetText(), URL: d.GetUrl(), Source: d.GetSource(),
		Language: d.GetLanguage(), Author: d.GetAuthor(), Tags: d.GetTags(), Groups: d.GetGroups(), Metadata: value.FromMap(d.GetMetadata()),
		Root: d.GetRoot(), SourceVersion: d.SourceVersion, ExpiresAt: fromTime(d.GetExpiresAt()), VisibleFrom: fromTime(d.GetVisibleFrom()),
	}, ReplaceRoot: d.GetReplaceRoot()}
	if t := d.GetPublishedAt(); t != nil {
		r.Document.PublishedAt = t.AsTime()
	}
	if body := d.GetBody(); body != nil {
		r.Body, r.MediaType = body.GetData(), body.GetMediaType()
	}
	return r
}

// condition translates that of a request that passed the limits.
func condition(match, noneMatch string) corpus.Condition {
	return corpus.Condition{ETag: match, Absent: noneMatch != ""}
}

// toDocument translates the fields of a document that all answers have.
func toDocument(d *corpus.Document) *dalilv1.Document { return setDocument(&dalilv1.Document{}, d) }

// setDocument does the same into an empty message. The lists are those of the document.
func setDocument(to *dalilv1.Document, d *corpus.Document) *dalilv1.Document {
	to.DocumentId, to.Title, to.Url, to.Source, to.Language, to.Author = d.ID, d.Title, d.URL, d.Source, d.Language, d.Author
	to.PublishedAt, to.ExpiresAt, to.VisibleFrom = toTime(d.PublishedAt), toTime(d.ExpiresAt), toTime(d.VisibleFrom)
	to.Etag, to.SourceVersion = d.ETag, d.SourceVersion
	to.Tags, to.Groups = slices.Clip(d.Tags), slices.Clip(d.Groups)
	to.Metadata = value.ToMap(d.Metadata)
	return to
}

func toDocumentInfo(d *corpus.DocumentInfo) *dalilv1.Document {
	to := toDocument(&d.Document)
	passages := int32(d.Chunks)
	to.Revision, to.Passages, to.UpdatedAt = d.Revision, &passages, toTime(d.UpdatedAt)
	return to
}

// toReceipt translates a receipt. One that has no mark, because the server itself refused the
// document, gets that of the current state.
func (s *Server) toReceipt(id string, r corpus.Receipt) *dalilv1.Receipt {
	if r.Mark.IsZero() {
		r.Mark = s.deps.Documents.Mark()
	}
	to := &dalilv1.Receipt{
		IndexToken: sealMark(r.Mark),
		DocumentId: valid(id), Outcome: outcomes[r.Outcome], Revision: r.Revision, Etag: r.ETag,
		Passages: int32(r.Chunks), Tokens: toCount(r.Tokens), CutPassages: int32(r.Cut),
	}
	for _, w := range r.Warnings {
		to.Warnings = append(to.Warnings, valid(w))
	}
	var stale *corpus.StaleError
	if r.Outcome == corpus.Stale && errors.As(r.Err, &stale) {
		to.NewerSourceVersion = &stale.Held
	}
	if r.Outcome == corpus.Failed {
		to.Failure = toFailure(r.Err)
	}
	return to
}

// toCount converts a count to int32. Counts on the wire are int32, so that they are
// numbers in JSON. A larger count becomes the largest int32.
func toCount(n int) int32 { return int32(min(n, math.MaxInt32)) }

func fromTime(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}

func toTime(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
