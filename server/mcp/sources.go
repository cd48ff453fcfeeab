package mcp

import (
	"cmp"
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	dalilv1 "dalil/proto/dalil/v1"
)

// sourcesArguments are the arguments of list_sources.
type sourcesArguments struct {
	Cursor    string `json:"cursor,omitempty" jsonschema:"next_cursor of the previous answer"`
	Limit     int32  `json:"limit,omitempty" jsonschema:"how many documents to list"`
	MaxTokens int    `json:"max_tokens,omitempty" jsonschema:"largest size of the answer, in tokens"`
}

// sources are the totals of the index and a page of its documents.
type sources struct {
	Documents int64            `json:"documents" jsonschema:"number of documents in the index"`
	Passages  int64            `json:"passages" jsonschema:"number of passages in the index"`
	Languages map[string]int64 `json:"languages" jsonschema:"number of documents by language"`
	Sources   []source         `json:"sources"`
	// NextCursor is empty at the end of the list.
	NextCursor string `json:"next_cursor,omitempty"`
	LeftOut    string `json:"left_out,omitempty"`
}

// source is a document of the list.
type source struct {
	ID        string `json:"id" jsonschema:"id of the document, for fetch"`
	Title     string `json:"title"`
	URL       string `json:"url"`
	Language  string `json:"language,omitempty"`
	Source    string `json:"source,omitempty"`
	Published string `json:"published_at,omitempty"`
}

// sourcesNames are the arguments of list_sources by the fields of its request.
var sourcesNames = map[string]string{"page_token": "cursor", "page_size": "limit"}

func (t *tools) addSources(s *mcp.Server) {
	add(s, description{
		name: "list_sources", title: "List articles",
		text:    "List the documents that can be searched, in the order of their ids, with totals by language.",
		numbers: map[string]bounds{"limit": {1, 100, 50}, "max_tokens": tokenBounds},
	}, t.doSources)
}

func (t *tools) doSources(ctx context.Context, in sourcesArguments) (*mcp.CallToolResult, sources, error) {
	answer, err := t.listSources(ctx, in)
	if err != nil {
		return nil, sources{}, failure(err, sourcesNames)
	}
	budget := cmp.Or(in.MaxTokens, DefaultTokens)
	n, err := t.largest(budget, len(answer.Sources), func(n int) any { return answer.first(n, "cursor of this page") })
	if err != nil {
		return nil, sources{}, err
	}
	if n == len(answer.Sources) {
		return nil, answer, nil
	}
	// The page is requested again in the size that fits, because the next one begins at its end. The cursor may cost more
	// than was reckoned with.
	for ; n > 0; n-- {
		in.Limit = int32(n)
		if answer, err = t.listSources(ctx, in); err != nil {
			return nil, sources{}, failure(err, sourcesNames)
		}
		answer = answer.first(len(answer.Sources), answer.NextCursor)
		if cost, err := t.cost(answer); err != nil || cost <= budget {
			return nil, answer, err
		}
	}
	return nil, sources{}, tooSmall(budget)
}

// first keeps n documents and says how to get those that follow.
func (s sources) first(n int, cursor string) sources {
	s.Sources, s.NextCursor = s.Sources[:n], cursor
	if cursor != "" {
		s.LeftOut = fmt.Sprintf("more documents follow; call list_sources with next_cursor as cursor, or with a larger max_tokens (up to %d)", MaxTokens)
	}
	return s
}

func (t *tools) listSources(ctx context.Context, in sourcesArguments) (sources, error) {
	stats, err := t.admin.GetStats(ctx, &dalilv1.GetStatsRequest{})
	if err != nil {
		return sources{}, err
	}
	size := cmp.Or(in.Limit, 50)
	page, err := t.documents.ListDocuments(ctx, &dalilv1.ListDocumentsRequest{PageSize: &size, PageToken: in.Cursor})
	if err != nil {
		return sources{}, err
	}
	answer := sources{
		Documents: int64(stats.GetDocuments()), Passages: int64(stats.GetPassages()), Languages: map[string]int64{},
		Sources: []source{}, NextCursor: page.GetNextPageToken(),
	}
	for language, n := range stats.GetLanguages() {
		answer.Languages[cmp.Or(language, "unknown")] = int64(n)
	}
	for _, d := range page.GetDocuments() {
		answer.Sources = append(answer.Sources, source{
			ID: d.GetDocumentId(), Title: cmp.Or(d.GetTitle(), d.GetDocumentId()), URL: cmp.Or(d.GetUrl(), address(d.GetDocumentId())),
			Language: d.GetLanguage(), Source: d.GetSource(), Published: published(d),
		})
	}
	return answer, nil
}
