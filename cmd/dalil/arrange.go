package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/structpb"

	dalilv1 "dalil/proto/dalil/v1"
)

// arrangeFlags are the flags that arrange the answer of a search.
type arrangeFlags struct {
	Diversity     float32  `placeholder:"D" help:"How much a passage loses that resembles better ones, 0 to 1."`
	Recency       string   `placeholder:"AGE" help:"Raise passages of newer documents. At this age (12h, 30d, 2y) they are neither raised nor lowered, and the effect halves."`
	RecencyWeight *float32 `placeholder:"W" help:"How much --recency counts, 0 to 1. Default: 0.5."`
	Group         *int32   `placeholder:"N" help:"Group the passages by document, at most N of each (1 to 10). --limit counts documents then."`
	Collapse      bool     `help:"Leave out passages whose text better passages have nearly whole."`
	Order         string   `enum:"relevance,newest,oldest" type:"choice" default:"relevance" help:"Order of the passages: relevance, newest or oldest (by date of publication)."`
	Facet         []string `placeholder:"FIELD,..." help:"Print how many of the found documents have each value of a field: language, source, author, tag, year or metadata.KEY. May be repeated."`
}

// arrange adds the flags to a request.
func (f *arrangeFlags) arrange(request *dalilv1.SearchRequest) error {
	if f.Diversity != 0 {
		request.Diversity = &f.Diversity
	}
	if f.Recency != "" {
		age, err := parseAge(f.Recency)
		if err != nil {
			return fmt.Errorf("--recency: %w", err)
		}
		request.Recency = &dalilv1.Recency{HalfLife: durationpb.New(age), Weight: f.RecencyWeight}
	} else if f.RecencyWeight != nil {
		return errors.New("--recency-weight: needs --recency")
	}
	if f.Group != nil {
		request.GroupBy = &dalilv1.Grouping{PassagesPerDocument: f.Group}
	}
	if f.Collapse {
		request.CollapseDuplicates = &f.Collapse
	}
	request.OrderBy = map[string]dalilv1.OrderBy{"newest": dalilv1.OrderBy_ORDER_BY_NEWEST, "oldest": dalilv1.OrderBy_ORDER_BY_OLDEST}[f.Order]
	for _, field := range f.Facet {
		request.Facets = append(request.Facets, &dalilv1.FacetRequest{Field: field})
	}
	return nil
}

// parseAge reads a duration that may be in days or years, such as 12h, 30d and 1.5y. A year
// has 365 days.
func parseAge(written string) (time.Duration, error) {
	for unit, length := range map[string]time.Duration{"d": 24 * time.Hour, "y": 365 * 24 * time.Hour} {
		number, is := strings.CutSuffix(written, unit)
		if !is {
			continue
		}
		n, err := strconv.ParseFloat(number, 64)
		if age := n * float64(length); err == nil && age > -math.MaxInt64 && age < math.MaxInt64 {
			return time.Duration(age), nil
		}
		return 0, fmt.Errorf("must be an age such as 12h, 30d or 2y, is %q", written)
	}
	age, err := time.ParseDuration(written)
	if err != nil {
		return 0, fmt.Errorf("must be an age such as 12h, 30d or 2y, is %q", written)
	}
	return age, nil
}

// groups prints each document with its passages.
func (r *renderer) groups(groups []*dalilv1.Group) {
	for _, g := range groups {
		for _, p := range g.GetPassages() {
			p.Document = g.GetDocument()
			r.passage(p)
			r.repeated(p)
		}
	}
}

// repeated prints how many passages were left out because of p.
func (r *renderer) repeated(p *dalilv1.Passage) {
	if n := len(p.GetDuplicatePassageIds()); n > 0 {
		fmt.Fprintf(r.out, "     %s\n", r.dim(fmt.Sprintf("%d more with nearly the same text", n)))
	}
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
