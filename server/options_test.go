package server_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

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
	limited := func(n int32) []*dalilv1.FacetRequest { return []*dalilv1.FacetRequest{{Field: "tag", Limit: &n}} }
	for name, test := range map[string]struct {
		req   *q
		limit string // of the violation; "": none is needed
		want  refusal
	}{
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
