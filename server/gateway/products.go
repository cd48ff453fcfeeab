package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	dalilv1 "dalil/proto/dalil/v1"
)

// Products that search in a store of others have interfaces of their own. A door translates such a request into a Search
// and its answer back. It ignores fields that it does not know, because products add fields.

// productBytes is the largest request of a product.
const productBytes = 256 << 10

// found is a passage with its score for products: 0 to 1.
type found struct {
	*dalilv1.Passage
	score float64
}

// ask reads the request of a product and searches. translate makes a Search of the request, and says from which score on
// passages are wanted; its error is a corpus.InvalidError. names has the fields of Search that the product calls
// something else.
func (g *gateway) ask(a *answer, r *http.Request, request any, names map[string]string, translate func() (*dalilv1.SearchRequest, float64, error)) ([]found, *status.Status) {
	data, free, problem := g.read(a, r, productBytes)
	defer free()
	if problem != nil {
		return nil, problem.status()
	}
	if !utf8.Valid(data) {
		return nil, invalid("request", "is not UTF-8").status()
	}
	if err := json.Unmarshal(data, request); err != nil {
		return nil, invalid("request", "is not the JSON of this request: "+unjson(err)).status()
	}
	q, threshold, err := translate()
	if err != nil {
		return nil, invalidOf(err).status()
	}
	q.QuerySyntax = new(bool) // as in BuildContext: people who talk to a chatbot do not know the signs
	response, err := dalilv1.NewSearchServiceClient(g.calls).Search(outgoing(r.Context(), r.Header), q)
	if err != nil {
		return nil, renamed(detailed(status.Convert(err)), names)
	}
	all := []found{}
	for _, p := range response.GetPassages() {
		if one := (found{p, scoreOf(p)}); one.score >= threshold {
			all = append(all, one)
		}
	}
	return all, nil
}

// scoreOf is the probability that a passage answers the question, or, if the server has no calibration, the cosine
// similarity.
func scoreOf(p *dalilv1.Passage) float64 {
	if p.Relevance != nil {
		return float64(p.GetRelevance())
	}
	return max(0, min(1, float64(p.GetScores().GetDense())))
}

// unjson says where a request is wrong, without quoting it.
func unjson(err error) string {
	switch err := err.(type) {
	case *json.UnmarshalTypeError:
		return fmt.Sprintf("%s must not be a %s", err.Field, err.Value)
	case *json.SyntaxError:
		return fmt.Sprintf("there is a mistake near byte %d", err.Offset)
	}
	return "a value has another type"
}

func invalidOf(err error) *refusal {
	field, description, _ := strings.Cut(err.Error(), ": ")
	return invalid(field, description)
}

func writeJSON(a *answer, code int, v any) {
	a.Header().Set("Content-Type", jsonType)
	a.WriteHeader(code)
	e := json.NewEncoder(a)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // into memory
}

// joined combines filters; nil if there is none.
func joined(all []*dalilv1.Filter, anyOf bool) *dalilv1.Filter {
	switch {
	case len(all) == 0:
		return nil
	case len(all) == 1:
		return all[0]
	case anyOf:
		return &dalilv1.Filter{Clause: &dalilv1.Filter_Any{Any: &dalilv1.FilterList{Filters: all}}}
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_All{All: &dalilv1.FilterList{Filters: all}}}
}

// shown is what a product sees of a passage beside its text: the metadata of its document, the fields of the document
// that have a value, and the ids. The names of [condition] are those of this map.
func shown(p *dalilv1.Passage) map[string]any {
	d := p.GetDocument()
	m := plainValues(d.GetMetadata())
	for name, value := range map[string]string{"url": d.GetUrl(), "source": d.GetSource(), "language": d.GetLanguage(), "author": d.GetAuthor()} {
		if value != "" {
			m[name] = value
		}
	}
	if tags := d.GetTags(); len(tags) > 0 {
		m["tags"] = tags
	}
	if d.GetPublishedAt() != nil {
		m["published_at"] = d.GetPublishedAt().AsTime().Format(time.RFC3339)
	}
	m["document_id"], m["passage_id"] = p.GetDocumentId(), p.GetPassageId()
	return m
}

// plainValues are the values of metadata as JSON has them.
func plainValues(metadata map[string]*structpb.Value) map[string]any {
	plain := make(map[string]any, len(metadata))
	for key, value := range metadata {
		plain[key] = value.AsInterface()
	}
	return plain
}
