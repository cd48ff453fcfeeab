package app_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// A preview shows what a write then does, and writes nothing.
func TestAPreviewIsWhatAWriteDoes(t *testing.T) {
	onBothStores(t, func(t *testing.T, a *app.App) {
		w := dial(t, a)
		var page strings.Builder
		page.WriteString("<html><head><title>Forum</title></head><body><main><h1>Forum</h1>")
		for i := range 12 {
			fmt.Fprintf(&page, "<h2>Part %d</h2><p>%s</p>", i, strings.Repeat("The forum spoke about poverty reduction and cooperation between the cities. ", 12))
		}
		page.WriteString("</main></body></html>")
		document := &dalilv1.DocumentInput{
			DocumentId: "forum", SourceVersion: proto.Int64(5),
			Content: &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: []byte(page.String()), MediaType: "text/html"}},
		}
		var passages []*dalilv1.PreviewPassage
		var first *dalilv1.PreviewDocumentResponse
		for token := ""; ; {
			answer, err := w.documents.PreviewDocument(t.Context(), &dalilv1.PreviewDocumentRequest{Document: document, PageSize: proto.Int32(2), PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = answer
			}
			if n := len(answer.GetPassages()); n < 1 || n > 2 {
				t.Fatalf("a page of 2 has %d passages", n)
			}
			passages = append(passages, answer.GetPassages()...)
			if token = answer.GetNextPageToken(); token == "" {
				break
			}
		}
		if got := first.GetOutcome(); got != dalilv1.Outcome_OUTCOME_INDEXED {
			t.Errorf("the outcome is %v, want INDEXED", got)
		}
		if len(passages) < 4 || int(first.GetDocument().GetPassages()) != len(passages) {
			t.Fatalf("%d passages, and the document has %d", len(passages), first.GetDocument().GetPassages())
		}
		if w.get("forum") != nil {
			t.Fatal("a preview wrote the document")
		}

		receipt, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: document})
		if code != codes.OK {
			t.Fatal(code)
		}
		held := w.get("forum")
		if d := first.GetDocument(); d.GetEtag() != held.GetEtag() || d.GetRevision() != receipt.GetRevision() || d.GetTitle() != held.GetTitle() || d.GetText() != "" {
			t.Errorf("preview %v\nwritten %v", d, held)
		}
		var text strings.Builder
		ids := make([]string, len(passages))
		for i, p := range passages {
			text.WriteString(p.GetText())
			ids[i] = p.GetPassageId()
			if p.GetTokens() < 5 || !strings.Contains(p.GetEmbeddedText(), "Forum") {
				t.Errorf("passage %d: %d tokens of %q", i, p.GetTokens(), p.GetEmbeddedText())
			}
		}
		if text.String() != held.GetText() {
			t.Error("the passages, joined, are not the document's text")
		}
		read, err := w.search.GetPassages(t.Context(), &dalilv1.GetPassagesRequest{PassageIds: ids})
		if err != nil || len(read.GetPassages()) != len(passages) || len(read.GetMissingPassageIds()) > 0 {
			t.Fatalf("of %d passages, the index has %d (%v)", len(passages), len(read.GetPassages()), err)
		}
		for i, p := range read.GetPassages() {
			if p.GetText() != passages[i].GetText() || strings.Join(p.GetHeadingPath(), "/") != strings.Join(passages[i].GetHeadingPath(), "/") {
				t.Errorf("passage %d: preview %v, written %v", i, passages[i], p)
			}
		}

		for version, want := range map[int64]dalilv1.Outcome{5: dalilv1.Outcome_OUTCOME_UNCHANGED, 4: dalilv1.Outcome_OUTCOME_STALE} {
			again := proto.CloneOf(document)
			again.SourceVersion = &version
			answer, err := w.documents.PreviewDocument(t.Context(), &dalilv1.PreviewDocumentRequest{Document: again})
			if err != nil || answer.GetOutcome() != want {
				t.Errorf("version %d: outcome %v (%v), want %v", version, answer.GetOutcome(), err, want)
			}
		}
	})
}

// The words of a preview are those that a question can find.
func TestAPreviewShowsTheWords(t *testing.T) {
	w := dial(t, open(t, settings(t, nil)))
	answer, err := w.documents.PreviewDocument(t.Context(), &dalilv1.PreviewDocumentRequest{Document: &dalilv1.DocumentInput{
		DocumentId: "w", Content: &dalilv1.DocumentInput_Text{Text: "الحدّ من الفَقر and the Cities."},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, word := range answer.GetPassages()[0].GetWords() {
		span := word.GetSpan()
		written := answer.GetPassages()[0].GetText()[span.GetStart():span.GetEnd()]
		words = append(words, fmt.Sprintf("%s=%s/%s/%t", written, word.GetWord(), word.GetTerm(), word.GetStop()))
	}
	if got, want := strings.Join(words, " "), "الحدّ=الحد/حد/false من=من/من/true الفَقر=الفقر/فقر/false and=and/and/true the=the/the/true Cities=cities/citi/false"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAPreviewRefusesWhatAWriteRefuses(t *testing.T) {
	w := dial(t, open(t, settings(t, nil)))
	good := func() *dalilv1.DocumentInput {
		return &dalilv1.DocumentInput{DocumentId: "x", Content: &dalilv1.DocumentInput_Text{Text: "A text."}}
	}
	for name, row := range map[string]struct {
		change func(*dalilv1.PreviewDocumentRequest)
		field  string
	}{
		"no document": {func(r *dalilv1.PreviewDocumentRequest) { r.Document = nil }, "document"},
		"no id":       {func(r *dalilv1.PreviewDocumentRequest) { r.Document.DocumentId = "" }, "document.document_id"},
		"no content":  {func(r *dalilv1.PreviewDocumentRequest) { r.Document.Content = nil }, "document"},
		"page size":   {func(r *dalilv1.PreviewDocumentRequest) { r.PageSize = proto.Int32(101) }, "page_size"},
		"page token":  {func(r *dalilv1.PreviewDocumentRequest) { r.PageToken = "zzz" }, "page_token"},
		"broken body": {func(r *dalilv1.PreviewDocumentRequest) {
			r.Document.Content = &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: []byte("%PDF-1.4 nothing"), MediaType: "application/pdf"}}
		}, "document.body"},
		"two versions": {func(r *dalilv1.PreviewDocumentRequest) { r.Document.SourceVersion = proto.Int64(-1) }, "document.source_version"},
	} {
		req := &dalilv1.PreviewDocumentRequest{Document: good()}
		row.change(req)
		_, err := w.documents.PreviewDocument(t.Context(), req)
		if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), row.field) {
			t.Errorf("%s: %v, want INVALID_ARGUMENT naming %s", name, err, row.field)
		}
	}
}
