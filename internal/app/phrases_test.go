package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// articles of a few words each; the ids say what they are.
var articles = map[string]string{
	"together": "The plan for poverty reduction was signed in Beijing.",
	"apart":    "The reduction of poverty was the subject of the plan.",
	"plural":   "Poverty reductions were discussed in the plan.",
	"ar":       "وقعت خطة للأمم المتحدة من أجل الحد من الفقر",
	"ar-apart": "الأمم كلها متحدة في الحد من الفقر، والدول المتحدة كذلك",
	"climate":  "Poverty reduction and climate change go together, the plan says.",
	"change":   "Poverty reduction needs change, and the climate for it.",
	"covid":    "Poverty reduction after COVID-19 is slower than the plan.",
}

func documentsOf(texts map[string]string) (documents []corpus.Document) {
	for id, text := range texts {
		documents = append(documents, corpus.Document{ID: id, Text: text})
	}
	return append(documents, corpus.Document{ID: "titled", Title: "Poverty reduction", Text: "The ministers met and talked about it."})
}

func TestQuerySyntax(t *testing.T) {
	newly(t, documentsOf(articles), func(t *testing.T, search dalilv1.SearchServiceClient) {
		all := []string{"apart", "ar", "ar-apart", "change", "climate", "covid", "plural", "titled", "together"}
		without := func(ids ...string) []string {
			return slices.DeleteFunc(slices.Clone(all), func(id string) bool { return slices.Contains(ids, id) })
		}
		for _, test := range []struct {
			query, understood string
			want              []string
		}{
			{`plan "poverty reduction"`, `plan poverty reduction ("poverty reduction")`, []string{"change", "climate", "covid", "titled", "together"}},
			{`plan “Poverty Reduction”`, `plan Poverty Reduction ("Poverty Reduction")`, []string{"change", "climate", "covid", "titled", "together"}},
			{`«الأمم المتحدة»`, `الأمم المتحدة ("الأمم المتحدة")`, []string{"ar"}},
			{`"poverty reduction" "climate change"`, `poverty reduction climate change ("poverty reduction", "climate change")`, []string{"climate"}},
			{`"poverty reduction" -"climate change"`, `poverty reduction ("poverty reduction", -"climate change")`, []string{"change", "covid", "titled", "together"}},
			{`plan -climate`, `plan (-climate)`, without("climate", "change")},
			{`plan -reduction`, `plan (-reduction)`, []string{"ar", "ar-apart", "plural"}},
			{`plan -covid-19`, `plan (-covid-19)`, without("covid")},
			{`خطة -الفقر`, `خطة (-الفقر)`, without("ar", "ar-apart")},
			{`"the plan"`, `the plan ("the plan")`, []string{"apart", "climate", "covid", "plural", "together"}},
			{`"of the"`, `of the ("of the")`, []string{"apart"}},
			{`"no such words here"`, `no such words here ("no such words here")`, nil},
			{`poverty COVID-19`, `poverty COVID-19`, all},
			{`an "open mark about poverty`, `an "open mark about poverty`, all},
			{`poverty - plan`, `poverty - plan`, all},
		} {
			for name, request := range map[string]*dalilv1.SearchRequest{
				"both":    {},
				"words":   {Arms: []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}},
				"vectors": {Arms: []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}},
				"ids":     {View: dalilv1.View_VIEW_IDS},
			} {
				request.Query, request.Debug = test.query, ptr(true)
				ids, answer := idsOf(t, search, request)
				slices.Sort(ids)
				want := test.want
				if name == "words" && !strings.Contains(test.understood, `("`) { // it finds no passage without the words
					want = slices.DeleteFunc(slices.Clone(want), func(id string) bool { return !slices.Contains(ids, id) })
				}
				if !slices.Equal(ids, want) || len(want) == 0 != (len(test.want) == 0) {
					t.Errorf("%s, %s: %v, want %v", test.query, name, ids, test.want)
				}
				if got := answer.GetInterpretedQuery(); got != test.understood {
					t.Errorf("%s: interpreted_query is %s, want %s", test.query, got, test.understood)
				}
				if answer.GetDebug().GetPhrasesIncomplete() {
					t.Errorf("%s: phrases_incomplete", test.query)
				}
			}
			ids, answer := idsOf(t, search, &dalilv1.SearchRequest{Query: test.query, QuerySyntax: ptr(false)})
			if len(ids) != len(all) || answer.GetInterpretedQuery() != test.query {
				t.Errorf("%s as plain text: %v, %s", test.query, ids, answer.GetInterpretedQuery())
			}
		}
		_, answer := idsOf(t, search, &dalilv1.SearchRequest{Query: `"poverty reduction" -climate`, Debug: ptr(true)})
		if d := answer.GetDebug(); !slices.Equal(d.GetPhrases(), []string{"poverty reduction"}) || !slices.Equal(d.GetExcluded(), []string{"climate"}) {
			t.Errorf("debug is %v", d)
		}
		for query, want := range map[string]string{
			`-climate`:                           "query: has nothing to search for",
			`-climate -"poverty reduction"`:      "query: has nothing to search for",
			strings.Repeat(`"poverty" `, 17):     "at most 16 phrases",
			`"` + strings.Repeat(`a `, 65) + `"`: "at most 64 words",
		} {
			_, err := search.Search(t.Context(), &dalilv1.SearchRequest{Query: query})
			if status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), strings.TrimPrefix(want, "query: ")) {
				t.Errorf("%.40s: %v, want %s", query, err, want)
			}
		}
		batch, err := search.BatchSearch(t.Context(), &dalilv1.BatchSearchRequest{Requests: []*dalilv1.SearchRequest{{Query: `-climate`}, {Query: `«الأمم المتحدة»`}}})
		if err != nil || batch.GetResponses()[0].GetStatus().GetCode() != int32(codes.InvalidArgument) || len(batch.GetResponses()[1].GetResponse().GetPassages()) != 1 {
			t.Errorf("a batch: %v, %v", batch, err)
		}
		why, err := search.ExplainDocument(t.Context(), &dalilv1.ExplainDocumentRequest{Search: &dalilv1.SearchRequest{Query: `"poverty reduction"`}, DocumentId: "apart"})
		if err != nil || why.GetCause() != dalilv1.ExplainCause_EXPLAIN_CAUSE_EXCLUDED {
			t.Errorf("why is it missing: %v, %v", why, err)
		}
	})
}

func ptr[T any](v T) *T { return &v }

// A phrase is found even if hundreds of passages answer better, and an excluded word
// leaves enough passages even if hundreds of the best have it.
func TestQuerySyntaxReachesBeyondTheCandidates(t *testing.T) {
	var documents []corpus.Document
	for i := range 500 {
		documents = append(documents, corpus.Document{ID: fmt.Sprintf("a%03d", i), Text: "Wheat prices rose; prices of wheat rise with grain. Wheat, wheat, wheat."})
	}
	documents = append(documents, corpus.Document{ID: "phrase", Text: "In a long report on the harvest of the year, on rain and on roads, somebody wrote once that the wheat of prices past was good."})
	for i := range 120 {
		documents = append(documents, corpus.Document{ID: fmt.Sprintf("b%03d", i), Text: "The harvest of barley was good, and a price was paid."})
	}
	newly(t, documents, func(t *testing.T, search dalilv1.SearchServiceClient) {
		ids, _ := idsOf(t, search, &dalilv1.SearchRequest{Query: `wheat prices "wheat of prices"`})
		if !slices.Equal(ids, []string{"phrase"}) {
			t.Errorf("found %v", ids)
		}
		read := 0
		for token := ""; ; {
			ids, answer := idsOf(t, search, &dalilv1.SearchRequest{Query: `wheat prices -wheat`, PageSize: ptr(int32(50)), PageToken: token})
			for _, id := range ids {
				if id[0] != 'b' {
					t.Errorf("%s has the excluded word", id)
				}
			}
			read += len(ids)
			if token = answer.GetNextPageToken(); token == "" {
				break
			}
		}
		if read < 100 {
			t.Errorf("%d passages without the word, want 100", read)
		}
	})
}
