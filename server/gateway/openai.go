package gateway

import (
	"fmt"
	"net/http"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// storeRequest is a request of OpenAI's search in a vector store.
type storeRequest struct {
	Query          any          `json:"query"` // a string, or a list of strings
	MaxNumResults  *int32       `json:"max_num_results"`
	Filters        *storeFilter `json:"filters"`
	RankingOptions struct {
		ScoreThreshold float64 `json:"score_threshold"`
	} `json:"ranking_options"`
}

// storeFilter is a comparison, or several that are combined.
type storeFilter struct {
	Type    string         `json:"type"`
	Key     string         `json:"key"`
	Value   any            `json:"value"`
	Filters []*storeFilter `json:"filters"`
}

type storeResult struct {
	FileID     string         `json:"file_id"`
	Filename   string         `json:"filename"`
	Score      float64        `json:"score"`
	Attributes map[string]any `json:"attributes"`
	Content    []storeContent `json:"content"`
}

type storeContent struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

const (
	storeDefault = 10 // results, if a request does not say how many
	storeMost    = 50
	storeDepth   = 32 // levels of filters
)

// vectorStore answers OpenAI's search in a vector store. Every id is this server's index.
func (g *gateway) vectorStore(a *answer, r *http.Request) {
	var request storeRequest
	var queries []string
	names := map[string]string{"page_size": "max_num_results"}
	passages, failed := g.ask(a, r, &request, names, func() (*dalilv1.SearchRequest, float64, error) {
		var err error
		if queries, err = request.queries(); err != nil {
			return nil, 0, err
		}
		n := int32(storeDefault)
		if request.MaxNumResults != nil {
			n = *request.MaxNumResults
		}
		if n < 1 || n > storeMost {
			return nil, 0, corpus.Invalid("max_num_results", fmt.Sprintf("must be 1 to %d, is %d", storeMost, n))
		}
		filter, err := request.Filters.translate("filters", 0)
		return &dalilv1.SearchRequest{Query: strings.Join(queries, " "), PageSize: proto.Int32(n), Filter: filter}, request.RankingOptions.ScoreThreshold, err
	})
	if failed != nil {
		storeError(a, failed)
		return
	}
	data := []storeResult{}
	for _, p := range passages {
		attributes := shown(p.Passage)
		for key, value := range attributes { // which are no lists there
			switch value.(type) {
			case []any, []string:
				attributes[key] = strings.Trim(fmt.Sprint(value), "[]")
			}
		}
		data = append(data, storeResult{p.GetDocumentId(), titleOf(p.Passage), p.score, attributes, []storeContent{{"text", p.GetText()}}})
	}
	writeJSON(a, http.StatusOK, map[string]any{
		"object": "vector_store.search_results.page", "search_query": queries, "data": data, "has_more": false, "next_page": nil,
	})
}

// storeError answers with an error as OpenAI has them.
func storeError(a *answer, s *status.Status) {
	advise(a.Header(), s)
	kind, code := "invalid_request_error", strings.ToLower(detail[*errdetails.ErrorInfo](s).GetReason())
	switch status := httpCode(s); {
	case status >= http.StatusInternalServerError:
		kind = "server_error"
	case status == http.StatusUnauthorized:
		code = "invalid_api_key"
	}
	writeJSON(a, httpCode(s), map[string]any{"error": map[string]any{"message": s.Message(), "type": kind, "param": nil, "code": code}})
}

func (q *storeRequest) queries() ([]string, error) {
	switch query := q.Query.(type) {
	case string:
		return []string{query}, nil
	case []any:
		var all []string
		for _, one := range query {
			text, ok := one.(string)
			if !ok {
				return nil, corpus.Invalid("query", "must be a string or a list of strings")
			}
			all = append(all, text)
		}
		return all, nil
	}
	return nil, corpus.Invalid("query", "must be a string or a list of strings")
}

func (f *storeFilter) translate(field string, depth int) (*dalilv1.Filter, error) {
	switch {
	case f == nil:
		return nil, nil
	case depth > storeDepth:
		return nil, corpus.Invalid("filters", fmt.Sprintf("is nested deeper than %d levels", storeDepth))
	case f.Type != "and" && f.Type != "or":
		return condition(field, f.Type, f.Key, f.Value)
	}
	var all []*dalilv1.Filter
	for i, one := range f.Filters {
		inner, err := one.translate(fmt.Sprintf("%s.filters[%d]", field, i), depth+1)
		if err != nil {
			return nil, err
		}
		if inner != nil {
			all = append(all, inner)
		}
	}
	return joined(all, f.Type == "or"), nil
}
