package mcp

import (
	"cmp"
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/searcher/snippet"
)

// searchArguments are the arguments of search. The names query, results, id, title and url are those that ChatGPT's
// connectors ask for.
type searchArguments struct {
	Query     string   `json:"query" jsonschema:"a question or a few words, in Arabic or English"`
	Signs     bool     `json:"query_syntax,omitempty" jsonschema:"true: words in quotation marks must stand together, and a minus before a word leaves out what has it; ask for it only if a person wants exactly that"`
	Limit     int32    `json:"limit,omitempty" jsonschema:"how many results to return"`
	Language  []string `json:"language,omitempty" jsonschema:"only documents in these languages, for example ar or en"`
	MaxTokens int      `json:"max_tokens,omitempty" jsonschema:"largest size of the answer, in tokens"`
}

// found are the results of a search.
type found struct {
	Results []result `json:"results"`
	// LeftOut says which results did not fit the budget, and how to get them.
	LeftOut string `json:"left_out,omitempty"`
}

// result is a document with its best passage.
type result struct {
	ID        string `json:"id" jsonschema:"id of the document, for fetch"`
	Title     string `json:"title"`
	URL       string `json:"url"`
	Text      string `json:"text" jsonschema:"the part of the best passage that matches"`
	PassageID string `json:"passage_id" jsonschema:"id of the best passage, for fetch and check_grounding"`
	Language  string `json:"language,omitempty"`
	Published string `json:"published_at,omitempty"`
}

// searchNames are the arguments of search by the fields of its request.
var searchNames = map[string]string{"page_size": "limit", "filter.in.values[0]": "language"}

func (t *tools) addSearch(s *mcp.Server) {
	add(s, description{
		name: "search", title: "Search articles",
		text: "Find the documents whose passages answer a question best. Returns an id, title, address and the matching text of each. Read one with fetch. " +
			"To answer a question, get_context is better: it returns whole passages with citations.",
		numbers: map[string]bounds{"limit": {1, 50, 10}, "max_tokens": tokenBounds},
	}, t.doSearch)
}

func (t *tools) doSearch(ctx context.Context, in searchArguments) (*mcp.CallToolResult, found, error) {
	results, err := t.find(ctx, in)
	if err != nil {
		return nil, found{}, failure(err, searchNames)
	}
	budget := cmp.Or(in.MaxTokens, DefaultTokens)
	for _, most := range []int{maxText, 100, 50} { // a small budget gets shorter texts
		for i := range results {
			results[i].Text = shortened(results[i].Text, most)
		}
		n, err := t.largest(budget, len(results), func(n int) any { return firstResults(results, n) })
		if err != nil {
			return nil, found{}, err
		}
		if n > 0 || len(results) == 0 {
			return nil, firstResults(results, n), nil
		}
	}
	return nil, found{}, tooSmall(budget)
}

// maxText is the length of a result's text, in code points.
const maxText = 200

// shortened cuts a text to at most so many code points, between two words.
func shortened(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return snippet.Cut(text, corpus.Span{}, nil, most-1) + "…"
}

// firstResults keeps the first n results and says what is left out.
func firstResults(results []result, n int) found {
	answer := found{Results: results[:n]}
	if n < len(results) {
		answer.LeftOut = fmt.Sprintf("%d more results did not fit; ask again with a larger max_tokens (up to %d) or a narrower question", len(results)-n, MaxTokens)
	}
	return answer
}

// find reads passages until it has the requested number of documents, or there are no more passages.
func (t *tools) find(ctx context.Context, in searchArguments) ([]result, error) {
	want := int(cmp.Or(in.Limit, 10))
	size := int32(min(2*want, 50))
	request := &dalilv1.SearchRequest{
		Query: in.Query, PageSize: &size, Filter: languageFilter(in.Language), View: dalilv1.View_VIEW_SNIPPET, QuerySyntax: &in.Signs,
	}
	results := []result{}
	seen := map[string]bool{}
	for {
		page, err := t.search.Search(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, p := range page.GetPassages() {
			d := p.GetDocument()
			if seen[d.GetDocumentId()] {
				continue
			}
			seen[d.GetDocumentId()] = true
			results = append(results, resultOf(p))
			if len(results) == want {
				return results, nil
			}
		}
		if request.PageToken = page.GetNextPageToken(); request.PageToken == "" {
			return results, nil
		}
	}
}

func resultOf(p *dalilv1.Passage) result {
	d := p.GetDocument()
	return result{
		ID: d.GetDocumentId(), Title: cmp.Or(d.GetTitle(), d.GetDocumentId()), URL: cmp.Or(d.GetUrl(), address(d.GetDocumentId())),
		Text: p.GetSnippet(), PassageID: p.GetPassageId(), Language: d.GetLanguage(), Published: published(d),
	}
}

// published returns the time of publication by RFC 3339, or nothing.
func published(d *dalilv1.Document) string {
	if d.GetPublishedAt() == nil {
		return ""
	}
	return d.GetPublishedAt().AsTime().Format(time.RFC3339)
}

// languageFilter keeps documents in one of the languages; nil keeps all.
func languageFilter(languages []string) *dalilv1.Filter {
	if len(languages) == 0 {
		return nil
	}
	return &dalilv1.Filter{Clause: &dalilv1.Filter_In{In: &dalilv1.FieldFilter{Field: dalilv1.FilterField_FILTER_FIELD_LANGUAGE, Values: languages}}}
}
