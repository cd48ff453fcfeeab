package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/store/storetest"
)

type (
	explainRequest = dalilv1.SearchRequest
	cause          = dalilv1.ExplainCause
)

// Documents are planted that a search misses for a known reason; each gets its right
// cause.
func TestExplainFindsThePlantedCause(t *testing.T) {
	onClockedStores(t, func(t *testing.T, a *app.App, clock *storetest.Clock) {
		var raws []corpus.Raw
		add := func(d corpus.Document) { raws = append(raws, corpus.Raw{Document: d}) }
		for i := range 130 { // more than each arm returns
			add(corpus.Document{ID: fmt.Sprintf("crowd-%03d", i), Text: fmt.Sprintf("Poverty reduction cooperation, report number %d of the ministry.", i), Language: "en"})
		}
		add(corpus.Document{ID: "answer", Text: "Poverty reduction cooperation: poverty reduction cooperation between cities.", Language: "en", Tags: []string{"cities"}, Author: "Lina", PublishedAt: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)})
		const regatta = "The harbour regatta began at noon, and forty boats with white sails crossed the line in a light wind."
		add(corpus.Document{ID: "regatta", Title: "Harbour regatta", Text: regatta})
		add(corpus.Document{ID: "copy", Text: regatta})
		add(corpus.Document{ID: "cats", Text: "A cat sleeps on the warm roof."})
		add(corpus.Document{ID: "late", Text: "Poverty reduction cooperation, later.", VisibleFrom: time.Now().Add(48 * time.Hour)})
		add(corpus.Document{ID: "gone", Text: "Poverty reduction cooperation, long ago.", ExpiresAt: time.Now().Add(time.Hour)})
		if err := a.IndexAll(operator(t), raws); err != nil {
			t.Fatal(err)
		}
		clock.Advance(2 * time.Hour)
		// A server removes expired documents at once, so this one is asked for before.
		if e, err := a.Explain(operator(t), corpus.Query{Text: "poverty"}, "gone"); err != nil || e.Cause != corpus.CauseExpired {
			t.Errorf("expired: %v (%v)", e, err)
		}
		w := dial(t, a)

		in := func(field dalilv1.FilterField, value string) *dalilv1.Filter {
			return &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: field, Values: []string{value}}}}
		}
		tag, author := in(dalilv1.FilterField_FILTER_FIELD_TAG, "none"), in(dalilv1.FilterField_FILTER_FIELD_AUTHOR, "Lina")
		lexical := []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}
		for name, row := range map[string]struct {
			id     string
			want   cause
			change func(*explainRequest)
			says   string
		}{
			"ranked":      {"answer", dalilv1.ExplainCause_EXPLAIN_CAUSE_RANKED, nil, "rank"},
			"not indexed": {"none", dalilv1.ExplainCause_EXPLAIN_CAUSE_NOT_INDEXED, nil, `"none"`},
			"not visible": {"late", dalilv1.ExplainCause_EXPLAIN_CAUSE_NOT_VISIBLE, nil, "visible"},
			"a filter":    {"answer", dalilv1.ExplainCause_EXPLAIN_CAUSE_FILTER, func(r *explainRequest) { r.Filter = tag }, "filter.in"},
			"a filter in a filter": {"answer", dalilv1.ExplainCause_EXPLAIN_CAUSE_FILTER, func(r *explainRequest) {
				r.Filter = &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: []*dalilv1.Filter{author, tag}}}}
			}, "filter.all.filters[1].in"},
			"a negated filter": {"answer", dalilv1.ExplainCause_EXPLAIN_CAUSE_FILTER, func(r *explainRequest) { r.Filter = &dalilv1.Filter{Clause: &dalilv1.Filter_Not{Not: author}} }, "filter.not"},
			"too deep":         {"cats", dalilv1.ExplainCause_EXPLAIN_CAUSE_DEPTH, nil, "100 best passages"},
			"too deep, dense":  {"cats", dalilv1.ExplainCause_EXPLAIN_CAUSE_DEPTH, func(r *explainRequest) { r.Arms = []dalilv1.Arm{dalilv1.Arm_ARM_DENSE} }, "its last candidate has"},
			"low similarity": {"cats", dalilv1.ExplainCause_EXPLAIN_CAUSE_THRESHOLD, func(r *explainRequest) {
				r.Query, r.MinDenseSimilarity = "a sleeping dog", proto.Float32(0.99)
				r.Arms = []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}
			}, "the threshold is 0.99"},
			"low coverage": {"cats", dalilv1.ExplainCause_EXPLAIN_CAUSE_THRESHOLD, func(r *explainRequest) {
				r.Query, r.MinLexicalCoverage, r.Arms = "roof garden architecture", proto.Float32(0.9), lexical
			}, "the threshold is 0.9"},
			"a phrase":    {"answer", dalilv1.ExplainCause_EXPLAIN_CAUSE_EXCLUDED, func(r *explainRequest) { r.Query = "poverty \"reduction of cooperation\"" }, "\"reduction of cooperation\""},
			"a minus":     {"answer", dalilv1.ExplainCause_EXPLAIN_CAUSE_EXCLUDED, func(r *explainRequest) { r.Query = "poverty reduction -cities" }, "the document has \"cities\""},
			"a duplicate": {"copy", dalilv1.ExplainCause_EXPLAIN_CAUSE_DUPLICATE, func(r *explainRequest) { r.Query, r.CollapseDuplicates = "harbour regatta sails", proto.Bool(true) }, "nearly the same text"},
			"no words":    {"cats", dalilv1.ExplainCause_EXPLAIN_CAUSE_NO_WORDS, func(r *explainRequest) { r.Arms = lexical }, "none of the question's words"},
		} {
			search := &dalilv1.SearchRequest{Query: "poverty reduction cooperation"}
			if row.change != nil {
				row.change(search)
			}
			got, err := w.search.ExplainDocument(t.Context(), &dalilv1.ExplainDocumentRequest{Search: search, DocumentId: row.id})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if got.GetCause() != row.want || !strings.Contains(got.GetExplanation(), row.says) {
				t.Errorf("%s: %v, %q; want %v with %q\n%v", name, got.GetCause(), got.GetExplanation(), row.want, row.says, got)
			}
			if (got.Rank != nil) != (row.want == dalilv1.ExplainCause_EXPLAIN_CAUSE_RANKED) {
				t.Errorf("%s: rank %v", name, got.Rank)
			}
		}
	})
}

// The rank and the scores of a document that is in the answer are those of the
// search, wherever it is.
func TestExplainAgreesWithTheSearch(t *testing.T) {
	onBothStores(t, func(t *testing.T, a *app.App) {
		indexTopics(t, a)
		w := dial(t, a)
		for _, request := range []*dalilv1.SearchRequest{
			{Query: "honey and the queen of the hive"},
			{Query: "النفط والغاز"},
			{Query: "war", Arms: []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}},
			{Query: "trade revenue", Rerank: proto.Bool(false)},
			{Query: "what did the ministry expect since 2015"},
			{Query: "النفط منذ 2015"},
		} {
			searched, err := w.search.Search(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			ranks := map[string]*dalilv1.Passage{}
			for _, p := range searched.GetPassages() {
				ranks[p.GetDocumentId()] = p
			}
			for id := range topics {
				got, err := w.search.ExplainDocument(t.Context(), &dalilv1.ExplainDocumentRequest{Search: request, DocumentId: id})
				if err != nil {
					t.Fatal(err)
				}
				want, found := ranks[id]
				if !found {
					if got.GetCause() != dalilv1.ExplainCause_EXPLAIN_CAUSE_NO_WORDS {
						t.Errorf("%q, %s is not found: %v", request.GetQuery(), id, got)
					}
					continue
				}
				if got.GetCause() != dalilv1.ExplainCause_EXPLAIN_CAUSE_RANKED || got.GetRank() != want.GetRank() || got.GetCandidates() != searched.GetCandidates() {
					t.Errorf("%q, %s: %v at rank %d of %d, want rank %d of %d", request.GetQuery(), id, got.GetCause(), got.GetRank(), got.GetCandidates(), want.GetRank(), searched.GetCandidates())
				}
				if got.GetPassage().GetScores().GetFused() != want.GetScores().GetFused() || got.GetPassage().GetText() != want.GetText() {
					t.Errorf("%q, %s: scores %v, want %v", request.GetQuery(), id, got.GetPassage().GetScores(), want.GetScores())
				}
			}
		}
	})
}

// With groups, the rank is that of the document's group, and a passage beyond the limit
// says so. The passage that beat a duplicate is named.
func TestExplainFollowsGroupsAndDuplicates(t *testing.T) {
	a := open(t, settings(t, nil))
	indexTopics(t, a)
	var hives []string
	for i := range 40 {
		hives = append(hives, fmt.Sprintf("Hive %d: bees collect nectar from flowers and make honey; the keeper of hive %d wrote down %d jars of honey this year.", i, i, i*7))
	}
	if err := a.IndexAll(operator(t), []corpus.Raw{
		{Document: corpus.Document{ID: "hives", Text: strings.Join(hives, "\n\n")}}, {Document: corpus.Document{ID: "twin", Text: topics["bees-en"]}},
	}); err != nil {
		t.Fatal(err)
	}
	w := dial(t, a)
	search := &dalilv1.SearchRequest{Query: "bees honey", GroupBy: &dalilv1.Grouping{PassagesPerDocument: proto.Int32(1)}, CollapseDuplicates: proto.Bool(true)}
	searched, err := w.search.Search(operator(t), search)
	if err != nil {
		t.Fatal(err)
	}
	explain := func(id string) *dalilv1.ExplainDocumentResponse {
		t.Helper()
		got, err := w.search.ExplainDocument(t.Context(), &dalilv1.ExplainDocumentRequest{Search: search, DocumentId: id})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	inAnswer := map[string]bool{}
	for i, g := range searched.GetGroups() {
		inAnswer[g.GetDocumentId()] = true
		if got := explain(g.GetDocumentId()); int(got.GetRank()) != i+1 || got.GetPassage().GetPassageId() != g.GetPassages()[0].GetPassageId() {
			t.Errorf("group %d, %s: rank %d, passage %s, want %s", i+1, g.GetDocumentId(), got.GetRank(), got.GetPassage().GetPassageId(), g.GetPassages()[0].GetPassageId())
		}
	}
	beyond := 0
	for _, p := range explain("hives").GetPassages() {
		if p.GetCause() == dalilv1.ExplainCause_EXPLAIN_CAUSE_DOCUMENT_LIMIT {
			beyond++
		}
	}
	if beyond == 0 {
		t.Errorf("no passage of the long document is beyond the limit: %v", explain("hives").GetPassages())
	}
	copied, original := "twin", "bees-en"
	if inAnswer[copied] {
		copied, original = original, copied
	}
	got := explain(copied)
	if want := explain(original).GetPassage().GetPassageId(); got.GetCause() != dalilv1.ExplainCause_EXPLAIN_CAUSE_DUPLICATE || got.GetDuplicateOfPassageId() != want {
		t.Errorf("%s: %v of %s, want a duplicate of %s", copied, got.GetCause(), got.GetDuplicateOfPassageId(), want)
	}
}

// The words of an explanation say which of them the index and the document have.
func TestExplainSaysWhichWordsVanish(t *testing.T) {
	a := open(t, settings(t, nil))
	indexTopics(t, a)
	w := dial(t, a)
	got, err := w.search.ExplainDocument(t.Context(), &dalilv1.ExplainDocumentRequest{
		Search: &dalilv1.SearchRequest{Query: "the honey of xylophones in oil"}, DocumentId: "bees-ar",
	})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, word := range got.GetWords() {
		words = append(words, fmt.Sprintf("%s ignored=%t index=%t document=%t", word.GetWord(), word.GetIgnored(), word.GetInIndex(), word.GetInDocument()))
	}
	want := []string{
		"the ignored=true index=false document=false", "honey ignored=false index=true document=true", "of ignored=true index=false document=false",
		"xylophones ignored=false index=false document=false", "in ignored=true index=false document=false", "oil ignored=false index=true document=false",
	}
	if strings.Join(words, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(words, "\n"), strings.Join(want, "\n"))
	}
}

func TestExplainRefusesWhatIsWrong(t *testing.T) {
	a := open(t, settings(t, nil))
	w := dial(t, a)
	request := func() *dalilv1.ExplainDocumentRequest {
		return &dalilv1.ExplainDocumentRequest{Search: &dalilv1.SearchRequest{Query: "bees"}, DocumentId: "bees-en"}
	}
	if _, err := w.search.ExplainDocument(t.Context(), request()); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("an empty index: %v, want FAILED_PRECONDITION", err)
	}
	indexTopics(t, a)
	for name, row := range map[string]struct {
		change func(*dalilv1.ExplainDocumentRequest)
		field  string
	}{
		"no search":   {func(r *dalilv1.ExplainDocumentRequest) { r.Search = nil }, "search"},
		"no question": {func(r *dalilv1.ExplainDocumentRequest) { r.Search.Query = "" }, "search.query"},
		"no document": {func(r *dalilv1.ExplainDocumentRequest) { r.DocumentId = "" }, "document_id"},
		"low":         {func(r *dalilv1.ExplainDocumentRequest) { r.Search.MinDenseSimilarity = proto.Float32(-3) }, "search.min_dense_similarity"},
	} {
		req := request()
		row.change(req)
		_, err := w.search.ExplainDocument(t.Context(), req)
		if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), row.field) {
			t.Errorf("%s: %v, want INVALID_ARGUMENT that names %s", name, err, row.field)
		}
	}
	ignored := request()
	ignored.Search.PageSize, ignored.Search.PageToken = proto.Int32(5), "no token"
	if _, err := w.search.ExplainDocument(t.Context(), ignored); err != nil {
		t.Errorf("the settings of a page are ignored: %v", err)
	}
}
