package app_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// library writes documents about one subject, of which some have no date, no author or no
// tags, and some have several passages.
func library(w wire) {
	w.Helper()
	subjects := []string{"grain", "steel", "cotton", "timber", "coal", "salt", "copper"}
	for i := range 36 {
		var body strings.Builder
		for p := range 1 + i%3 {
			for s := range 12 {
				fmt.Fprintf(&body, "Train number %d of the northern railway carries %s and %s to harbour %d on day %d. ", i*3+p, subjects[(i+s)%7], subjects[(i*s+p)%7], (i+s*p)%11, s+p)
			}
			body.WriteString("\n\n")
		}
		d := text(fmt.Sprintf("train/%02d", i), body.String())
		d.Title, d.Language, d.Source = fmt.Sprintf("Railways %d", i), []string{"en", "ar", "fr"}[i%3], []string{"wire", "daily"}[i%2]
		if i%4 > 0 {
			d.PublishedAt = timestamppb.New(time.Date(2019+i%5, time.Month(1+i%12), 1+i%28, 5, 0, 0, i*1000, time.UTC))
		}
		if i%5 > 0 {
			d.Author = []string{"ليلى", "Omar", "Ann"}[i%3]
		}
		for j := range i % 4 {
			d.Tags = append(d.Tags, []string{"rail", "نقل", "freight"}[j])
		}
		d.Metadata = map[string]*structpb.Value{"number": structpb.NewNumberValue(float64(i % 4)), "electric": structpb.NewBoolValue(i%2 == 0)}
		if i%3 == 0 {
			d.Metadata["lines"] = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{structpb.NewStringValue("red"), structpb.NewStringValue("blue"), structpb.NewStringValue("red")}})
		}
		if _, err := w.documents.UpsertDocument(w.Context(), &dalilv1.UpsertDocumentRequest{Document: d}); err != nil {
			w.Fatal(err)
		}
	}
}

// pages reads all pages of a question.
func (w wire) pages(req *dalilv1.SearchRequest) (answers []*dalilv1.SearchResponse) {
	w.Helper()
	req = proto.CloneOf(req)
	for range 1000 {
		answer, err := w.search.Search(w.Context(), req)
		if err != nil {
			w.Fatal(err)
		}
		answers = append(answers, answer)
		if req.PageToken = answer.GetNextPageToken(); req.GetPageToken() == "" {
			return answers
		}
	}
	w.Fatal("the pages do not end")
	return nil
}

func passagesIn(answers []*dalilv1.SearchResponse) (all []*dalilv1.Passage) {
	for _, a := range answers {
		all = append(all, a.GetPassages()...)
	}
	return all
}

const aboutTrains = "trains of the northern railway that carry grain to a harbour"

// valuesOf are the values of a facet that a document has, as JSON.
func valuesOf(field string, d *dalilv1.Document) []string {
	quoted := func(texts ...string) (all []string) {
		for _, t := range texts {
			if t != "" {
				all = append(all, fmt.Sprintf("%q", t))
			}
		}
		return all
	}
	switch field {
	case "language":
		return quoted(d.GetLanguage())
	case "source":
		return quoted(d.GetSource())
	case "author":
		return quoted(d.GetAuthor())
	case "tag":
		return quoted(d.GetTags()...)
	case "year":
		if d.GetPublishedAt() == nil {
			return nil
		}
		return []string{fmt.Sprint(d.GetPublishedAt().AsTime().Year())}
	}
	v := d.GetMetadata()[strings.TrimPrefix(field, "metadata.")]
	switch {
	case v == nil:
		return nil
	case v.GetListValue() != nil:
		var items []string
		for _, item := range v.GetListValue().GetValues() {
			items = append(items, item.GetStringValue())
		}
		slices.Sort(items)
		return quoted(slices.Compact(items)...)
	}
	b, _ := protojson.Marshal(v)
	return []string{string(b)}
}

// Facets count the documents of all candidates, whatever page is asked for, and say
// whether these are all that there is.
func TestFacets(t *testing.T) {
	fields := []string{"language", "source", "author", "tag", "year", "metadata.number", "metadata.electric", "metadata.lines", "metadata.none"}
	onBothStores(t, func(t *testing.T, a *app.App) {
		w := dial(t, a)
		library(w)
		req := &dalilv1.SearchRequest{Query: aboutTrains, PageSize: version32(7)}
		for _, f := range fields {
			req.Facets = append(req.Facets, &dalilv1.FacetRequest{Field: f, Limit: version32(3)})
		}
		check := func(req *dalilv1.SearchRequest, complete bool) {
			t.Helper()
			answers := w.pages(req)
			documents := map[string]*dalilv1.Document{}
			for _, p := range passagesIn(answers) {
				documents[p.GetDocumentId()] = p.GetDocument()
			}
			for _, answer := range answers {
				for i, got := range answer.GetFacets() {
					counts := map[string]int{}
					for _, d := range documents {
						for _, v := range valuesOf(fields[i], d) {
							counts[v]++
						}
					}
					type value struct {
						text  string
						count int
					}
					var want []value
					for text, n := range counts {
						want = append(want, value{text, n})
					}
					slices.SortFunc(want, func(a, b value) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.text, b.text)) })
					want = want[:min(len(want), 3)]
					var held []value
					for _, v := range got.GetValues() {
						b, _ := protojson.Marshal(v.GetValue())
						held = append(held, value{string(b), int(v.GetCount())})
					}
					if got.GetField() != fields[i] || !slices.Equal(held, want) || got.GetComplete() != complete {
						t.Errorf("facet %s is %v (complete: %v), want %v (%v)", got.GetField(), held, got.GetComplete(), want, complete)
					}
				}
				if len(answer.GetFacets()) != len(req.GetFacets()) {
					t.Errorf("%d facets, want %d", len(answer.GetFacets()), len(req.GetFacets()))
				}
			}
			if len(answers) < 2 {
				t.Errorf("only %d pages", len(answers))
			}
		}
		check(req, true)
		req.Filter = &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_LANGUAGE, Values: []string{"ar"}}}}
		check(req, true)
		req.Filter = nil
		for i := range 150 { // more than an arm returns
			if _, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: text(fmt.Sprint("more/", i), fmt.Sprintf("A train of the northern railway carries grain, %d tons.", i))}); code != 0 {
				t.Fatal(code)
			}
		}
		check(req, false)
	})
}

func version32(n int32) *int32 { return &n }
