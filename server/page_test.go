package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// plain connects as a client does that sets no limits of its own: it takes
// answers of 4 MB.
func plain(t *testing.T, r *running) *grpc.ClientConn {
	t.Helper()
	c, err := grpc.NewClient(r.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// large is a passage with as much around it as there may be.
func large(rank int) corpus.Passage {
	p := passage(rank)
	p.Chunk.Text = strings.Repeat("ن", 4<<10)
	p.Document.Metadata = map[string]corpus.Value{"k": corpus.String(strings.Repeat("v", 60<<10))}
	for range 5 {
		p.Before, p.After = append(p.Before, p.Chunk), append(p.After, p.Chunk)
	}
	return p
}

// Pages are cut by bytes, and lose nothing.
func TestLargePassagesFitDefaultClients(t *testing.T) {
	h := newBackend()
	h.search = func(_ context.Context, q corpus.Query) (corpus.Answer, error) {
		a := corpus.Answer{More: q.Offset+q.Limit < 250}
		for rank := q.Offset + 1; rank <= min(q.Offset+q.Limit, 250); rank++ {
			a.Passages = append(a.Passages, large(rank))
		}
		return a, nil
	}
	var all []string
	h.passages = func(_ context.Context, ids []corpus.ChunkID, _ int) ([]corpus.Passage, error) {
		var found []corpus.Passage
		for _, id := range ids {
			for rank := 1; rank <= 90; rank++ { // the others are gone
				if p := large(rank); p.Chunk.ID == id {
					found = append(found, p)
				}
			}
		}
		return found, nil
	}
	client := dalilv1.NewSearchServiceClient(plain(t, serve(t, h, server.Options{})))
	for token, pages := "", 0; ; pages++ {
		page, err := client.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", PageSize: ptr(int32(100)), PageToken: token})
		if err != nil {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, p := range page.GetPassages() {
			if all = append(all, p.GetPassageId()); int(p.GetRank()) != len(all) {
				t.Fatalf("rank %d at place %d", p.GetRank(), len(all))
			}
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	if len(all) != 250 {
		t.Errorf("%d passages on all pages, want 250", len(all))
	}
	asked := all[:100]
	read, missing := map[string]bool{}, 0
	for token := ""; ; {
		page, err := client.GetPassages(t.Context(), &dalilv1.GetPassagesRequest{PassageIds: asked, PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.GetPassages() {
			read[p.GetPassageId()] = true
		}
		missing += len(page.GetMissingPassageIds())
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	if len(read) != 90 || missing != 10 {
		t.Errorf("%d passages read and %d missing, want 90 and 10", len(read), missing)
	}
}

func TestLargeListsFitDefaultClients(t *testing.T) {
	h := newBackend()
	for i := range 150 {
		id := fmt.Sprintf("d%03d", i)
		h.documents[id] = corpus.Document{ID: id, Metadata: map[string]corpus.Value{"k": corpus.String(strings.Repeat("v", 63<<10))}}
	}
	client := dalilv1.NewDocumentServiceClient(plain(t, serve(t, h, server.Options{})))
	seen := 0
	for token := ""; ; {
		page, err := client.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageSize: ptr(int32(100)), PageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range page.GetDocuments() {
			if want := fmt.Sprintf("d%03d", seen); d.GetDocumentId() != want {
				t.Fatalf("got %s, want %s", d.GetDocumentId(), want)
			}
			seen++
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	if seen != 150 {
		t.Errorf("%d documents listed, want 150", seen)
	}
}

// A long text comes in pages that join to it, and never mix two revisions.
func TestLongTextsComeInPages(t *testing.T) {
	h := newBackend()
	text := strings.Repeat("a", 1) + strings.Repeat("ﷺ", 4<<20) // three bytes each, cut between them
	h.documents["long"] = corpus.Document{ID: "long", Text: text}
	h.documents["short"] = corpus.Document{ID: "short", Text: "short"}
	client := dalilv1.NewDocumentServiceClient(plain(t, serve(t, h, server.Options{})))
	var joined strings.Builder
	token := ""
	for {
		page, err := client.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "long", TextPageToken: token})
		if err != nil {
			t.Fatal(err)
		}
		if int(page.GetTextStart()) != joined.Len() || int(page.GetTextBytes()) != len(text) {
			t.Errorf("a page begins at %d of %d, want %d of %d", page.GetTextStart(), page.GetTextBytes(), joined.Len(), len(text))
		}
		joined.WriteString(page.GetDocument().GetText())
		if page.GetNextTextPageToken() == "" {
			break
		}
		token = page.GetNextTextPageToken()
	}
	if joined.String() != text {
		t.Errorf("the pages join to %d bytes, want %d", joined.Len(), len(text))
	}
	h.setRevision("r2")
	_, err := client.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "long", TextPageToken: token})
	if status.Code(err) != codes.Aborted {
		t.Errorf("the page of an older revision: %v", err)
	}
	_, err = client.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "short", TextPageToken: token})
	if got := refusalOf(err); got.Code != codes.InvalidArgument || len(got.Fields) != 1 || got.Fields[0] != "text_page_token" {
		t.Errorf("the page of another document: %v", err)
	}
	page, err := client.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{DocumentId: "short"})
	if err != nil || page.GetNextTextPageToken() != "" || page.GetDocument().GetText() != "short" {
		t.Errorf("a short text: %v, %v", page, err)
	}
}
