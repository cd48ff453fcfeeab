package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type similarCommand struct {
	Document string `arg:"" optional:"" help:"The id of a document, or - for a text on standard input."`

	remote
	filterFlags
	Passage     string        `placeholder:"ID" help:"Find passages like this passage instead of like a document."`
	Limit       int32         `short:"n" default:"10" help:"Number of passages to print."`
	PerDocument *int32        `placeholder:"N" help:"Print at most this many passages of one document (default 1)."`
	MinDense    *float32      `placeholder:"S" help:"Lowest cosine similarity of a passage in the dense arm, -1 to 1."`
	Timeout     time.Duration `default:"10s" help:"How long to wait for the answer. The wait includes the start of the server."`
	Full        bool          `help:"Print whole passages instead of their best matching part."`
	JSON        bool          `help:"Print the response of FindSimilar as one JSON object."`
}

func (c *similarCommand) Help() string {
	return "Finds passages like a document, a passage or a text, in any language of the index. What it is asked about is not printed."
}

func (c *similarCommand) Run(ctx context.Context, g *Globals, s streams) error {
	request, err := c.request(s)
	if err != nil {
		return err
	}
	answer, err := asked(ctx, &c.remote, g, s, c.Timeout, c.flag, func(ctx context.Context, searches dalilv1.SearchServiceClient) (*dalilv1.FindSimilarResponse, error) {
		return searches.FindSimilar(ctx, request, client.WaitForReady())
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, answer)
	}
	return newRenderer(s, c.Full).answer(&dalilv1.SearchResponse{Passages: answer.GetPassages(), DegradedArms: answer.GetDegradedArms()})
}

func (c *similarCommand) request(s streams) (*dalilv1.FindSimilarRequest, error) {
	if (c.Document == "") == (c.Passage == "") {
		return nil, errors.New("give either the id of a document (or - for a text), or --passage")
	}
	if c.Limit < 1 { // which on the wire means "not given"
		return nil, fmt.Errorf("--limit: must be 1 or more, is %d", c.Limit)
	}
	filter, err := c.filter()
	if err != nil {
		return nil, err
	}
	request := &dalilv1.FindSimilarRequest{
		PageSize: &c.Limit, Filter: filter, MinDenseSimilarity: c.MinDense, PassagesPerDocument: c.PerDocument,
	}
	switch {
	case c.Passage != "":
		request.Like = &dalilv1.FindSimilarRequest_PassageId{PassageId: c.Passage}
	case c.Document == "-":
		text, err := io.ReadAll(io.LimitReader(s.in, 2*corpus.MaxSimilarBytes))
		if err != nil {
			return nil, fmt.Errorf("read the text from standard input: %w", err)
		}
		request.Like = &dalilv1.FindSimilarRequest_Text{Text: string(text)}
	default:
		request.Like = &dalilv1.FindSimilarRequest_DocumentId{DocumentId: c.Document}
	}
	return request, nil
}

// flag names the flag that set a field of the request.
func (c *similarCommand) flag(field string) string {
	switch field {
	case "document_id":
		return "the document's id"
	case "text", "request":
		return "the text"
	case "passage_id":
		return "--passage"
	case "page_size":
		return "--limit"
	case "passages_per_document":
		return "--per-document"
	case "min_dense_similarity":
		return "--min-dense"
	}
	return c.filterFlag(field)
}
