package server_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// Texts that are not UTF-8 arrive with a replacement character, and do not fail the answer.
func TestStringsThatAreNotUTF8AreMended(t *testing.T) {
	h := newBackend()
	p := passage(1)
	p.Chunk.Text, p.Snippet = "broken \xd8 text", "\xffsnippet"
	p.Chunk.Headings = []string{"fine", "\xfe"}
	p.Document.Title, p.Document.Tags = "title\xc3", []string{"a\x80", "ب"}
	p.Document.Metadata = map[string]corpus.Value{"k\xff": corpus.String("v\xff"), "fine": corpus.String("v")}
	p.Before = []corpus.Chunk{{ID: corpus.NewChunkID("doc-01", "r1", 7), Text: "\xe2\x80"}}
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) {
		return corpus.Answer{Passages: []corpus.Passage{p, passage(2)}, Candidates: 2}, nil
	}
	r := serve(t, h, server.Options{})
	found, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "x"})
	if err != nil {
		t.Fatal(err)
	}
	got, d := found.GetPassages()[0], found.GetPassages()[0].GetDocument()
	if diff := cmp.Diff(
		[]string{"broken \uFFFD text", "\uFFFDsnippet", "fine", "\uFFFD", "title\uFFFD", "a\uFFFD", "ب", "v\uFFFD", "v", "\uFFFD", passage(2).Chunk.Text},
		[]string{
			got.GetText(), got.GetSnippet(), got.GetHeadingPath()[0], got.GetHeadingPath()[1], d.GetTitle(), d.GetTags()[0], d.GetTags()[1],
			d.GetMetadata()["k\uFFFD"].GetStringValue(), d.GetMetadata()["fine"].GetStringValue(), got.GetBefore()[0].GetText(), found.GetPassages()[1].GetText(),
		},
	); diff != "" {
		t.Errorf("strings of the answer (-want +got):\n%s", diff)
	}
	if p.Chunk.Text != "broken \xd8 text" {
		t.Error("the passage itself was changed")
	}
}
