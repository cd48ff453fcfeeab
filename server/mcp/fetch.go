package mcp

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	dalilv1 "dalil/proto/dalil/v1"
)

// fetchArguments are the arguments of fetch; id is the name that ChatGPT's connectors ask for.
type fetchArguments struct {
	ID        string `json:"id" jsonschema:"id of a document or of a passage, from another tool"`
	Offset    int32  `json:"offset,omitempty" jsonschema:"where in the text to begin: next_offset of the previous answer"`
	MaxTokens int    `json:"max_tokens,omitempty" jsonschema:"largest size of the answer, in tokens"`
}

// fetched is a document, or a part of a long one. The names id, title, text, url and metadata are those that ChatGPT's
// connectors ask for.
type fetched struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	URL      string         `json:"url"`
	Metadata map[string]any `json:"metadata,omitempty"`
	Offset   int32          `json:"offset" jsonschema:"where in the document text begins, in bytes of UTF-8"`
	Bytes    int32          `json:"bytes" jsonschema:"size of the whole text, in bytes of UTF-8"`
	// NextOffset is unset at the end of the document.
	NextOffset int32  `json:"next_offset,omitempty" jsonschema:"offset of the text that follows"`
	LeftOut    string `json:"left_out,omitempty"`
}

// fetchNames are the arguments of fetch by the fields of its requests.
var fetchNames = map[string]string{"document_id": "id", "passage_ids[0]": "id"}

func (t *tools) addFetch(s *mcp.Server) {
	add(s, description{
		name: "fetch", title: "Read an article",
		text:    "Read the text of a document. With the id of a passage, the text begins at that passage. A long text is returned in parts: to get the next part, call fetch again with next_offset as offset.",
		numbers: map[string]bounds{"offset": {0, 1 << 30, 0}, "max_tokens": tokenBounds},
	}, t.doFetch)
}

func (t *tools) doFetch(ctx context.Context, in fetchArguments) (*mcp.CallToolResult, fetched, error) {
	document, start, err := t.read(ctx, in.ID, in.Offset)
	if err != nil {
		return nil, fetched{}, failure(err, fetchNames)
	}
	answer := fetched{
		ID: document.GetDocumentId(), Title: cmp.Or(document.GetTitle(), document.GetDocumentId()),
		URL: cmp.Or(document.GetUrl(), address(document.GetDocumentId())), Metadata: metadata(document), Offset: start.from, Bytes: start.bytes,
	}
	if answer.Offset > answer.Bytes {
		return nil, fetched{}, fmt.Errorf("offset: the text has %d bytes, offset is %d", answer.Bytes, answer.Offset)
	}
	budget := cmp.Or(in.MaxTokens, DefaultTokens)
	text := document.GetText()
	build := func(n int) any { return answer.part(text, n) }
	// No token of a text has as many bytes as this.
	n, err := t.largest(budget, min(len(text), 64*budget), build)
	if err != nil {
		return nil, fetched{}, err
	}
	if n < len(text) {
		n = wordEnd(text, n)
	}
	if n == 0 && text != "" {
		return nil, fetched{}, tooSmall(budget)
	}
	return nil, answer.part(text, n), nil
}

// part returns the answer with the first n bytes of text, less the rest of a character, and says where to go on.
func (f fetched) part(text string, n int) fetched {
	for n < len(text) && n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	f.Text = visible(text[:n])
	if end := f.Offset + int32(n); end < f.Bytes {
		f.NextOffset = end
		f.LeftOut = fmt.Sprintf("%d bytes follow; call fetch with offset %d, or with a larger max_tokens (up to %d)", f.Bytes-end, end, MaxTokens)
	}
	return f
}

// wordEnd returns the end of the last whole word in the first n bytes, or n if there is none near.
func wordEnd(text string, n int) int {
	const near = 200
	from := max(0, n-near)
	if i := strings.LastIndexFunc(text[from:n], unicode.IsSpace); i >= 0 && from+i > 0 {
		_, size := utf8.DecodeRuneInString(text[from+i:])
		return from + i + size
	}
	for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
		n--
	}
	return n
}

// place is where a text begins in a document, and the document's size.
type place struct{ from, bytes int32 }

// read returns a document with its text from offset on, at least one page of it. id may be that of a passage, at
// which the text begins if there is no offset.
func (t *tools) read(ctx context.Context, id string, offset int32) (*dalilv1.Document, place, error) {
	document, at, err := t.readDocument(ctx, id, offset)
	if status.Code(err) != codes.NotFound {
		return document, at, err
	}
	passages, other := t.search.GetPassages(ctx, &dalilv1.GetPassagesRequest{PassageIds: []string{id}})
	if other != nil || len(passages.GetPassages()) == 0 {
		return nil, place{}, err // the id is neither of a document nor of a passage
	}
	p := passages.GetPassages()[0]
	return t.readDocument(ctx, p.GetDocument().GetDocumentId(), cmp.Or(offset, p.GetSpan().GetStart()))
}

// readDocument reads the pages of a document's text up to the one that has offset.
func (t *tools) readDocument(ctx context.Context, id string, offset int32) (*dalilv1.Document, place, error) {
	request := &dalilv1.GetDocumentRequest{DocumentId: id}
	for {
		answer, err := t.documents.GetDocument(ctx, request)
		if err != nil {
			return nil, place{}, err
		}
		document, start := answer.GetDocument(), answer.GetTextStart()
		end := start + int32(len(document.GetText()))
		request.TextPageToken = answer.GetNextTextPageToken()
		if offset >= end && request.TextPageToken != "" {
			continue
		}
		at := place{from: offset, bytes: answer.GetTextBytes()}
		skip := min(max(0, offset-start), int32(len(document.GetText())))
		text := document.GetText()[skip:]
		for text != "" && !utf8.RuneStart(text[0]) { // an offset within a character: begin at the next
			text = text[1:]
			at.from++
		}
		document.Text = &text
		return document, at, nil
	}
}

// metadata gathers what is known about a document beside its text.
func metadata(d *dalilv1.Document) map[string]any {
	all := map[string]any{}
	for key, value := range d.GetMetadata() {
		all[key] = value
	}
	set := func(key, value string) {
		if value != "" {
			all[key] = value
		}
	}
	set("language", d.GetLanguage())
	set("author", d.GetAuthor())
	set("source", d.GetSource())
	set("published_at", published(d))
	if len(d.GetTags()) > 0 {
		all["tags"] = d.GetTags()
	}
	return all
}
