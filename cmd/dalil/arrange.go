package main

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"

	dalilv1 "dalil/proto/dalil/v1"
)

// arrangeFlags are the flags that arrange the answer of a search.
type arrangeFlags struct {
	Facet []string `placeholder:"FIELD,..." help:"Print how many of the found documents have each value of a field: language, source, author, tag, year or metadata.KEY. May be repeated."`
}

// arrange adds the flags to a request.
func (f *arrangeFlags) arrange(request *dalilv1.SearchRequest) error {
	for _, field := range f.Facet {
		request.Facets = append(request.Facets, &dalilv1.FacetRequest{Field: field})
	}
	return nil
}

// facets prints one line for each facet.
func (r *renderer) facets(facets []*dalilv1.Facet) {
	for _, f := range facets {
		values := make([]string, len(f.GetValues()))
		for i, v := range f.GetValues() {
			values[i] = fmt.Sprintf("%s %d", r.apart(facetText(v.GetValue())), v.GetCount())
		}
		if len(values) == 0 {
			values = []string{"no document has it"}
		}
		of := ""
		if !f.GetComplete() {
			of = " (of the candidates)"
		}
		fmt.Fprintf(r.out, "%s%s: %s\n", r.apart(oneLine(f.GetField())), of, strings.Join(values, ", "))
	}
}

func facetText(v *structpb.Value) string {
	if text, is := v.GetKind().(*structpb.Value_StringValue); is {
		return oneLine(text.StringValue)
	}
	return fmt.Sprint(v.AsInterface())
}
