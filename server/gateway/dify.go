package gateway

import (
	"fmt"
	"net/http"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// difyRequest is a request of Dify's external knowledge API.
type difyRequest struct {
	KnowledgeID      string `json:"knowledge_id"`
	Query            string `json:"query"`
	RetrievalSetting struct {
		TopK           *int32  `json:"top_k"`
		ScoreThreshold float64 `json:"score_threshold"`
	} `json:"retrieval_setting"`
	MetadataCondition *struct {
		LogicalOperator string `json:"logical_operator"`
		Conditions      []struct {
			Name               any    `json:"name"` // a name, or a list of names of which one must fit
			ComparisonOperator string `json:"comparison_operator"`
			Value              any    `json:"value"`
		} `json:"conditions"`
	} `json:"metadata_condition"`
}

type difyRecord struct {
	Content  string         `json:"content"`
	Score    float64        `json:"score"`
	Title    string         `json:"title"`
	Metadata map[string]any `json:"metadata"`
}

// Dify's codes of errors. It has none for other errors that occur here, so they have that of HTTP.
const (
	difyMalformed   = 1001 // the credential has no form that is accepted
	difyRefused     = 1002 // it is not valid, or does not allow the call
	difyNoKnowledge = 2001
)

// dify answers Dify's external knowledge API, POST /retrieval. Every knowledge_id is this server's index.
func (g *gateway) dify(a *answer, r *http.Request) {
	var request difyRequest
	names := map[string]string{"page_size": "retrieval_setting.top_k"}
	passages, failed := g.ask(a, r, &request, names, func() (*dalilv1.SearchRequest, float64, error) {
		filter, err := request.filter()
		return &dalilv1.SearchRequest{Query: request.Query, PageSize: request.RetrievalSetting.TopK, Filter: filter}, request.RetrievalSetting.ScoreThreshold, err
	})
	if failed == nil && request.KnowledgeID == "" {
		failed = invalid("knowledge_id", "is missing").status()
	}
	if failed != nil {
		difyError(a, failed)
		return
	}
	records := []difyRecord{}
	for _, p := range passages {
		records = append(records, difyRecord{p.GetText(), p.score, titleOf(p.Passage), shown(p.Passage)})
	}
	writeJSON(a, http.StatusOK, map[string]any{"records": records})
}

func difyError(a *answer, s *status.Status) {
	advise(a.Header(), s)
	code := httpCode(s)
	switch about := detail[*errdetails.ErrorInfo](s).GetMetadata(); {
	case s.Message() == "knowledge_id: is missing":
		code = difyNoKnowledge
	case about[server.CredentialDetail] == "malformed" || about[server.CredentialDetail] == "missing":
		code = difyMalformed
	case s.Code() == codes.Unauthenticated || s.Code() == codes.PermissionDenied:
		code = difyRefused
	}
	writeJSON(a, httpCode(s), map[string]any{"error_code": code, "error_msg": s.Message()})
}

// filter translates the conditions. A condition with several names must be true for one of them.
func (q *difyRequest) filter() (*dalilv1.Filter, error) {
	if q.MetadataCondition == nil {
		return nil, nil
	}
	var all []*dalilv1.Filter
	for i, c := range q.MetadataCondition.Conditions {
		field := fmt.Sprintf("metadata_condition.conditions[%d]", i)
		names, list := c.Name.([]any)
		if !list {
			names = []any{c.Name}
		}
		var either []*dalilv1.Filter
		for _, name := range names {
			key, ok := name.(string)
			if !ok {
				return nil, corpus.Invalid(field+".name", "must be a string or a list of strings")
			}
			filter, err := condition(field, c.ComparisonOperator, key, c.Value)
			if err != nil {
				return nil, err
			}
			either = append(either, filter)
		}
		if len(either) > 0 {
			all = append(all, joined(either, true))
		}
	}
	switch q.MetadataCondition.LogicalOperator {
	case "", "and":
		return joined(all, false), nil
	case "or":
		return joined(all, true), nil
	}
	return nil, corpus.Invalid("metadata_condition.logical_operator", "must be and, or or")
}

// titleOf is the title of a passage's document, or its id.
func titleOf(p *dalilv1.Passage) string {
	if title := p.GetDocument().GetTitle(); title != "" {
		return title
	}
	return p.GetDocumentId()
}
