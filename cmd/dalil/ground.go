package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type groundCommand struct {
	remote
	filterFlags
	Query    string        `placeholder:"QUESTION" help:"The question that was answered: the answer is checked against its context."`
	Passages []string      `placeholder:"ID,..." help:"Ids of the passages that the answer is checked against; [1] in the answer cites the first one."`
	Timeout  time.Duration `default:"10s" help:"Time to wait for the result, including the start of the server."`
	JSON     bool          `help:"Print the response of CheckGrounding as one JSON object."`
}

func (c *groundCommand) Help() string {
	return "Reads an answer from standard input and prints, for each sentence, how well the passages support it."
}

func (c *groundCommand) Run(ctx context.Context, g *Globals, s streams) error {
	if (c.Query == "") == (len(c.Passages) == 0) {
		return errors.New("give either --query or --passages")
	}
	answer, err := io.ReadAll(io.LimitReader(s.in, 4*corpus.MaxAnswerBytes))
	if err != nil {
		return fmt.Errorf("read the answer from standard input: %w", err)
	}
	filter, err := c.filter()
	if err != nil {
		return err
	}
	request := &dalilv1.CheckGroundingRequest{
		Answer: strings.ToValidUTF8(string(answer), "\uFFFD"), Query: c.Query, PassageIds: c.Passages, Filter: filter,
	}
	checked, err := asked(ctx, &c.remote, g, s, c.Timeout, c.flag, func(ctx context.Context, searches dalilv1.SearchServiceClient) (*dalilv1.CheckGroundingResponse, error) {
		return searches.CheckGrounding(ctx, request, client.WaitForReady())
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, checked)
	}
	return printGrounding(s, checked)
}

// printGrounding prints a claim on each line, and below it what supports it and what
// does not agree.
func printGrounding(s streams, answer *dalilv1.CheckGroundingResponse) error {
	out := bufio.NewWriter(s.out)
	if answer.Support != nil {
		fmt.Fprintf(out, "Support of the whole: %.2f\n", answer.GetSupport())
	} else {
		fmt.Fprintln(out, "No sentence claims anything.")
	}
	for _, id := range answer.GetMissingPassageIds() {
		fmt.Fprintf(out, "Passage %s does not exist.\n", id)
	}
	for _, c := range answer.GetClaims() {
		support := "   -"
		if c.Support != nil {
			support = fmt.Sprintf("%.2f", c.GetSupport())
		}
		fmt.Fprintf(out, "%s  %s\n", support, oneLine(c.GetText()))
		for _, cited := range c.GetCitations() {
			fmt.Fprintf(out, "      [%s] %s\n", cited.GetCitation(), oneLine(cited.GetText()))
		}
		if c.GetCitedWrongly() {
			fmt.Fprintln(out, "      cites another source")
		}
		for _, m := range c.GetMismatches() {
			kind := strings.ToLower(strings.TrimPrefix(m.GetKind().String(), "MISMATCH_KIND_"))
			found := "not in the source"
			if m.GetSourceText() != "" {
				found = "the source has " + oneLine(m.GetSourceText())
			}
			fmt.Fprintf(out, "      %s %s: %s\n", kind, oneLine(m.GetClaimText()), found)
		}
	}
	return out.Flush()
}

// flag names the flag that set a field of the request.
func (c *groundCommand) flag(field string) string {
	root, _, _ := strings.Cut(field, ".")
	root, _, _ = strings.Cut(root, "[")
	switch root {
	case "answer":
		return "the answer"
	case "query":
		return "--query"
	case "passage_ids":
		return "--passages"
	case "filter":
		return c.filterFlag(field)
	}
	return ""
}
