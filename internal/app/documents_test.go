package app_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/client"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// onEachStore runs a test with the settings of the embedded store and on Qdrant.
func onEachStore(t *testing.T, test func(t *testing.T, c config.Config)) {
	t.Run("local", func(t *testing.T) { test(t, settings(t, nil)) })
	t.Run("qdrant", func(t *testing.T) { test(t, onQdrant(t, nil)) })
}

// shelf has the clients of one served index.
type shelf struct {
	*testing.T
	documents dalilv1.DocumentServiceClient
	search    dalilv1.SearchServiceClient
	admin     dalilv1.AdminServiceClient
}

func onConnection(t *testing.T, connection grpc.ClientConnInterface) shelf {
	return shelf{t, dalilv1.NewDocumentServiceClient(connection), dalilv1.NewSearchServiceClient(connection), dalilv1.NewAdminServiceClient(connection)}
}

func newShelf(t *testing.T, c config.Config) shelf {
	connection, _ := serve(t, open(t, c))
	return onConnection(t, connection)
}

func plainText(id, text string, metadata map[string]any) *dalilv1.DocumentInput {
	d := &dalilv1.DocumentInput{DocumentId: id, Content: &dalilv1.DocumentInput_Text{Text: text}, Title: "Title of " + id, Language: "en"}
	if len(metadata) > 0 {
		fields, err := structpb.NewStruct(metadata)
		if err != nil {
			panic(err)
		}
		d.Metadata = fields.GetFields()
	}
	return d
}

func (s shelf) upsert(d *dalilv1.DocumentInput) *dalilv1.Receipt {
	s.Helper()
	answer, err := s.documents.UpsertDocument(s.Context(), &dalilv1.UpsertDocumentRequest{Document: d}, client.WaitForReady())
	if err != nil {
		s.Fatalf("upsert %s: %v", d.GetDocumentId(), err)
	}
	return answer.GetReceipt()
}

func (s shelf) get(id string) *dalilv1.GetDocumentResponse {
	s.Helper()
	answer, err := s.documents.GetDocument(s.Context(), &dalilv1.GetDocumentRequest{DocumentId: id, IncludePassages: true})
	if err != nil {
		s.Fatalf("get %s: %v", id, err)
	}
	return answer
}

func byKey(key string, values ...any) *dalilv1.Filter {
	f := &dalilv1.MetadataFilter{Key: key}
	for _, v := range values {
		value, err := structpb.NewValue(v)
		if err != nil {
			panic(err)
		}
		f.Values = append(f.Values, value)
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_Metadata{Metadata: f}}
}

// found lists the documents that a question finds, with the passages' ids.
func (s shelf) found(query string, f *dalilv1.Filter) map[string][]string {
	s.Helper()
	answer, err := s.search.Search(s.Context(), &dalilv1.SearchRequest{Query: query, Filter: f})
	if err != nil {
		s.Fatalf("search: %v", err)
	}
	found := map[string][]string{}
	for _, p := range answer.GetPassages() {
		found[p.GetDocumentId()] = append(found[p.GetDocumentId()], p.GetPassageId())
	}
	return found
}

func mask(paths ...string) *fieldmaskpb.FieldMask { return &fieldmaskpb.FieldMask{Paths: paths} }

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

func TestUpsertDocuments(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		held := s.upsert(plainText("held", "Something held.", nil))
		tooMuch := plainText("heavy", "Text.", nil)
		tooMuch.Author = strings.Repeat("x", 64<<10+1)
		requests := []*dalilv1.UpsertDocumentRequest{
			{Document: plainText("a", "The first text.", nil)},
			{Document: plainText("", "Without an id.", nil)},
			{Document: plainText("b", "The second text.", nil)},
			{Document: tooMuch},
			{Document: plainText("held", "Something else.", nil), IfNoneMatch: "*"},
			{Document: plainText("held", "Something held.", nil), IfMatch: held.GetEtag()},
			{Document: plainText("a", "The first text, again.", nil)},
			{},
			{Document: &dalilv1.DocumentInput{DocumentId: "pdf", Content: &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: []byte("x"), MediaType: "image/png"}}}},
		}
		answer, err := s.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: requests})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, r := range answer.GetReceipts() {
			if r.GetDocumentId() != requests[i].GetDocument().GetDocumentId() {
				t.Errorf("receipt %d is of %q", i, r.GetDocumentId())
			}
			if r.GetIndexToken() == "" {
				t.Errorf("receipt %d has no index token", i)
			}
			got = append(got, strings.TrimPrefix(r.GetOutcome().String(), "OUTCOME_")+" "+strings.TrimPrefix(r.GetFailure().GetReason().String(), "ERROR_REASON_"))
		}
		want := []string{
			"INDEXED UNSPECIFIED", "FAILED INVALID", "INDEXED UNSPECIFIED", "FAILED INVALID", "FAILED CONFLICT", "UNCHANGED UNSPECIFIED", "INDEXED UNSPECIFIED",
			"FAILED INVALID", "FAILED INVALID",
		}
		if !slices.Equal(got, want) {
			t.Errorf("outcomes %q, want %q", got, want)
		}
		if text := s.get("a").GetDocument().GetText(); text != "The first text, again." {
			t.Errorf("of two requests for a document, %q remains", text)
		}
		for name, n := range map[string]int{"none": 0, "too many": 65} {
			_, err := s.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: make([]*dalilv1.UpsertDocumentRequest, n)})
			if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "requests: must have 1 to 64 requests") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDeleteDocuments(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		for i := range 30 {
			s.upsert(plainText(fmt.Sprintf("d%02d", i), fmt.Sprintf("Text %d.", i), map[string]any{"kind": []string{"x", "y"}[i%2]}))
		}
		dry, err := s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{Filter: byKey("kind", "x"), ValidateOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		op := dry.GetOperation()
		if d := op.GetDeletion(); op.GetState() != dalilv1.OperationState_OPERATION_STATE_SUCCEEDED || op.GetKind() != dalilv1.OperationKind_OPERATION_KIND_DELETE || op.GetEndedAt() == nil ||
			d.GetMatched() != 15 || d.GetDeleted() != 0 || len(d.GetSampleDocumentIds()) != 15 || d.GetSampleDocumentIds()[0] != "d00" {
			t.Errorf("validate_only: %v", op)
		}
		if again, err := s.admin.GetOperation(t.Context(), &dalilv1.GetOperationRequest{OperationId: op.GetOperationId()}); err != nil || again.GetOperation().GetDeletion() == nil {
			t.Errorf("the finished operation: %v, %v", again, err)
		}
		started, err := s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{Filter: byKey("kind", "x")})
		if err != nil {
			t.Fatal(err)
		}
		if d := s.wait(started.GetOperation()).GetDeletion(); d.GetMatched() != 15 || d.GetDeleted() != 15 {
			t.Errorf("deletion %v", d)
		}
		for range 120 { // many dry runs forget no operation
			if _, err := s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{Filter: byKey("kind", "y"), ValidateOnly: true}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.admin.GetOperation(t.Context(), &dalilv1.GetOperationRequest{OperationId: started.GetOperation().GetOperationId()}); err != nil {
			t.Errorf("the deletion after 120 dry runs: %v", err)
		}
		list, err := s.documents.ListDocuments(t.Context(), &dalilv1.ListDocumentsRequest{IncludeTotalSize: true})
		if err != nil || list.GetTotalSize() != 15 {
			t.Errorf("%d documents are left, error %v", list.GetTotalSize(), err)
		}
		for name, test := range map[string]struct {
			request *dalilv1.DeleteDocumentsRequest
			want    string
		}{
			"nothing said":    {&dalilv1.DeleteDocumentsRequest{}, "filter: is missing"},
			"an empty filter": {&dalilv1.DeleteDocumentsRequest{Filter: &dalilv1.Filter{}}, "filter: has no clause"},
			"both":            {&dalilv1.DeleteDocumentsRequest{Filter: byKey("k"), All: true}, "all: cannot be combined"},
			"a bad filter":    {&dalilv1.DeleteDocumentsRequest{Filter: byKey("")}, "filter.metadata.key"},
		} {
			_, err := s.documents.DeleteDocuments(t.Context(), test.request)
			if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want INVALID_ARGUMENT with %q", name, err, test.want)
			}
		}
		started, err = s.documents.DeleteDocuments(t.Context(), &dalilv1.DeleteDocumentsRequest{All: true})
		if err != nil {
			t.Fatal(err)
		}
		if d := s.wait(started.GetOperation()).GetDeletion(); d.GetMatched() != 15 || d.GetDeleted() != 15 {
			t.Errorf("deletion of all: %v", d)
		}
	})
}

func (s shelf) wait(op *dalilv1.Operation) *dalilv1.Operation {
	s.Helper()
	answer, err := s.admin.WaitOperation(s.Context(), &dalilv1.WaitOperationRequest{OperationId: op.GetOperationId()})
	if err != nil || answer.GetOperation().GetState() != dalilv1.OperationState_OPERATION_STATE_SUCCEEDED {
		s.Fatalf("wait: %v, error %v", answer, err)
	}
	return answer.GetOperation()
}

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

func TestIndexTokens(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		s := newShelf(t, c)
		var writing sync.WaitGroup
		for w := range 3 {
			writing.Go(func() {
				for i := range 6 {
					id := fmt.Sprintf("w%d-%d", w, i)
					r := s.upsert(plainText(id, "The herring market of "+id+".", nil))
					answer, err := s.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring market " + id, MinIndexToken: r.GetIndexToken(), Filter: &dalilv1.Filter{
						Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_DOCUMENT_ID, Values: []string{id}}},
					}})
					if err != nil || len(answer.GetPassages()) == 0 || answer.GetIndexToken() == "" {
						t.Errorf("a search after the write of %s: %v, %v", id, answer, err)
					}
				}
			})
		}
		writing.Wait()
		other := newShelf(t, settings(t, nil))
		foreign := other.upsert(plainText("x", "Another index.", nil)).GetIndexToken()
		for name, token := range map[string]string{"nonsense": "nonsense", "a page token": "ZAAAAAAAAAAAAAAA", "another index": foreign} {
			_, err := s.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring", MinIndexToken: token})
			if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "min_index_token") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// A token of a write that the index does not have, as after an older copy of the data folder
// was put back, makes a search wait until its deadline.
func TestATokenAheadWaits(t *testing.T) {
	c := settings(t, nil)
	a, err := app.Open(t.Context(), c, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	connection, _ := serve(t, a)
	s := onConnection(t, connection)
	s.upsert(plainText("a", "A text.", nil))
	token := s.upsert(plainText("b", "A text.", nil)).GetIndexToken()
	ahead := tokenAhead(t, token)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.search.Search(ctx, &dalilv1.SearchRequest{Query: "text", MinIndexToken: ahead}); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("a write that did not happen yet: %v", err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := s.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "text", MinIndexToken: ahead})
		done <- err
	}()
	s.upsert(plainText("c", "A text.", nil))
	if err := <-done; err != nil {
		t.Errorf("a write that happened meanwhile: %v", err)
	}
}

// tokenAhead returns the token of the write after that of a token whose number is below 127.
func tokenAhead(t *testing.T, token string) string {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 18 {
		t.Fatalf("token %q: %v", token, err)
	}
	body := raw[:10]
	body[9]++
	sum := sha256.Sum256(append(slices.Clone(body), 0))
	return base64.RawURLEncoding.EncodeToString(append(body, sum[:8]...))
}

// Of two servers on one collection, each has the other's writes; a token that a server does not
// know yet, because it has not noticed that another collection is active, makes it wait.
func TestTokensOnTwoServers(t *testing.T) {
	c := onQdrant(t, nil)
	one, two := newShelf(t, c), newShelf(t, c)
	for i := range 6 {
		writer, reader := one, two
		if i%2 == 1 {
			writer, reader = two, one
		}
		id := fmt.Sprint("d", i)
		r := writer.upsert(plainText(id, "Herring of "+id+".", map[string]any{"n": float64(i)}))
		if i > 1 {
			update, err := writer.documents.UpdateDocument(t.Context(), &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{
				DocumentId: id, Metadata: map[string]*structpb.Value{"n": structpb.NewNumberValue(100)},
			}})
			if err != nil {
				t.Fatal(err)
			}
			r = update.GetReceipt()
		}
		answer, err := reader.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring", MinIndexToken: r.GetIndexToken(), Filter: byKey("n", map[bool]any{true: 100.0, false: float64(i)}[i > 1])})
		found := map[string]bool{}
		for _, p := range answer.GetPassages() {
			found[p.GetDocumentId()] = true
		}
		if err != nil || !found[id] {
			t.Errorf("server %d does not have %s: %v, %v", 2-i%2, id, slices.Sorted(maps.Keys(found)), err)
		}
	}
	// A rebuild activates another collection: each server goes over in its own time.
	edited := one.get("d5").GetDocument()
	before := one.upsert(plainText("before", "A herring before.", nil)).GetIndexToken()
	started, err := one.admin.StartRebuild(t.Context(), &dalilv1.StartRebuildRequest{Activate: true})
	if err != nil {
		t.Fatal(err)
	}
	one.wait(started.GetOperation())
	for try := 0; ; try++ {
		r, err := one.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: plainText("after", fmt.Sprintf("A herring after %d.", try), nil)})
		if err != nil {
			if try == 100 {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond)
			continue
		}
		for _, token := range []string{r.GetReceipt().GetIndexToken(), before} {
			answer, err := two.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "herring after", MinIndexToken: token})
			if err != nil || len(answer.GetPassages()) == 0 {
				t.Errorf("after the activation: %v, %v", answer, err)
			}
		}
		break
	}
	// The rebuild has the updated document, with the same etag; an upsert of the same content changes nothing.
	if d := two.get("d5").GetDocument(); d.GetEtag() != edited.GetEtag() || d.GetMetadata()["n"].GetNumberValue() != 100 {
		t.Errorf("after the rebuild: %v, before %v", d, edited)
	}
	if r := two.upsert(plainText("d5", "Herring of d5.", map[string]any{"n": 100.0})); r.GetOutcome() != dalilv1.Outcome_OUTCOME_UNCHANGED || r.GetEtag() != edited.GetEtag() {
		t.Errorf("an upsert after the rebuild: %v", r)
	}
}

// failing lists the failures of a server: id, source, reason, tries.
func (s shelf) failing() []string {
	s.Helper()
	var all []string
	size := int32(1)
	request := &dalilv1.ListFailuresRequest{PageSize: &size}
	for {
		page, err := s.documents.ListFailures(s.Context(), request, client.WaitForReady())
		if err != nil {
			s.Fatalf("list failures: %v", err)
		}
		for _, f := range page.GetFailures() {
			all = append(all, fmt.Sprintf("%s %s %s %d", f.GetDocumentId(), f.GetSource(), strings.TrimPrefix(f.GetReason().String(), "ERROR_REASON_"), f.GetTries()))
			if f.GetMessage() == "" || f.GetFirstFailedAt() == nil || f.GetLastFailedAt() == nil {
				s.Errorf("failure %v", f)
			}
		}
		if page.GetNextPageToken() == "" {
			if int(page.GetTotalSize()) != len(all) {
				s.Errorf("total_size %d of %d", page.GetTotalSize(), len(all))
			}
			return all
		}
		request.PageToken = page.GetNextPageToken()
	}
}

func TestFailuresAreKept(t *testing.T) {
	onEachStore(t, func(t *testing.T, c config.Config) {
		bad := func(id string) *dalilv1.DocumentInput {
			return &dalilv1.DocumentInput{DocumentId: id, Source: id + ".png", Content: &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: []byte("x"), MediaType: "image/png"}}}
		}
		t.Run("first run", func(t *testing.T) {
			s := newShelf(t, c)
			s.upsert(plainText("held", "A text.", nil))
			if got := s.failing(); len(got) != 0 {
				t.Errorf("failures of a new server: %q", got)
			}
			for range 2 {
				if _, err := s.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: bad("one")}); status.Code(err) != codes.InvalidArgument {
					t.Fatal(err)
				}
			}
			tooMuch := plainText("two", "A text.", nil)
			tooMuch.Author = strings.Repeat("x", 64<<10+1)
			if _, err := s.documents.UpsertDocuments(t.Context(), &dalilv1.UpsertDocumentsRequest{Requests: []*dalilv1.UpsertDocumentRequest{
				{Document: tooMuch}, {Document: bad("three")}, {Document: plainText("held", "Other.", nil), IfNoneMatch: "*"},
			}}); err != nil {
				t.Fatal(err)
			}
			stream, err := s.documents.IngestDocuments(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for i, d := range []*dalilv1.DocumentInput{bad("four"), plainText("five", "A text.", nil)} {
				if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(i), Document: d}); err != nil {
					t.Fatal(err)
				}
			}
			stream.CloseSend()
			for range 2 {
				if m, err := stream.Recv(); err != nil || m.GetReceipt().GetIndexToken() == "" {
					t.Fatalf("receipt %v, %v", m, err)
				}
			}
			want := []string{"four four.png INVALID 1", "one one.png INVALID 2", "three three.png INVALID 1", "two  INVALID 1"}
			if got := s.failing(); !slices.Equal(got, want) {
				t.Errorf("failures %q, want %q", got, want)
			}
			s.upsert(plainText("one", "A text now.", nil))
			if _, err := s.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: "two"}); err != nil {
				t.Fatal(err)
			}
		})
		t.Run("after a restart", func(t *testing.T) {
			s := newShelf(t, c)
			if got, want := s.failing(), []string{"four four.png INVALID 1", "three three.png INVALID 1"}; !slices.Equal(got, want) {
				t.Errorf("failures %q, want %q", got, want)
			}
			size := int32(101)
			if _, err := s.documents.ListFailures(t.Context(), &dalilv1.ListFailuresRequest{PageSize: &size}); status.Code(err) != codes.InvalidArgument {
				t.Errorf("a large page: %v", err)
			}
			if _, err := s.documents.ListFailures(t.Context(), &dalilv1.ListFailuresRequest{PageToken: "x"}); status.Code(err) != codes.InvalidArgument {
				t.Errorf("a bad token: %v", err)
			}
		})
	})
}
