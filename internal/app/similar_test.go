package app_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// topics are paragraphs, each in both languages.
var topics = map[string]string{
	"bees-en":  "Bees collect nectar from flowers and make honey in the hive. A queen lays the eggs of the whole colony.",
	"bees-ar":  "يجمع النحل الرحيق من الأزهار ويصنع العسل في الخلية. تضع الملكة بيض المستعمرة كلها.",
	"trade-en": "Exports of oil and gas rose, and the ministry of trade expects higher revenue from customs this year.",
	"trade-ar": "ارتفعت صادرات النفط والغاز، وتتوقع وزارة التجارة إيرادات أعلى من الجمارك هذا العام.",
	"war-en":   "The army signed a ceasefire with the rebels, and the prisoners of war returned to their families.",
	"war-ar":   "وقع الجيش وقف إطلاق النار مع المتمردين وعاد أسرى الحرب إلى عائلاتهم.",
}

func indexTopics(t *testing.T, a *app.App) {
	t.Helper()
	var raws []corpus.Raw
	for id, text := range topics {
		raws = append(raws, corpus.Raw{Document: corpus.Document{ID: id, Text: text, Tags: []string{id[len(id)-2:]}, PublishedAt: time.Date(2010+len(id)%7*2, 1, 1, 0, 0, 0, 0, time.UTC)}})
	}
	if err := a.IndexAll(operator(t), raws); err != nil {
		t.Fatal(err)
	}
}

// The translation of a document is the most similar one, and a document is never
// similar to itself.
func TestSimilarFindsTheTranslation(t *testing.T) {
	onBothStores(t, func(t *testing.T, a *app.App) {
		indexTopics(t, a)
		w := dial(t, a)
		find := func(req *dalilv1.FindSimilarRequest) []string {
			t.Helper()
			answer, err := w.search.FindSimilar(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for i, p := range answer.GetPassages() {
				ids = append(ids, p.GetDocumentId())
				if int(p.GetRank()) != i+1 || p.GetText() == "" || p.GetScores().Dense == nil {
					t.Errorf("passage %d: %v", i, p)
				}
			}
			return ids
		}
		twin := map[string]string{"en": "ar", "ar": "en"}
		for id, text := range topics {
			subject, language, _ := strings.Cut(id, "-")
			want := subject + "-" + twin[language]
			found := find(&dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_DocumentId{DocumentId: id}})
			if len(found) != len(topics)-1 || found[0] != want || slices.Contains(found, id) {
				t.Errorf("like document %s: %v, want %s first and not itself", id, found, want)
			}
			searched, err := w.search.Search(t.Context(), &dalilv1.SearchRequest{Query: text, PageSize: proto.Int32(1)})
			if err != nil {
				t.Fatal(err)
			}
			passage := searched.GetPassages()[0].GetPassageId()
			if found := find(&dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_PassageId{PassageId: passage}}); found[0] != want || slices.Contains(found, id) {
				t.Errorf("like passage of %s: %v, want %s first", id, found, want)
			}
			if found := find(&dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_Text{Text: text}}); found[0] != id || found[1] != want {
				t.Errorf("like the text of %s: %v, want it and %s", id, found, want)
			}
			filter := &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_TAG, Values: []string{language}}}}
			found = find(&dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_DocumentId{DocumentId: id}, Filter: filter})
			if len(found) != 2 || slices.ContainsFunc(found, func(other string) bool { return !strings.HasSuffix(other, language) || other == id }) {
				t.Errorf("like %s with the filter %s: %v", id, language, found)
			}
		}
	})
}

// The pages hold every similar passage once, and at most as many of one document as
// were asked for.
func TestSimilarPages(t *testing.T) {
	a := open(t, settings(t, nil))
	indexTopics(t, a)
	long := strings.Repeat("Bees collect nectar from flowers and make honey in the hive. ", 200)
	if err := a.IndexAll(operator(t), []corpus.Raw{{Document: corpus.Document{ID: "long", Text: long}}}); err != nil {
		t.Fatal(err)
	}
	w := dial(t, a)
	for _, most := range []int32{1, 3} {
		per, seen := map[string]int32{}, map[string]bool{}
		req := &dalilv1.FindSimilarRequest{
			Like: &dalilv1.FindSimilarRequest_DocumentId{DocumentId: "bees-en"}, PageSize: proto.Int32(2), PassagesPerDocument: proto.Int32(most), View: dalilv1.View_VIEW_IDS,
		}
		for {
			answer, err := w.search.FindSimilar(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range answer.GetPassages() {
				if seen[p.GetPassageId()] {
					t.Errorf("passage %s is returned twice", p.GetPassageId())
				}
				seen[p.GetPassageId()] = true
				per[p.GetDocumentId()]++
			}
			if req.PageToken = answer.GetNextPageToken(); req.PageToken == "" {
				break
			}
		}
		if per["long"] != most || len(per) != len(topics) || per["bees-en"] != 0 {
			t.Errorf("at most %d of a document: %v", most, per)
		}
	}
}

func TestSimilarRefusesWhatIsWrong(t *testing.T) {
	a := open(t, settings(t, nil))
	w := dial(t, a)
	document := func(id string) *dalilv1.FindSimilarRequest {
		return &dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_DocumentId{DocumentId: id}}
	}
	text := func(s string) *dalilv1.FindSimilarRequest {
		return &dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_Text{Text: s}}
	}
	if _, err := w.search.FindSimilar(t.Context(), text("bees")); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("an empty index: %v, want FAILED_PRECONDITION", err)
	}
	indexTopics(t, a)
	passage := &dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_PassageId{PassageId: "2c52099f-033d-8149-9307-568e0ad00000"}}
	page, many, low := document("bees-en"), document("bees-en"), document("bees-en")
	page.PageSize, many.PassagesPerDocument, low.MinDenseSimilarity = proto.Int32(101), proto.Int32(0), proto.Float32(-2)
	other := document("bees-ar")
	if answer, err := w.search.FindSimilar(t.Context(), &dalilv1.FindSimilarRequest{Like: document("bees-en").GetLike(), PageSize: proto.Int32(1)}); err != nil {
		t.Fatal(err)
	} else {
		other.PageToken = answer.GetNextPageToken()
	}
	for name, row := range map[string]struct {
		req   *dalilv1.FindSimilarRequest
		code  codes.Code
		names string
	}{
		"nothing":            {&dalilv1.FindSimilarRequest{}, codes.InvalidArgument, "exactly one"},
		"no such document":   {document("none"), codes.NotFound, `"none"`},
		"no such passage":    {passage, codes.NotFound, "2c52099f"},
		"a broken id":        {&dalilv1.FindSimilarRequest{Like: &dalilv1.FindSimilarRequest_PassageId{PassageId: "x"}}, codes.InvalidArgument, "passage_id"},
		"a long text":        {text(strings.Repeat("a ", 17<<10)), codes.InvalidArgument, "text"},
		"no word":            {text("..."), codes.InvalidArgument, "text"},
		"a large page":       {page, codes.InvalidArgument, "page_size"},
		"none of a document": {many, codes.InvalidArgument, "passages_per_document"},
		"a low similarity":   {low, codes.InvalidArgument, "min_dense_similarity"},
		"another's token":    {other, codes.InvalidArgument, "page_token"},
	} {
		_, err := w.search.FindSimilar(t.Context(), row.req)
		if status.Code(err) != row.code || !strings.Contains(err.Error(), row.names) {
			t.Errorf("%s: %v, want %v that names %s", name, err, row.code, row.names)
		}
	}
}
