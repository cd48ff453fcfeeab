package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// listed reads all pages of a list.
func (s shelf) listed(request *dalilv1.ListDocumentsRequest, between func()) []string {
	s.Helper()
	var ids []string
	for {
		page, err := s.documents.ListDocuments(s.Context(), request)
		if err != nil {
			s.Fatalf("list: %v", err)
		}
		for _, d := range page.GetDocuments() {
			ids = append(ids, d.GetDocumentId())
		}
		if page.GetNextPageToken() == "" {
			return ids
		}
		request.PageToken = page.GetNextPageToken()
		if between != nil {
			between()
		}
	}
}

func TestListDocuments(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		day := func(n int) *timestamppb.Timestamp {
			return timestamppb.New(time.Date(2024, 1, n, 0, 0, 0, 0, time.UTC))
		}
		for i, d := range []struct {
			id   string
			day  int // 0: none
			kind string
		}{{"c", 3, "x"}, {"a", 2, "x"}, {"b", 3, "y"}, {"e", 0, "x"}, {"d", 1, "y"}} {
			input := plainText(d.id, fmt.Sprintf("Text %d.", i), map[string]any{"kind": d.kind})
			if d.day > 0 {
				input.PublishedAt = day(d.day)
			}
			s.upsert(input)
		}
		size := int32(2)
		for name, test := range map[string]struct {
			request *dalilv1.ListDocumentsRequest
			want    string
		}{
			"ids":                 {&dalilv1.ListDocumentsRequest{}, "abcde"},
			"ids, descending":     {&dalilv1.ListDocumentsRequest{Descending: true}, "edcba"},
			"published":           {&dalilv1.ListDocumentsRequest{Order: dalilv1.DocumentOrder_DOCUMENT_ORDER_PUBLISHED}, "dabce"},
			"the newest first":    {&dalilv1.ListDocumentsRequest{Order: dalilv1.DocumentOrder_DOCUMENT_ORDER_PUBLISHED, Descending: true}, "cbade"},
			"updated":             {&dalilv1.ListDocumentsRequest{Order: dalilv1.DocumentOrder_DOCUMENT_ORDER_UPDATED}, "cabed"},
			"updated, descending": {&dalilv1.ListDocumentsRequest{Order: dalilv1.DocumentOrder_DOCUMENT_ORDER_UPDATED, Descending: true}, "debac"},
			"a filter":            {&dalilv1.ListDocumentsRequest{Filter: byKey("kind", "x")}, "ace"},
			"a filter, newest":    {&dalilv1.ListDocumentsRequest{Filter: byKey("kind", "x"), Order: dalilv1.DocumentOrder_DOCUMENT_ORDER_PUBLISHED, Descending: true}, "cae"},
		} {
			test.request.PageSize = &size
			if got := strings.Join(s.listed(test.request, nil), ""); got != test.want {
				t.Errorf("%s: %q, want %q", name, got, test.want)
			}
		}
		page, err := s.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{PageSize: &size, Filter: byKey("kind", "x"), IncludeTotalSize: true})
		if err != nil || page.TotalSize == nil || page.GetTotalSize() != 3 || len(page.GetDocuments()) != 2 {
			t.Errorf("with a total: %v, %v", page, err)
		}
		for name, request := range map[string]*dalilv1.ListDocumentsRequest{
			"another filter": {PageToken: page.GetNextPageToken(), Filter: byKey("kind", "y")},
			"another order":  {PageToken: page.GetNextPageToken(), Filter: byKey("kind", "x"), Descending: true},
			"an order":       {Order: 9},
			"a filter":       {Filter: byKey("")},
		} {
			if _, err := s.documents.ListDocuments(t.Context(), request); status.Code(err) != codes.InvalidArgument {
				t.Errorf("%s: %v", name, err)
			}
		}
		facets, err := s.documents.ListFacets(t.Context(), &dalilv1.ListFacetsRequest{
			Facets: []*dalilv1.FacetRequest{{Field: "metadata.kind"}, {Field: "year"}, {Field: "language"}}, Filter: &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID, Values: []string{"a"}}}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		text := func(f *dalilv1.Facet) string {
			line := f.GetField()
			for _, v := range f.GetValues() {
				line += fmt.Sprintf(" %v:%d", v.GetValue().AsInterface(), v.GetCount())
			}
			return line
		}
		for i, want := range []string{"metadata.kind x:2 y:2", "year 2024:3", "language en:4"} {
			if got := text(facets.GetFacets()[i]); got != want || !facets.GetFacets()[i].GetComplete() {
				t.Errorf("facet %d: %q, want %q", i, got, want)
			}
		}
		if all, err := s.documents.ListFacets(t.Context(), &dalilv1.ListFacetsRequest{}); err != nil || len(all.GetFacets()) != 5 || all.GetTotalSize() != 5 {
			t.Errorf("facets by default: %v, %v", all, err)
		}
		if facets.GetTotalSize() != 4 {
			t.Errorf("%d documents were counted, want 4", facets.GetTotalSize())
		}
		for name, request := range map[string]*dalilv1.ListFacetsRequest{
			"an unknown field": {Facets: []*dalilv1.FacetRequest{{Field: "colour"}}},
			"eleven":           {Facets: slices.Repeat([]*dalilv1.FacetRequest{{Field: "tag"}}, 11)}, "a filter": {Facets: []*dalilv1.FacetRequest{{Field: "tag"}}, Filter: byKey("")},
		} {
			if _, err := s.documents.ListFacets(t.Context(), request); status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "f") {
				t.Errorf("facets, %s: %v", name, err)
			}
		}
	})
}

// A document that exists throughout a listing by ids is listed exactly once, in both
// directions, while others are written, updated and deleted.
func TestListingUnderWrites(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		lasting := map[string]bool{}
		for i := range 20 {
			id := fmt.Sprintf("keep-%02d", i)
			lasting[id] = true
			s.upsert(plainText(id, "A lasting text.", map[string]any{"kind": "x"}))
		}
		size := int32(3)
		for _, descending := range []bool{false, true} {
			n := 0
			ids := s.listed(&dalilv1.ListDocumentsRequest{PageSize: &size, Descending: descending, Filter: byKey("kind", "x")}, func() {
				n++
				s.upsert(plainText(fmt.Sprintf("keep-%02d-%d", n, n), "A passing text.", map[string]any{"kind": "x"}))
				s.upsert(plainText(fmt.Sprintf("keep-%02d", n), fmt.Sprintf("A lasting text, written again %d.", n), map[string]any{"kind": "x"}))
				if _, err := s.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: fmt.Sprintf("keep-%02d", 19-n), Author: fmt.Sprint("author ", n)}}); err != nil {
					t.Fatal(err)
				}
				if _, err := s.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: fmt.Sprintf("keep-%02d-%d", n-1, n-1)}); err != nil {
					t.Fatal(err)
				}
			})
			times := map[string]int{}
			for _, id := range ids {
				times[id]++
			}
			for id := range lasting {
				if times[id] != 1 {
					t.Errorf("descending %v: %s is listed %d times", descending, id, times[id])
				}
			}
		}
	})
}

// A document's passages come in pages, in reading order, and are its text.
func TestPassagesOfADocument(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		var text strings.Builder
		for i := range 4000 {
			fmt.Fprintf(&text, "Sentence number %d speaks about wheat and about fish in the markets of the north.\n\n", i)
		}
		s.upsert(plainText("long", strings.TrimSpace(text.String()), nil))
		var joined strings.Builder
		no, pages, last := false, 0, -1
		request := &dalilv1.GetDocumentRequest{DocumentId: "long", IncludeText: &no, IncludePassages: true}
		for {
			page, err := s.documents.GetDocument(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			pages++
			for _, p := range page.GetPassages() {
				if int(p.GetOrdinal()) != last+1 || p.GetPassageId() == "" {
					t.Fatalf("passage %d after %d", p.GetOrdinal(), last)
				}
				last = int(p.GetOrdinal())
				joined.WriteString(p.GetText())
			}
			if page.GetNextPassagePageToken() == "" {
				if want := int(page.GetDocument().GetPassages()); last+1 != want {
					t.Errorf("%d passages, want %d", last+1, want)
				}
				break
			}
			request.PassagePageToken = page.GetNextPassagePageToken()
		}
		if joined.String() != s.get("long").GetDocument().GetText() || pages < 2 {
			t.Errorf("%d pages of passages are not the text", pages)
		}
		s.upsert(plainText("long", "A new text.", nil))
		if _, err := s.documents.GetDocument(t.Context(), request); status.Code(err) != codes.Aborted {
			t.Errorf("a token of another revision: %v", err)
		}
		request.PassagePageToken = "nonsense"
		if _, err := s.documents.GetDocument(t.Context(), request); status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "passage_page_token") {
			t.Errorf("no token: %v", err)
		}
	})
}
