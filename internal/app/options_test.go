package app_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

func TestGroups(t *testing.T) {
	onBothLibraries(t, nil, func(t *testing.T, w wire) {
		answer := w.pages(&dalilv1.SearchRequest{Query: aboutTrains, PageSize: version32(5), GroupBy: &dalilv1.Grouping{}})[0]
		if len(answer.GetPassages()) != 0 || len(answer.GetGroups()) != 5 {
			t.Fatalf("%d passages and %d groups, want 0 and 5", len(answer.GetPassages()), len(answer.GetGroups()))
		}
		for _, g := range answer.GetGroups() {
			if len(g.GetPassages()) != 1 || g.GetDocumentId() == "" || g.GetDocument().GetDocumentId() != g.GetDocumentId() || g.GetDocument().GetTitle() == "" {
				t.Errorf("a group of %d passages of %q, whose document is %v", len(g.GetPassages()), g.GetDocumentId(), g.GetDocument())
			}
			if p := g.GetPassages()[0]; p.GetDocument() != nil || p.GetDocumentId() != g.GetDocumentId() || p.GetText() == "" {
				t.Errorf("group %q has the passage %v", g.GetDocumentId(), p)
			}
		}
		// In a batch too, and the next page continues there.
		req := &dalilv1.SearchRequest{Query: aboutTrains, PageSize: version32(5), GroupBy: &dalilv1.Grouping{}, Recency: &dalilv1.Recency{HalfLife: durationpb.New(time.Hour)}}
		want := passageIDs(passagesIn(w.pages(req)))
		var got []string
		for range len(want) {
			batch, err := w.search.BatchSearch(t.Context(), &dalilv1.BatchSearchRequest{Requests: []*dalilv1.SearchRequest{req}})
			if err != nil || batch.GetResponses()[0].GetResponse() == nil {
				t.Fatal(batch, err)
			}
			page := batch.GetResponses()[0].GetResponse()
			got = append(got, passageIDs(passagesIn([]*dalilv1.SearchResponse{page}))...)
			if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("batches (-search +batch):\n%s", diff)
		}
	})
}

func TestOrderByDate(t *testing.T) {
	onBothLibraries(t, nil, func(t *testing.T, w wire) {
		plain := passagesIn(w.pages(&dalilv1.SearchRequest{Query: aboutTrains}))
		for order, less := range map[dalilv1.OrderBy]func(a, b time.Time) bool{
			dalilv1.OrderBy_ORDER_BY_NEWEST: time.Time.After, dalilv1.OrderBy_ORDER_BY_OLDEST: time.Time.Before,
		} {
			want := slices.Clone(plain)
			slices.SortStableFunc(want, func(a, b *dalilv1.Passage) int {
				x, y := a.GetDocument().GetPublishedAt(), b.GetDocument().GetPublishedAt()
				switch {
				case (x == nil) != (y == nil):
					return map[bool]int{true: 1, false: -1}[x == nil]
				case x == nil:
					return 0
				case less(x.AsTime(), y.AsTime()):
					return -1
				case less(y.AsTime(), x.AsTime()):
					return 1
				}
				return 0
			})
			got := passagesIn(w.pages(&dalilv1.SearchRequest{Query: aboutTrains, OrderBy: order}))
			if diff := cmp.Diff(passageIDs(want), passageIDs(got)); diff != "" {
				t.Errorf("%v (-want +got):\n%s", order, diff)
			}
		}
	})
}

// Recency raises what is newer than its half-life, lowers what is older, and leaves what
// has no date.
func TestRecency(t *testing.T) {
	write := func(w wire) {
		future := text("train/future", strings.Repeat("Train number 36 of the northern railway carries grain and coal to harbour 3 on day 1. ", 12))
		future.PublishedAt = timestamppb.New(time.Now().Add(1000 * time.Hour))
		if _, code := w.upsert(&dalilv1.UpsertDocumentRequest{Document: future}); code != 0 {
			w.Fatal(code)
		}
	}
	onBothLibraries(t, write, func(t *testing.T, w wire) {
		halfLife := time.Since(time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC))
		before := map[string]float32{}
		for _, p := range passagesIn(w.pages(&dalilv1.SearchRequest{Query: aboutTrains})) {
			before[p.GetPassageId()] = p.GetScores().GetFused()
		}
		dates := map[string]bool{}
		last := float32(math.Inf(1))
		for _, p := range passagesIn(w.pages(&dalilv1.SearchRequest{Query: aboutTrains, Recency: &dalilv1.Recency{HalfLife: durationpb.New(halfLife)}, PageSize: version32(4)})) {
			moved := p.GetScores().GetFused() - before[p.GetPassageId()]
			at := p.GetDocument().GetPublishedAt()
			want := 0
			if at != nil {
				want = at.AsTime().Compare(time.Now().Add(-halfLife))
			}
			if got := sign(moved); got != want {
				t.Errorf("a passage of %v moved by %v, want the sign %d", at.AsTime(), moved, want)
			}
			if p.GetScores().GetFused() > last {
				t.Errorf("rank %d has the score %v after %v", p.GetRank(), p.GetScores().GetFused(), last)
			}
			last = p.GetScores().GetFused()
			dates[fmt.Sprint(want)] = true
		}
		if len(dates) != 3 {
			t.Errorf("only %v were tried", dates)
		}
		all := float32(1)
		dated := slices.DeleteFunc(passagesIn(w.pages(&dalilv1.SearchRequest{Query: aboutTrains, Recency: &dalilv1.Recency{HalfLife: durationpb.New(24 * time.Hour), Weight: &all}})),
			func(p *dalilv1.Passage) bool { return p.GetDocument().GetPublishedAt() == nil })
		if dated[0].GetDocumentId() != "train/future" {
			t.Errorf("with a weight of 1 and a half-life of a day, %s of %v is the first with a date", dated[0].GetDocumentId(), dated[0].GetDocument().GetPublishedAt().AsTime())
		}
	})
}

func sign(x float32) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// Copies of a report with other headlines are left out and named by the best of them; an
// article about the same event is none.
func TestCollapseDuplicates(t *testing.T) {
	report := "The northern railway opened its new line to the harbour on Monday, two years later than it had planned. " +
		"The minister of transport said that each train carries four thousand tons of grain, and that the line replaces nine hundred lorries a day. "
	onBothStores(t, func(t *testing.T, a *app.App) {
		w := dial(t, a)
		for id, words := range map[string]string{
			"a": report, "b": "Grain line opens. " + report, "c": strings.Replace(report, "Monday", "yesterday", 1),
			"d": "Nine hundred lorries fewer will drive to the harbour, because trains of the northern railway carry grain there since Monday, said the minister.",
			"e": "تنقل قطارات سكة الحديد الشمالية الحبوب إلى الميناء منذ يوم الاثنين.",
		} {
			if _, err := w.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: text(id, words)}); err != nil {
				t.Fatal(err)
			}
		}
		rank := map[string]int{}
		for i, p := range passagesIn(w.pages(&dalilv1.SearchRequest{Query: aboutTrains})) {
			rank[p.GetPassageId()] = i
		}
		on := true
		kept := passagesIn(w.pages(&dalilv1.SearchRequest{Query: aboutTrains, CollapseDuplicates: &on, PageSize: version32(1)}))
		var documents, left []string
		for _, p := range kept {
			documents = append(documents, p.GetDocumentId())
			for _, id := range p.GetDuplicatePassageIds() {
				left = append(left, id)
				if rank[id] < rank[p.GetPassageId()] {
					t.Errorf("%s was better than %s, which is kept", id, p.GetPassageId())
				}
			}
		}
		slices.Sort(documents)
		if len(documents) != 3 || !slices.Contains(documents, "d") || !slices.Contains(documents, "e") || len(left) != 2 {
			t.Errorf("%v are kept, %v are left out", documents, left)
		}
		read, err := w.search.GetPassages(t.Context(), &dalilv1.GetPassagesRequest{PassageIds: left})
		if err != nil || len(read.GetPassages()) != 2 {
			t.Errorf("the passages that were left out: %v, error %v", read, err)
		}
		made, err := w.search.BuildContext(t.Context(), &dalilv1.BuildContextRequest{Query: aboutTrains})
		if err != nil {
			t.Fatal(err)
		}
		var dropped []string
		for _, d := range made.GetDropped() {
			if d.GetReason() == dalilv1.DropReason_DROP_REASON_DUPLICATE {
				dropped = append(dropped, d.GetPassageId())
			}
		}
		slices.Sort(left)
		slices.Sort(dropped)
		if !slices.Equal(left, dropped) {
			t.Errorf("search leaves out %v, a context %v", left, dropped)
		}
	})
}

// A page token belongs to one request: no option may change.
func TestPagesOfOtherOptions(t *testing.T) {
	w := dial(t, open(t, settings(t, nil)))
	library(w)
	half, on := float32(0.5), true
	first := &dalilv1.SearchRequest{Query: aboutTrains, PageSize: version32(2), Recency: &dalilv1.Recency{HalfLife: durationpb.New(time.Hour)}}
	token := w.pages(first)[0].GetNextPageToken()
	for name, change := range map[string]func(*dalilv1.SearchRequest){
		"diversity": func(r *dalilv1.SearchRequest) { r.Diversity = &half },
		"weight":    func(r *dalilv1.SearchRequest) { r.Recency.Weight = &half },
		"recency":   func(r *dalilv1.SearchRequest) { r.Recency = nil },
		"group_by":  func(r *dalilv1.SearchRequest) { r.GroupBy = &dalilv1.Grouping{} },
		"collapse":  func(r *dalilv1.SearchRequest) { r.CollapseDuplicates = &on },
		"facets":    func(r *dalilv1.SearchRequest) { r.Facets = []*dalilv1.FacetRequest{{Field: "tag"}} },
		"order_by":  func(r *dalilv1.SearchRequest) { r.Recency, r.OrderBy = nil, dalilv1.OrderBy_ORDER_BY_NEWEST },
	} {
		req := proto.CloneOf(first)
		req.PageToken = token
		change(req)
		if _, err := w.search.Search(t.Context(), req); status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), "page_token") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
