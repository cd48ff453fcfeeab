package server_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func facetsOf(fields ...string) (all []*dalilv1.FacetRequest) {
	for _, f := range fields {
		all = append(all, &dalilv1.FacetRequest{Field: f})
	}
	return all
}

func TestOptionsThatAreRefused(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	type q = dalilv1.SearchRequest
	nan := float32(math.NaN())
	recency := func(halfLife time.Duration, weight *float32) *dalilv1.Recency {
		return &dalilv1.Recency{HalfLife: durationpb.New(halfLife), Weight: weight}
	}
	const halfLives = "1s to 3153600000s"
	limited := func(n int32) []*dalilv1.FacetRequest { return []*dalilv1.FacetRequest{{Field: "tag", Limit: &n}} }
	for name, test := range map[string]struct {
		req   *q
		limit string // of the violation; "": none is needed
		want  refusal
	}{
		"no diversity":        {&q{Diversity: ptr(float32(0))}, "", refusal{}},
		"most diversity":      {&q{Diversity: ptr(float32(1))}, "", refusal{}},
		"more diversity":      {&q{Diversity: ptr(float32(1.01))}, "0 to 1", invalid("diversity")},
		"negative diversity":  {&q{Diversity: ptr(float32(-.1))}, "0 to 1", invalid("diversity")},
		"diversity of NaN":    {&q{Diversity: &nan}, "0 to 1", invalid("diversity")},
		"recency":             {&q{Recency: recency(time.Hour, nil)}, "", refusal{}},
		"no half-life":        {&q{Recency: &dalilv1.Recency{}}, halfLives, invalid("recency.half_life")},
		"a short half-life":   {&q{Recency: recency(time.Second-1, nil)}, halfLives, invalid("recency.half_life")},
		"the longest":         {&q{Recency: &dalilv1.Recency{HalfLife: &durationpb.Duration{Seconds: 3153600000}}}, "", refusal{}},
		"a longer one":        {&q{Recency: &dalilv1.Recency{HalfLife: &durationpb.Duration{Seconds: 3153600001}}}, halfLives, invalid("recency.half_life")},
		"beyond durations":    {&q{Recency: &dalilv1.Recency{HalfLife: &durationpb.Duration{Seconds: 315576000000}}}, halfLives, invalid("recency.half_life")},
		"a malformed one":     {&q{Recency: &dalilv1.Recency{HalfLife: &durationpb.Duration{Seconds: 5, Nanos: -1}}}, "", invalid("recency.half_life")},
		"most weight":         {&q{Recency: recency(time.Hour, ptr(float32(1)))}, "", refusal{}},
		"more weight":         {&q{Recency: recency(time.Hour, ptr(float32(2)))}, "0 to 1", invalid("recency.weight")},
		"weight of NaN":       {&q{Recency: recency(time.Hour, &nan)}, "0 to 1", invalid("recency.weight")},
		"groups":              {&q{GroupBy: &dalilv1.Grouping{}}, "", refusal{}},
		"the largest groups":  {&q{GroupBy: &dalilv1.Grouping{PassagesPerDocument: ptr(int32(10))}}, "", refusal{}},
		"larger groups":       {&q{GroupBy: &dalilv1.Grouping{PassagesPerDocument: ptr(int32(11))}}, "1 to 10", invalid("group_by.passages_per_document")},
		"empty groups":        {&q{GroupBy: &dalilv1.Grouping{PassagesPerDocument: ptr(int32(0))}}, "1 to 10", invalid("group_by.passages_per_document")},
		"negative groups":     {&q{GroupBy: &dalilv1.Grouping{PassagesPerDocument: ptr(int32(-1))}}, "1 to 10", invalid("group_by.passages_per_document")},
		"an order by date":    {&q{OrderBy: dalilv1.OrderBy_ORDER_BY_OLDEST}, "", refusal{}},
		"an unknown order":    {&q{OrderBy: 9}, "RELEVANCE, NEWEST or OLDEST", invalid("order_by")},
		"two orders":          {&q{OrderBy: dalilv1.OrderBy_ORDER_BY_NEWEST, Diversity: ptr(float32(.5)), Recency: recency(time.Hour, nil)}, "", invalid("diversity", "recency")},
		"every facet":         {&q{Facets: facetsOf("language", "source", "author", "tag", "year", "metadata.k", "metadata.الدولة", "metadata.a.b")}, "", refusal{}},
		"most facets":         {&q{Facets: facetsOf(strings.Split(strings.Repeat("tag,", 9)+"tag", ",")...)}, "", refusal{}},
		"more facets":         {&q{Facets: facetsOf(strings.Split(strings.Repeat("tag,", 10)+"tag", ",")...)}, "10", invalid("facets")},
		"many more facets":    {&q{Facets: facetsOf(strings.Split(strings.Repeat("nonsense,", 400), ",")...)}, "10", invalid("facets")},
		"an unknown facet":    {&q{Facets: facetsOf("tag", "tags")}, corpus.FacetFields, invalid("facets[1].field")},
		"no facet":            {&q{Facets: facetsOf("")}, corpus.FacetFields, invalid("facets[0].field")},
		"metadata of no key":  {&q{Facets: facetsOf("metadata.")}, corpus.FacetFields, invalid("facets[0].field")},
		"a control character": {&q{Facets: facetsOf("metadata.a\x00b")}, corpus.FacetFields, invalid("facets[0].field")},
		"most values":         {&q{Facets: limited(100)}, "", refusal{}},
		"more values":         {&q{Facets: limited(101)}, "1 to 100", invalid("facets[0].limit")},
		"no values":           {&q{Facets: limited(0)}, "1 to 100", invalid("facets[0].limit")},
		"fewer":               {&q{Facets: limited(-1)}, "1 to 100", invalid("facets[0].limit")},
	} {
		t.Run(name, func(t *testing.T) {
			test.req.Query = "q"
			before := len(h.asked())
			_, err := r.search.Search(t.Context(), test.req)
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if reached := len(h.asked()) > before; reached != (err == nil) {
				t.Errorf("the question reached the searcher: %v, error %v", reached, err)
			}
			if got := limitOf(err); got != test.limit {
				t.Errorf("error %v has the limit %q, want %q", err, got, test.limit)
			}
		})
	}
}

// limitOf is the limit that an error names.
func limitOf(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, is := detail.(*errdetails.ErrorInfo); is {
			return info.Metadata["limit"]
		}
	}
	return ""
}

func TestOptionsAreTranslated(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	req := &dalilv1.SearchRequest{
		Query: "q", Diversity: ptr(float32(.25)), CollapseDuplicates: ptr(true), GroupBy: &dalilv1.Grouping{},
		Recency: &dalilv1.Recency{HalfLife: durationpb.New(time.Hour)},
		Facets:  []*dalilv1.FacetRequest{{Field: "year"}, {Field: "metadata.a b", Limit: ptr(int32(7))}},
	}
	for token := "-"; token != ""; {
		answer, err := r.search.Search(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		token = answer.GetNextPageToken()
		req.PageToken = token
	}
	asked := h.asked()
	want := corpus.Query{
		Text: "q", Limit: 10, Syntax: true, Now: asked[0].Now, Diversity: .25, Collapse: true, PerDocument: 1,
		Recency: &corpus.Recency{HalfLife: time.Hour, Weight: corpus.DefaultRecencyWeight},
		Facets:  []corpus.FacetRequest{{Field: corpus.FacetField{Kind: corpus.FacetYear}}, {Field: corpus.FacetField{Kind: corpus.FacetMetadata, Key: "a b"}, Limit: 7}},
	}
	if time.Since(want.Now) > time.Minute {
		t.Errorf("the first page was asked for at %v", want.Now)
	}
	for i, q := range asked { // all pages have the time of the first
		want.Offset = 10 * i
		if diff := cmp.Diff(want, q); diff != "" {
			t.Errorf("page %d (-want +got):\n%s", i, diff)
		}
	}
	if len(asked) != 3 {
		t.Errorf("%d pages", len(asked))
	}
	for wire, order := range map[dalilv1.OrderBy]corpus.Order{
		dalilv1.OrderBy_ORDER_BY_UNSPECIFIED: corpus.ByRelevance, dalilv1.OrderBy_ORDER_BY_RELEVANCE: corpus.ByRelevance,
		dalilv1.OrderBy_ORDER_BY_NEWEST: corpus.NewestFirst, dalilv1.OrderBy_ORDER_BY_OLDEST: corpus.OldestFirst,
	} {
		if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q", OrderBy: wire}); err != nil {
			t.Fatal(err)
		}
		all := h.asked()
		if diff := cmp.Diff(corpus.Query{Text: "q", Limit: 10, Syntax: true, Order: order}, all[len(all)-1]); diff != "" {
			t.Errorf("%v (-want +got):\n%s", wire, diff)
		}
	}
}
