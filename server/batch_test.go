package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func batchOf(requests ...*dalilv1.SearchRequest) *dalilv1.BatchSearchRequest {
	return &dalilv1.BatchSearchRequest{Requests: requests}
}

// Each request of a batch gets what Search gives it, in the order of the requests.
func TestBatchSearchAnswersAsSearch(t *testing.T) {
	h := newBackend()
	h.search = func(_ context.Context, q corpus.Query) (corpus.Answer, error) {
		if q.Text == "down" {
			return corpus.Answer{}, corpus.Errorf(corpus.ErrUnavailable, "the store is away")
		}
		if q.Text == "broken" {
			return corpus.Answer{}, errors.New("private")
		}
		answer := corpus.Answer{Candidates: len(q.Text), Interpreted: q.Text, More: q.Offset == 0}
		for rank := range q.Limit {
			answer.Passages = append(answer.Passages, passage(q.Offset+rank+1))
		}
		return answer, nil
	}
	r := serve(t, h, server.Options{})
	requests := []*dalilv1.SearchRequest{
		{Query: "first"}, {Query: ""}, {Query: "second", PageSize: ptr(int32(3))}, {Query: "down"}, {Query: "x", PageToken: "?", Effort: ptr(int32(0))}, {Query: "third", Debug: ptr(true)},
	}
	batch, err := r.search.BatchSearch(t.Context(), batchOf(append(requests, &dalilv1.SearchRequest{Query: "broken"})...))
	if err != nil {
		t.Fatal(err)
	}
	for i, request := range requests {
		got := batch.GetResponses()[i]
		want := &dalilv1.BatchSearchResult{}
		alone, err := r.search.Search(t.Context(), request)
		if err != nil {
			want.Result = &dalilv1.BatchSearchResult_Status{Status: status.Convert(err).Proto()}
		} else {
			want.Result = &dalilv1.BatchSearchResult_Response{Response: alone}
		}
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Errorf("request %d (-Search +BatchSearch):\n%s", i, diff)
		}
		if token := got.GetResponse().GetNextPageToken(); token != "" {
			next := proto.CloneOf(request)
			next.PageToken = token
			if _, err := r.search.Search(t.Context(), next); err != nil {
				t.Errorf("request %d: the next page: %v", i, err)
			}
		}
	}
	// An internal error has the number of a line in the log, and nothing of its cause.
	broken := batch.GetResponses()[len(requests)].GetStatus()
	got := refusalOf(status.ErrorProto(broken))
	if diff := cmp.Diff(refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}, got); diff != "" {
		t.Errorf("an internal error (-want +got):\n%s", diff)
	}
	if strings.Contains(fmt.Sprint(broken), "private") || !strings.Contains(r.log.String(), "private") {
		t.Error("the cause of an internal error belongs to the log alone")
	}
}

func TestBatchSearchRefusesWrongNumbersOfRequests(t *testing.T) {
	r := serve(t, newBackend(), server.Options{Limits: corpus.Limits{Batch: 3}})
	info, err := r.admin.GetInfo(t.Context(), &dalilv1.GetInfoRequest{})
	if err != nil || info.GetLimits().GetMaxBatch() != 3 {
		t.Errorf("max_batch is %d, %v", info.GetLimits().GetMaxBatch(), err)
	}
	one := &dalilv1.SearchRequest{Query: "q"}
	for n, want := range map[int]codes.Code{0: codes.InvalidArgument, 1: codes.OK, 3: codes.OK, 4: codes.InvalidArgument} {
		request := batchOf()
		for range n {
			request.Requests = append(request.Requests, one)
		}
		_, err := r.search.BatchSearch(t.Context(), request)
		got := refusalOf(err)
		if got.Code != want || want != codes.OK && (len(got.Fields) != 1 || got.Fields[0] != "requests") {
			t.Errorf("%d requests: %+v, want %v", n, got, want)
		}
	}
}

// The answers of a batch fit into one message that clients accept by default. What is
// left out is on the next page.
func TestBatchSearchLimitsTheWholeAnswer(t *testing.T) {
	h := newBackend()
	const long, small = 40 << 10, 8
	h.search = func(_ context.Context, q corpus.Query) (corpus.Answer, error) {
		answer := corpus.Answer{Candidates: total}
		for rank := q.Offset + 1; rank <= min(q.Offset+q.Limit, total); rank++ {
			p := passage(rank)
			if q.Text == "long" {
				p.Chunk.Text = strings.Repeat("x", long)
			}
			answer.Passages = append(answer.Passages, p)
		}
		answer.More = q.Offset+q.Limit < total
		return answer, nil
	}
	r := serve(t, h, server.Options{})
	var requests []*dalilv1.SearchRequest
	for i := range 64 {
		text := "long"
		if i < small {
			text = "short"
		}
		requests = append(requests, &dalilv1.SearchRequest{Query: text, PageSize: ptr(int32(total))})
	}
	read := make([]int, len(requests))
	left := requests
	places := make([]int, len(requests))
	for i := range places {
		places[i] = i
	}
	for rounds := 0; len(left) > 0; rounds++ {
		if rounds > 100 {
			t.Fatal("the pages do not end")
		}
		batch, err := r.search.BatchSearch(t.Context(), batchOf(left...))
		if err != nil {
			t.Fatal(err)
		}
		if size := proto.Size(batch); size > 3<<20+64<<10 {
			t.Errorf("the answer has %d bytes", size)
		}
		var again []*dalilv1.SearchRequest
		var whose []int
		progress := 0
		for i, result := range batch.GetResponses() {
			answer := result.GetResponse()
			for _, p := range answer.GetPassages() {
				read[places[i]]++
				progress++
				if want := passage(read[places[i]]).Chunk.DocumentID; p.GetDocumentId() != want {
					t.Fatalf("request %d: passage %d is of %s, want %s", places[i], read[places[i]], p.GetDocumentId(), want)
				}
			}
			if token := answer.GetNextPageToken(); token != "" {
				next := proto.CloneOf(left[i])
				next.PageToken = token
				again, whose = append(again, next), append(whose, places[i])
			}
		}
		if progress == 0 {
			t.Fatal("a round without a passage")
		}
		left, places = again, whose
	}
	for i, n := range read {
		if n != total {
			t.Errorf("request %d: %d passages, want %d", i, n, total)
		}
	}
}

// A batch ends with its caller.
func TestBatchSearchEndsWithItsCall(t *testing.T) {
	h := newBackend()
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		<-ctx.Done()
		return corpus.Answer{}, ctx.Err()
	}
	r := serve(t, h, server.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := r.search.BatchSearch(ctx, batchOf(&dalilv1.SearchRequest{Query: "q"})); status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("after the deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	h = newBackend() // the first one may still answer
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		cancel()
		<-ctx.Done()
		return corpus.Answer{}, ctx.Err()
	}
	r = serve(t, h, server.Options{})
	if _, err := r.search.BatchSearch(ctx, batchOf(&dalilv1.SearchRequest{Query: "q"})); status.Code(err) != codes.Canceled {
		t.Errorf("after the caller cancelled: %v", err)
	}
}
