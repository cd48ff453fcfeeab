package app_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

func TestUpdateDocument(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		original := plainText("a", "Wheat prices rose in the north after the drought.", map[string]any{"kind": "news", "stars": 3.0})
		original.Author, original.Tags, original.Url = "A. Writer", []string{"wheat"}, "https://example.org/a"
		first := s.upsert(original)
		s.upsert(plainText("b", "Fish markets by the sea.", map[string]any{"kind": "news"}))
		before := s.get("a")

		later := timestamppb.New(time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC))
		update := &dalilv1.UpdateDocumentRequest{
			Document: &dalilv1.DocumentInput{
				DocumentId: "a", PublishedAt: later, Language: "ar-EG", Author: "  B.  Writer ",
				Metadata: map[string]*structpb.Value{"kind": structpb.NewStringValue("report"), "ignored": structpb.NewBoolValue(true)},
			},
			UpdateMask: mask("metadata.kind", "metadata.stars", "published_at", "tags", "language", "author"), IfMatch: first.GetEtag(),
		}
		answer, err := s.documents.UpdateDocument(t.Context(), update)
		if err != nil {
			t.Fatal(err)
		}
		r := answer.GetReceipt()
		if r.GetOutcome() != dalilv1.Outcome_OUTCOME_INDEXED || r.GetRevision() != first.GetRevision() || r.GetEtag() == first.GetEtag() || r.GetTokens() != 0 || r.GetIndexToken() == "" {
			t.Errorf("receipt %v", r)
		}
		after := s.get("a")
		want := before.GetDocument()
		want.PublishedAt, want.Language, want.Author, want.Tags = later, "ar", "B. Writer", nil
		want.Metadata = map[string]*structpb.Value{"kind": structpb.NewStringValue("report")}
		want.Etag = r.GetEtag()
		if diff := cmp.Diff(want, after.GetDocument(), protocmp.Transform(), protocmp.IgnoreFields(&dalilv1.Document{}, "updated_at")); diff != "" {
			t.Errorf("the document (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(before.GetPassages(), after.GetPassages(), protocmp.Transform()); diff != "" || len(after.GetPassages()) == 0 {
			t.Errorf("the passages (-before +after):\n%s", diff)
		}
		if got := s.found("wheat drought", byKey("kind", "report")); len(got) != 1 || !slices.Equal(got["a"], []string{before.GetPassages()[0].GetPassageId()}) {
			t.Errorf("by the new value: %v", got)
		}
		if got := s.found("wheat drought", byKey("kind", "news")); len(got) != 1 || len(got["b"]) == 0 {
			t.Errorf("by the old value: %v", got)
		}

		// The same again changes nothing; the condition of before no longer holds.
		update.IfMatch = ""
		if answer, err := s.documents.UpdateDocument(t.Context(), update); err != nil || answer.GetReceipt().GetOutcome() != dalilv1.Outcome_OUTCOME_UNCHANGED {
			t.Errorf("the same update again: %v, error %v", answer, err)
		}
		update.IfMatch = first.GetEtag()
		if _, err := s.documents.UpdateDocument(t.Context(), update); status.Code(err) != codes.Aborted {
			t.Errorf("an old etag: %v", err)
		}
		update.Document.DocumentId, update.IfMatch = "none", ""
		if _, err := s.documents.UpdateDocument(t.Context(), update); status.Code(err) != codes.NotFound {
			t.Errorf("no such document: %v", err)
		}

		// What an update made and what an upsert makes have the same etag, and the receipt has the revision that is there.
		whole := plainText("a", original.GetText(), map[string]any{"kind": "report"})
		whole.Url, whole.Author, whole.Language, whole.PublishedAt = original.GetUrl(), "B. Writer", "ar", later
		if got := s.upsert(whole); got.GetOutcome() != dalilv1.Outcome_OUTCOME_UNCHANGED || got.GetEtag() != r.GetEtag() || got.GetRevision() != r.GetRevision() {
			t.Errorf("an upsert of the same content: %v, want unchanged with etag %s and revision %s", got, r.GetEtag(), r.GetRevision())
		}

		// Without a mask, what has a value is set; an expiry hides the document.
		back := &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: "b", ExpiresAt: timestamppb.New(time.Now().Add(-time.Minute))}}
		if _, err := s.documents.UpdateDocument(t.Context(), back); err != nil {
			t.Fatal(err)
		}
		if got := s.found("fish markets", nil); len(got["b"]) != 0 {
			t.Errorf("an expired document is found: %v", got)
		}
	})
}

// Updates of different fields of one document, without a condition, all succeed and none is lost.
func TestUpdateDocumentByMany(t *testing.T) {
	const clients, each = 8, 10
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		s.upsert(plainText("a", "Wheat prices rose in the north after the drought.", nil))
		var all sync.WaitGroup
		for i := range clients {
			all.Go(func() {
				key := fmt.Sprintf("k%d", i)
				for j := range each {
					_, err := s.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{
						DocumentId: "a", Metadata: map[string]*structpb.Value{key: structpb.NewNumberValue(float64(j))},
					}, UpdateMask: mask("metadata." + key)})
					if err != nil {
						t.Errorf("client %d, update %d: %v", i, j, err)
					}
				}
			})
		}
		all.Wait()
		held := s.get("a").GetDocument().GetMetadata()
		for i := range clients {
			if got := held[fmt.Sprintf("k%d", i)].GetNumberValue(); got != each-1 {
				t.Errorf("client %d: %v, want %d", i, got, each-1)
			}
		}
	})
}

func TestUpdateDocumentRefuses(t *testing.T) {
	s := newShelf(t, settings(t, nil))
	s.upsert(plainText("a", "A text.", nil))
	id := func(change func(d *dalilv1.DocumentInput)) *dalilv1.DocumentInput {
		d := &dalilv1.DocumentInput{DocumentId: "a"}
		if change != nil {
			change(d)
		}
		return d
	}
	for name, test := range map[string]struct {
		request *dalilv1.UpdateDocumentRequest
		want    string
	}{
		"no document":       {&dalilv1.UpdateDocumentRequest{}, "document: is missing"},
		"no id":             {&dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{}, UpdateMask: mask("tags")}, "document.document_id: is empty"},
		"nothing":           {&dalilv1.UpdateDocumentRequest{Document: id(nil)}, "update_mask: names no field"},
		"an empty mask":     {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask()}, "update_mask: names no field"},
		"the text":          {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask("tags", "text")}, `update_mask.paths[1]: "text" cannot be updated, because it is the content`},
		"the body":          {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask("body.data")}, `update_mask.paths[0]: "body.data" cannot be updated`},
		"the title":         {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask("title")}, "is embedded with every passage"},
		"a title, unmasked": {&dalilv1.UpdateDocumentRequest{Document: id(func(d *dalilv1.DocumentInput) { d.Title = "New" })}, "document.title"},
		"an unknown path":   {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask("etag")}, `"etag" is not a field that can be updated`},
		"a wildcard":        {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask("*")}, `"*" is not a field`},
		"an empty key":      {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask("metadata.")}, "update_mask.paths[0]: has an empty key"},
		"a null":            {&dalilv1.UpdateDocumentRequest{Document: id(func(d *dalilv1.DocumentInput) { d.Metadata = map[string]*structpb.Value{"x": structpb.NewNullValue()} })}, "document.metadata.x"},
		"no language":       {&dalilv1.UpdateDocumentRequest{Document: id(func(d *dalilv1.DocumentInput) { d.Language = "?" })}, "document.language"},
		"many paths":        {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask(strings.Split(strings.Repeat("tags,", 256)+"tags", ",")...)}, "at most 256 paths, is 257"},
		"a long etag":       {&dalilv1.UpdateDocumentRequest{Document: id(nil), UpdateMask: mask("tags"), IfMatch: strings.Repeat("x", 129)}, "if_match: must be at most 128 bytes"},
		"too much metadata": {&dalilv1.UpdateDocumentRequest{Document: id(func(d *dalilv1.DocumentInput) { d.Author = strings.Repeat("x", 64<<10+1) })}, "at most 65536 bytes"},
		"times that clash": {&dalilv1.UpdateDocumentRequest{Document: id(func(d *dalilv1.DocumentInput) {
			d.ExpiresAt, d.VisibleFrom = timestamppb.New(time.Unix(10, 0)), timestamppb.New(time.Unix(20, 0))
		})}, "must be after visible_from"},
		"a negative version": {&dalilv1.UpdateDocumentRequest{Document: id(func(d *dalilv1.DocumentInput) { v := int64(-1); d.SourceVersion = &v })}, "document.source_version"},
	} {
		_, err := s.documents.UpdateDocument(t.Context(), test.request)
		if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want INVALID_ARGUMENT with %q", name, err, test.want)
		}
	}
	v := int64(5)
	if _, err := s.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: "a", SourceVersion: &v}}); err != nil {
		t.Fatal(err)
	}
	old := int64(4)
	answer, err := s.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{DocumentId: "a", SourceVersion: &old, Author: "X"}})
	if err != nil || answer.GetReceipt().GetOutcome() != dalilv1.Outcome_OUTCOME_STALE || answer.GetReceipt().GetNewerSourceVersion() != 5 {
		t.Errorf("an older source version: %v, %v", answer, err)
	}
}

// Updates of one document by many clients, beside searches with filters: nothing is lost, and
// no answer shows a document that its filter does not keep.
func TestUpdatesBesideSearches(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		s.upsert(plainText("a", "Wheat prices rose in the north.", map[string]any{"kind": "x"}))
		const writers, each = 4, 6
		stop := make(chan struct{})
		var reading, writing sync.WaitGroup
		for _, kind := range []string{"x", "y"} {
			reading.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					answer, err := s.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "wheat", Filter: byKey("kind", kind)})
					if err != nil {
						t.Error(err)
						return
					}
					for _, p := range answer.GetPassages() {
						if got := p.GetDocument().GetMetadata()["kind"].GetStringValue(); got != kind {
							t.Errorf("a search for %s shows %s", kind, got)
						}
					}
				}
			})
		}
		for w := range writers {
			writing.Go(func() {
				for i := range each {
					key := fmt.Sprintf("k%d-%d", w, i)
					_, err := s.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{
						Document: &dalilv1.DocumentInput{DocumentId: "a", Metadata: map[string]*structpb.Value{
							key: structpb.NewNumberValue(1), "kind": structpb.NewStringValue([]string{"x", "y"}[i%2]),
						}},
						UpdateMask: mask("metadata."+key, "metadata.kind"),
					})
					if err != nil {
						t.Errorf("update %s: %v", key, err)
					}
				}
			})
		}
		writing.Wait()
		close(stop)
		reading.Wait()
		if got := len(s.get("a").GetDocument().GetMetadata()); got != writers*each+1 {
			t.Errorf("%d keys, want %d", got, writers*each+1)
		}
	})
}
