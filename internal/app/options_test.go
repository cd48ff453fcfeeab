package app_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/internal/app"
	dalilv1 "dalil/proto/dalil/v1"
)

// Facets count the documents of all candidates, whatever page is asked for, and say
// whether these are all that there is.
func TestFacets(t *testing.T) {
	fields := []string{"language", "source", "author", "tag", "year", "metadata.number", "metadata.electric", "metadata.lines", "metadata.none"}
	many := func(w wire) { // more than an arm returns
		for from := 0; from < 150; from += 50 {
			batch := &dalilv1.UpsertDocumentsRequest{}
			for i := from; i < from+50; i++ {
				document := text(fmt.Sprint("more/", i), fmt.Sprintf("A train of the northern railway carries grain, %d tons.", i))
				batch.Requests = append(batch.Requests, &dalilv1.UpsertDocumentRequest{Document: document})
			}
			answer, err := w.documents.UpsertDocuments(w.Context(), batch)
			if err != nil {
				w.Fatal(err)
			}
			for _, r := range answer.GetReceipts() {
				if r.GetOutcome() != dalilv1.Outcome_OUTCOME_INDEXED {
					w.Fatal(r)
				}
			}
		}
	}
	test := func(t *testing.T, w wire, complete bool) {
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
					slices.SortFunc(want, func(a, b value) int {
						if a.count != b.count {
							return b.count - a.count
						}
						return strings.Compare(a.text, b.text)
					})
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
		check(req, complete)
		req.Filter = &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_LANGUAGE, Values: []string{"ar"}}}}
		check(req, true)
	}
	onBothLibraries(t, nil, func(t *testing.T, w wire) { test(t, w, true) })
	onBothLibraries(t, many, func(t *testing.T, w wire) { test(t, w, false) })
}

// Whatever options are combined, pages of every size have every passage once, in one
// order; groups have each document once, at the place of its first passage; and neither
// the evidence nor the relevance of a passage changes.
func TestOptionsKeepEveryPassageOnce(t *testing.T) {
	onBothLibraries(t, nil, func(t *testing.T, w wire) {
		plain := w.pages(&dalilv1.SearchRequest{Query: aboutTrains, PageSize: version32(100)})
		if e := plain[0].GetEvidence(); e == dalilv1.Evidence_EVIDENCE_UNSPECIFIED || e == dalilv1.Evidence_EVIDENCE_UNKNOWN {
			t.Errorf("the evidence is %v", e)
		}
		relevance := map[string]float32{}
		for _, p := range passagesIn(plain) {
			relevance[p.GetPassageId()] = p.GetRelevance()
		}
		random := rand.New(rand.NewPCG(4, 2))
		for range 15 {
			req := &dalilv1.SearchRequest{Query: aboutTrains, View: dalilv1.View(random.IntN(4))}
			if random.IntN(2) == 0 {
				on := true
				req.CollapseDuplicates = &on
			}
			switch random.IntN(4) {
			case 0:
				d := random.Float32()
				req.Diversity = &d
			case 1:
				weight := random.Float32()
				req.Recency = &dalilv1.Recency{HalfLife: durationpb.New(time.Duration(1+random.IntN(2000)) * 24 * time.Hour), Weight: &weight}
			case 2:
				req.OrderBy = dalilv1.OrderBy(random.IntN(4))
			}
			check := func(req *dalilv1.SearchRequest) []*dalilv1.Passage {
				t.Helper()
				req.PageSize = version32(100)
				whole := w.pages(req)
				req.PageSize = version32(int32(1 + random.IntN(9)))
				paged := w.pages(req)
				all := passagesIn(paged)
				if diff := cmp.Diff(passageIDs(passagesIn(whole)), passageIDs(all)); diff != "" {
					t.Errorf("%v: pages (-whole +paged):\n%s", req, diff)
				}
				listed := map[string]bool{}
				for i, p := range all {
					before, known := relevance[p.GetPassageId()]
					if listed[p.GetPassageId()] || !known || int(p.GetRank()) != i+1 || p.GetRelevance() != before {
						t.Errorf("%v: passage %d %s: listed before: %v, rank %d, relevance %v, want %v", req, i, p.GetPassageId(), listed[p.GetPassageId()], p.GetRank(), p.GetRelevance(), before)
					}
					listed[p.GetPassageId()] = true
					for _, id := range p.GetDuplicatePassageIds() {
						listed[id] = true
					}
				}
				if req.GetGroupBy() == nil && len(listed) != len(relevance) {
					t.Errorf("%v: %d passages with their duplicates, want %d", req, len(listed), len(relevance))
				}
				for _, answer := range slices.Concat(whole, paged) {
					if answer.GetEvidence() != plain[0].GetEvidence() || answer.GetCandidates() != plain[0].GetCandidates() {
						t.Errorf("%v: evidence %v of %d candidates, want %v of %d", req, answer.GetEvidence(), answer.GetCandidates(), plain[0].GetEvidence(), plain[0].GetCandidates())
					}
				}
				return all
			}
			flat := check(req)
			most := int32(1 + random.IntN(3))
			req.GroupBy = &dalilv1.Grouping{PassagesPerDocument: &most}
			grouped := check(req)
			var order []string
			members := map[string][]string{}
			for _, p := range flat {
				id := p.GetDocumentId()
				if len(members[id]) == 0 {
					order = append(order, id)
				}
				if len(members[id]) < int(most) {
					members[id] = append(members[id], p.GetPassageId())
				}
			}
			var want []string
			for _, id := range order {
				want = append(want, members[id]...)
			}
			if diff := cmp.Diff(want, passageIDs(grouped)); diff != "" {
				t.Errorf("%v: groups (-want +got):\n%s", req, diff)
			}
		}
	})
}

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
		future := text("train/future", "A train of the northern railway carries grain to a harbour.")
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
