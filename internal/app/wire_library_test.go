package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/internal/config"
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

// onBothLibraries runs a test on both stores, with the documents of [library] and those
// that more writes. The app was opened after they were written, because the word
// frequencies of Qdrant lag behind writes.
func onBothLibraries(t *testing.T, more func(w wire), test func(t *testing.T, w wire)) {
	for name, settings := range map[string]func(*testing.T, func(*config.Config)) config.Config{"local": settings, "qdrant": onQdrant} {
		t.Run(name, func(t *testing.T) {
			c := settings(t, nil)
			a := open(t, c)
			connection, err := a.Connect()
			if err != nil {
				t.Fatal(err)
			}
			w := wire{t, dalilv1.NewDocumentServiceClient(connection), dalilv1.NewSearchServiceClient(connection)}
			library(w)
			if more != nil {
				more(w)
			}
			if err := errors.Join(connection.Close(), a.Close()); err != nil {
				t.Fatal(err)
			}
			test(t, dial(t, open(t, c)))
		})
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
		for _, g := range a.GetGroups() {
			for _, p := range g.GetPassages() {
				p.Document = g.GetDocument()
			}
			all = append(all, g.GetPassages()...)
		}
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

func version32(n int32) *int32 { return &n }

func passageIDs(passages []*dalilv1.Passage) (ids []string) {
	for _, p := range passages {
		ids = append(ids, p.GetPassageId())
	}
	return ids
}
