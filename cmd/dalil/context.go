package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

type contextCommand struct {
	Query []string `arg:"" help:"The question, in Arabic or English."`

	remote
	filterFlags
	historyFlag
	MaxTokens   *int32        `placeholder:"N" help:"Largest number of tokens of the context (default 1000)."`
	Format      string        `enum:"blocks,markdown,xml,search_results" type:"choice" default:"blocks" help:"Format of the context: blocks, markdown, xml, or search_results (content blocks of Claude's API, for citations)."`
	Order       string        `enum:"rank,document,edges" type:"choice" default:"rank" help:"Order of the blocks: rank (best first), document (reading order within a document), or edges (best first and last)."`
	PerDocument *int32        `placeholder:"N" help:"Use at most this many passages of one document."`
	Neighbours  *int32        `placeholder:"N" help:"Add up to this many neighbouring passages on each side, 0 to 5, while there is space (default 1)."`
	MinEvidence string        `enum:"none,weak,sufficient" type:"choice" default:"none" help:"Print an empty context if the evidence for an answer is lower than this: none, weak or sufficient."`
	Timeout     time.Duration `default:"10s" help:"How long to wait for the answer. The wait includes the start of the server."`
	JSON        bool          `help:"Print the response of BuildContext as one JSON object."`
}

// errNoEvidence makes the exit code 3: nothing that was found answers.
var errNoEvidence = errors.New("no evidence")

func (c *contextCommand) Help() string {
	return "Prints the passages that answer a question as a text for the prompt of a language model. The exit code is 3 if no passage answers the question (the evidence is NONE)."
}

func (c *contextCommand) Run(ctx context.Context, g *Globals, s streams) error {
	request, err := c.request()
	if err != nil {
		return err
	}
	if request.History, err = c.turns(s); err != nil {
		return err
	}
	answer, err := asked(ctx, &c.remote, g, s, c.Timeout, c.flag, func(ctx context.Context, searches dalilv1.SearchServiceClient) (*dalilv1.BuildContextResponse, error) {
		return searches.BuildContext(ctx, request, client.WaitForReady())
	})
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(s.out, answer)
	} else {
		err = printContext(s, answer)
	}
	if err == nil && answer.GetEvidence() == dalilv1.Evidence_EVIDENCE_NONE {
		return errNoEvidence
	}
	return err
}

func (c *contextCommand) request() (*dalilv1.BuildContextRequest, error) {
	filter, err := c.filter()
	return &dalilv1.BuildContextRequest{
		Query: strings.Join(c.Query, " "), Filter: filter, MaxTokens: c.MaxTokens, MaxPassagesPerDocument: c.PerDocument, Neighbours: c.Neighbours,
		Order:       dalilv1.ContextOrder(dalilv1.ContextOrder_value["CONTEXT_ORDER_"+strings.ToUpper(c.Order)]),
		Format:      dalilv1.ContextFormat(dalilv1.ContextFormat_value["CONTEXT_FORMAT_"+strings.ToUpper(c.Format)]),
		MinEvidence: dalilv1.Evidence(dalilv1.Evidence_value["EVIDENCE_"+strings.ToUpper(c.MinEvidence)]),
	}, err
}

// flag is what the caller wrote for a field of the request.
func (c *contextCommand) flag(field string) string {
	root, _, _ := strings.Cut(field, ".")
	root, _, _ = strings.Cut(root, "[")
	switch root {
	case "history":
		return "--history: " + field
	case "query":
		return "the question"
	case "max_tokens":
		return "--max-tokens"
	case "max_passages_per_document":
		return "--per-document"
	case "neighbours":
		return "--neighbours"
	case "filter":
		return c.filterFlag(field)
	}
	return field
}

// printContext prints the text to standard output, and what a person should know
// of it to standard error.
func printContext(s streams, answer *dalilv1.BuildContextResponse) error {
	for _, arm := range answer.GetDegradedArms() {
		fmt.Fprintf(s.err, "The %s arm could not answer; the context was made without it.\n", armName(arm))
	}
	out := bufio.NewWriter(s.out)
	if answer.GetText() != "" {
		fmt.Fprintln(out, plain(answer.GetText()))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	evidence := strings.ToLower(strings.TrimPrefix(answer.GetEvidence().String(), "EVIDENCE_"))
	fmt.Fprintf(s.err, "%d tokens (%s), evidence: %s, %s included, %s left out\n", answer.GetTokens(), answer.GetTokenCounter(), evidence,
		counted(len(answer.GetBlocks()), "block"), counted(len(answer.GetDropped()), "candidate"))
	for _, b := range answer.GetBlocks() {
		d := b.GetDocument()
		fmt.Fprintf(s.err, "[%s] %s %s\n", b.GetCitation(), plainName(d.GetDocumentId()), plainName(oneLine(d.GetTitle())))
	}
	return nil
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
