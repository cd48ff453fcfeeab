package app_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/client"
	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// newly serves an index of the given documents on each store.
func newly(t *testing.T, documents []corpus.Document, test func(t *testing.T, search dalilv1.SearchServiceClient)) {
	for name, c := range map[string]config.Config{"local": settings(t, nil), "qdrant": onQdrant(t, nil)} {
		t.Run(name, func(t *testing.T) {
			a := open(t, c)
			put(t, a, documents)
			connection, _ := serve(t, a)
			test(t, dalilv1.NewSearchServiceClient(connection))
		})
	}
}

func put(t *testing.T, a *app.App, documents []corpus.Document) {
	t.Helper()
	raws := make(chan corpus.Raw, len(documents))
	for _, d := range documents {
		raws <- corpus.Raw{Document: d}
	}
	close(raws)
	if err := a.Ingest(operator(t), raws, func(_ int, r corpus.Receipt) {
		if r.Err != nil {
			t.Errorf("%s: %v", r.DocumentID, r.Err)
		}
	}); err != nil {
		t.Fatal(err)
	}
}

func idsOf(t *testing.T, search dalilv1.SearchServiceClient, request *dalilv1.SearchRequest) (ids []string, answer *dalilv1.SearchResponse) {
	t.Helper()
	answer, err := search.Search(t.Context(), request, client.WaitForReady())
	if err != nil {
		t.Fatalf("%v: %v", request, err)
	}
	for _, p := range answer.GetPassages() {
		ids = append(ids, p.GetDocumentId())
	}
	return ids, answer
}

func onDay(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

// The same report is published every month. The one of the time that the question names
// comes first, none is left out, and the switch turns it off.
func TestTimeInTheQuestionRaisesWhatFits(t *testing.T) {
	var documents []corpus.Document
	for _, day := range []string{"2023-11-10", "2024-02-10", "2024-03-10", "2024-04-10", "2024-05-08", "2024-05-14"} {
		documents = append(documents, corpus.Document{
			ID: day, PublishedAt: onDay(day), Language: "en", Title: "Market report", Text: "The market report says that prices of wheat rose and trade in grain grew. أسعار القمح ارتفعت.",
		})
	}
	documents = append(documents, corpus.Document{ID: "undated", Title: "Market report", Language: "en", Text: documents[0].Text},
		corpus.Document{ID: "other", Title: "Football", Language: "en", Text: "The team won the match.", PublishedAt: onDay("2024-05-08")})
	newly(t, documents, func(t *testing.T, search dalilv1.SearchServiceClient) {
		for _, test := range []struct{ query, first, words string }{
			{"market report of wheat prices last week", "2024-05-08", "(2024-05-06 to 2024-05-12)"},
			{"wheat prices yesterday", "2024-05-14", "(2024-05-14)"},
			{"wheat prices in March 2024", "2024-03-10", "(2024-03-01 to 2024-03-31)"},
			{"wheat prices before January 2024", "2023-11-10", "(until 2023-12-31)"},
			{"أسعار القمح في شباط ٢٠٢٤", "2024-02-10", "(2024-02-01 to 2024-02-29)"},
			{"أسعار القمح الشهر الماضي", "2024-04-10", "(2024-04-01 to 2024-04-30)"},
		} {
			request := &dalilv1.SearchRequest{Query: test.query, ReferenceTime: timestamppb.New(time.Date(2024, 5, 15, 9, 0, 0, 0, time.UTC))}
			ids, answer := idsOf(t, search, request)
			if len(ids) != len(documents) || ids[0] != test.first {
				t.Errorf("%q: %v, want %s first of %d", test.query, ids, test.first, len(documents))
			}
			if got, want := answer.GetInterpretedQuery(), test.query+" "+test.words; got != want {
				t.Errorf("interpreted_query is %q, want %q", got, want)
			}
			if r := answer.GetInterpretedTime(); r == nil || r.GetFrom() == nil && r.GetUntil() == nil {
				t.Errorf("%q: interpreted_time is %v", test.query, r)
			}
			if slices.Index(ids, "other") != len(ids)-1 {
				t.Errorf("%q: another subject of that time is at %d", test.query, slices.Index(ids, "other"))
			}
			request.InterpretTime = new(bool)
			if off, answer := idsOf(t, search, request); answer.GetInterpretedTime() != nil || answer.GetInterpretedQuery() != test.query || len(off) != len(ids) {
				t.Errorf("%q without times: %v, %v", test.query, off, answer)
			}
			request.InterpretTime, request.Arms = nil, []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}
			if ids, _ := idsOf(t, search, request); ids[0] != test.first {
				t.Errorf("%q by words alone: %v", test.query, ids)
			}
		}
		if _, answer := idsOf(t, search, &dalilv1.SearchRequest{Query: "wheat and the 1967 war"}); answer.GetInterpretedTime() != nil {
			t.Errorf("a topic is a time: %v", answer.GetInterpretedTime())
		}
		for _, bad := range []*timestamppb.Timestamp{{Seconds: 1 << 60}, timestamppb.New(time.Date(1499, 12, 31, 0, 0, 0, 0, time.UTC))} {
			_, err := search.Search(t.Context(), &dalilv1.SearchRequest{Query: "wheat", ReferenceTime: bad})
			if status.Code(err) != codes.InvalidArgument {
				t.Errorf("reference_time %v: %v", bad, err)
			}
		}
	})
}

// In an index with many passages that answer as well, the one of the time that the
// question names is found nevertheless.
func TestTimeInTheQuestionReachesBeyondTheCandidates(t *testing.T) {
	var documents []corpus.Document
	day := onDay("2010-01-01")
	for range 400 {
		documents = append(documents, corpus.Document{ID: day.Format(time.DateOnly), PublishedAt: day, Language: "en", Text: "Prices of wheat rose."})
		day = day.AddDate(0, 0, 7)
	}
	newly(t, documents, func(t *testing.T, search dalilv1.SearchServiceClient) {
		for _, i := range []int{0, 111, 250, 399} {
			at := documents[i].PublishedAt
			ids, _ := idsOf(t, search, &dalilv1.SearchRequest{Query: "wheat prices on " + at.Format("2 January 2006")})
			if ids[0] != documents[i].ID {
				t.Errorf("first is %s, want %s", ids[0], documents[i].ID)
			}
		}
	})
}
