package server_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// Of a turn with bad ids only the ids are wrong: it is not said to have none.
func TestBadIDsOfAHistory(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "and in 2022?", History: []*dalilv1.Turn{
		{Role: dalilv1.Role_ROLE_ASSISTANT, PassageIds: []string{"x"}},
	}})
	want := "history[0].passage_ids[0]: is not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	if s := status.Convert(err); s.Code() != codes.InvalidArgument || s.Message() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestAHistoryIsTranslated(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	const id = "c9e92608-74b7-8bd1-b2fb-2a98f6500000"
	cited, err := corpus.ParseChunkID(id)
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "and in 2022?", History: []*dalilv1.Turn{
		{Role: dalilv1.Role_ROLE_USER, Text: "Who won?\u200e"}, {Role: dalilv1.Role_ROLE_ASSISTANT, PassageIds: []string{id}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []corpus.Turn{{Role: corpus.User, Text: "Who won?"}, {Role: corpus.Assistant, Cited: []corpus.ChunkID{cited}}}
	if diff := cmp.Diff(want, h.queries[0].History); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
}
