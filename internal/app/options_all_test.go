//go:build !race

// The race detector makes these much slower. The other tests of options ask the same server
// with it.

package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/durationpb"

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
